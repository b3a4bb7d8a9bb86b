package dev.spray.operator.resources;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How an object is known as part of a cluster. */
public final class Identity {
  private static final int MAX_LABEL_VALUE = 63;

  /** Labels that pods of one node type share, and by which services select them; modifiable. */
  public static Map<String, String> labels(String cluster, String nodeType) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(RayLabels.CLUSTER, cluster);
    labels.put(RayLabels.NODE_TYPE, nodeType);
    labels.put(RayLabels.IDENTIFIER, labelValue(cluster + "-" + nodeType));
    labels.put(RayLabels.APP_NAME, "kuberay");
    labels.put(RayLabels.CREATED_BY, "kuberay-operator");
    return labels;
  }

  /** Metadata of an object that is deleted with its cluster. */
  static ObjectMeta metadata(RayCluster cluster, String name, Map<String, String> labels) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(cluster.getMetadata().getNamespace())
        .withLabels(labels)
        .withOwnerReferences(List.of(owner(cluster)))
        .build();
  }

  /** Deletes the object with its cluster. */
  public static OwnerReference owner(RayCluster cluster) {
    return new OwnerReferenceBuilder()
        .withApiVersion(cluster.getApiVersion())
        .withKind(cluster.getKind())
        .withName(cluster.getMetadata().getName())
        .withUid(cluster.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }

  /** Whether an object belongs to the cluster with this UID: by its controller, never by labels. */
  public static boolean isOwnedBy(HasMetadata object, String clusterUid) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner ->
            Boolean.TRUE.equals(owner.getController()) && clusterUid.equals(owner.getUid()));
  }

  /** Whether an object belongs to a cluster that had the same name before. */
  public static boolean isLeftBehind(HasMetadata object, RayCluster cluster) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner ->
            isAnotherCluster(owner, cluster)
                && cluster.getMetadata().getName().equals(owner.getName()));
  }

  /** Whether an object belongs to another cluster, whatever its name. */
  public static boolean isOfAnother(HasMetadata object, RayCluster cluster) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> isAnotherCluster(owner, cluster));
  }

  private static boolean isAnotherCluster(OwnerReference owner, RayCluster cluster) {
    return Boolean.TRUE.equals(owner.getController())
        && cluster.getKind().equals(owner.getKind())
        && cluster.getApiVersion().equals(owner.getApiVersion())
        && !cluster.getMetadata().getUid().equals(owner.getUid());
  }

  /**
   * Whether an object is there for any cluster of this name, because it is to outlive each of them:
   * a volume's claim that nobody else owns.
   */
  public static boolean isKeptFor(HasMetadata object, RayCluster cluster) {
    return object instanceof PersistentVolumeClaim
        && object.getMetadata().getOwnerReferences().stream()
            .noneMatch(owner -> Boolean.TRUE.equals(owner.getController()))
        && object.getMetadata().getLabels() != null
        && cluster
            .getMetadata()
            .getName()
            .equals(object.getMetadata().getLabels().get(RayLabels.CLUSTER));
  }

  /** KubeRay's way with a text that is too long for a label, or for the name of a Job. */
  public static String labelValue(String text) {
    return text.length() <= MAX_LABEL_VALUE
        ? text
        : text.substring(text.length() - MAX_LABEL_VALUE).replaceFirst("^[^A-Za-z0-9]", "r");
  }

  private Identity() {}
}
