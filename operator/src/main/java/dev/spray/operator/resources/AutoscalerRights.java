package dev.spray.operator.resources;

import dev.spray.api.ClippedName;
import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.IdleTerminationOptions;
import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whom Ray's autoscaler acts as, in the head pod, and what it may do. */
public final class AutoscalerRights {
  private static final String RBAC = "rbac.authorization.k8s.io";

  /**
   * The ServiceAccount of an autoscaled cluster's head pod: the template's, which its user keeps,
   * else one of the cluster's own.
   */
  public static String serviceAccountName(RayCluster cluster) {
    return isNamedByUser(cluster) ? named(cluster) : name(cluster);
  }

  static List<Child> desired(RayCluster cluster) {
    List<Child> children = new ArrayList<>();
    if (!isNamedByUser(cluster)) {
      children.add(Child.of(serviceAccount(cluster), "ServiceAccount for its autoscaler"));
    }
    children.add(Child.of(role(cluster), "Role for its autoscaler"));
    children.add(Child.of(binding(cluster), "RoleBinding for its autoscaler"));
    return children;
  }

  private static ServiceAccount serviceAccount(RayCluster cluster) {
    return new ServiceAccountBuilder()
        .withMetadata(Identity.metadata(cluster, name(cluster), labels(cluster)))
        .build();
  }

  private static Role role(RayCluster cluster) {
    return new RoleBuilder()
        .withMetadata(Identity.metadata(cluster, name(cluster), labels(cluster)))
        .withRules(
            rule("", "pods", "get", "list", "watch", "patch"),
            rule("", "pods/resize", "patch"),
            ownCluster(cluster))
        .build();
  }

  /** RBAC can't tell the pods of one cluster from those of another, but it can tell clusters. */
  private static PolicyRule ownCluster(RayCluster cluster) {
    var idle = cluster.getSpec().idleTerminationOptions();
    boolean mayDelete = idle != null && IdleTerminationOptions.DELETE.equals(idle.policy());
    String[] verbs =
        mayDelete ? new String[] {"get", "patch", "delete"} : new String[] {"get", "patch"};
    return rule("ray.io", "rayclusters", verbs)
        .edit()
        .withResourceNames(cluster.getMetadata().getName())
        .build();
  }

  private static RoleBinding binding(RayCluster cluster) {
    return new RoleBindingBuilder()
        .withMetadata(Identity.metadata(cluster, name(cluster), labels(cluster)))
        .withNewRoleRef()
        .withApiGroup(RBAC)
        .withKind("Role")
        .withName(name(cluster))
        .endRoleRef()
        .addNewSubject()
        .withKind("ServiceAccount")
        .withName(serviceAccountName(cluster))
        .withNamespace(cluster.getMetadata().getNamespace())
        .endSubject()
        .build();
  }

  private static PolicyRule rule(String group, String resource, String... verbs) {
    return new PolicyRuleBuilder()
        .withApiGroups(group)
        .withResources(resource)
        .withVerbs(verbs)
        .build();
  }

  private static Map<String, String> labels(RayCluster cluster) {
    Map<String, String> labels = Identity.labels(cluster.getMetadata().getName(), RayLabels.HEAD);
    labels.remove(RayLabels.NODE_TYPE);
    labels.remove(RayLabels.IDENTIFIER);
    return labels;
  }

  private static String name(RayCluster cluster) {
    return ClippedName.of(cluster.getMetadata().getName());
  }

  private static boolean isNamedByUser(RayCluster cluster) {
    return named(cluster) != null && !named(cluster).isEmpty();
  }

  private static String named(RayCluster cluster) {
    return cluster.getSpec().headGroupSpec().template().getSpec().getServiceAccountName();
  }

  private AutoscalerRights() {}
}
