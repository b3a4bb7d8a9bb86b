package dev.spray.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.raycluster.HeadGroupSpec;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.RayClusterStatus;
import dev.spray.api.raycluster.ScaleStrategy;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.resources.ChildSettings;
import dev.spray.operator.resources.Children;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** RayClusters for tests: a head alone, and what a test adds to it. */
public final class Clusters {
  public static final String NAMESPACE = "playground";
  public static final String UID = "0b5c1c3e-7a55-4f6e-9d53-6a8f3d0c1f11";

  private static final JsonMapper JSON = JsonMapper.builder().defaultMergeable(true).build();

  private final String name;
  private final List<WorkerGroupSpec> groups = new ArrayList<>();
  private final List<String> more = new ArrayList<>();
  private String rayVersion = "2.60.0";
  private String serviceType;
  private Map<String, String> headParams = Map.of();
  private PodTemplateSpec headTemplate = template(container("ray-head", "2", "4Gi"));
  private Map<String, String> annotations = Map.of();
  private RayClusterStatus status;
  private long generation = 1;

  private Clusters(String name) {
    this.name = name;
  }

  public static Clusters named(String name) {
    return new Clusters(name);
  }

  /** The first RayCluster of a YAML text, placed in a namespace and given a UID. */
  public static RayCluster parse(String yaml, String namespace) {
    for (String document : yaml.split("(?m)^---\\s*$", -1)) {
      if (document.contains("kind: RayCluster")) {
        RayCluster cluster = Serialization.unmarshal(document, RayCluster.class);
        cluster.getMetadata().setNamespace(namespace);
        cluster.getMetadata().setUid(UID);
        cluster.getMetadata().setGeneration(1L);
        return cluster;
      }
    }
    throw new IllegalArgumentException("no RayCluster in " + yaml);
  }

  public Clusters group(String groupName, int replicas) {
    return group(groupName, 0, replicas, 1_000_000);
  }

  public Clusters group(String groupName, int min, int replicas, int max, String... toDelete) {
    PodTemplateSpec template = template(container("ray-worker", "500m", "1Gi"));
    return group(
        new WorkerGroupSpec(
            groupName,
            replicas,
            min,
            max,
            null,
            toDelete.length == 0 ? null : new ScaleStrategy(List.of(toDelete)),
            template));
  }

  public Clusters group(WorkerGroupSpec group) {
    groups.add(group);
    return this;
  }

  public Clusters rayVersion(String version) {
    rayVersion = version;
    return this;
  }

  public Clusters serviceType(String type) {
    serviceType = type;
    return this;
  }

  public Clusters headParams(Map<String, String> params) {
    headParams = params;
    return this;
  }

  public Clusters head(PodTemplateSpec template) {
    headTemplate = template;
    return this;
  }

  public Clusters head(UnaryOperator<ContainerBuilder> rayContainer) {
    ContainerBuilder container = new ContainerBuilder(container("ray-head", "2", "4Gi"));
    return head(template(rayContainer.apply(container).build()));
  }

  public Clusters annotations(Map<String, String> values) {
    annotations = values;
    return this;
  }

  public Clusters status(RayClusterStatus value) {
    status = value;
    return this;
  }

  public Clusters generation(long value) {
    generation = value;
    return this;
  }

  /** Adds fields to the spec, as a user would write them; what they don't name stays. */
  public Clusters with(String yaml) {
    more.add(yaml);
    return this;
  }

  /** A group with more fields, as a user would write them. */
  public Clusters group(String groupName, int replicas, String yaml) {
    Clusters alone = named(name).group(groupName, replicas);
    return group(merged(alone.groups.getFirst(), yaml, WorkerGroupSpec.class));
  }

  public RayCluster build() {
    RayClusterSpec spec =
        spec(rayVersion, new HeadGroupSpec(serviceType, headParams, headTemplate), groups);
    for (String yaml : more) {
      spec = merged(spec, yaml, RayClusterSpec.class);
    }
    return build(spec);
  }

  private static <T> T merged(T value, String yaml, Class<T> type) {
    try {
      ObjectNode tree = JSON.valueToTree(value);
      JSON.readerForUpdating(tree).readValue(Serialization.unmarshal(yaml, JsonNode.class));
      return JSON.treeToValue(tree, type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static RayClusterSpec spec(
      String rayVersion, HeadGroupSpec head, List<WorkerGroupSpec> groups) {
    return new RayClusterSpec(rayVersion, head, groups);
  }

  /** With this spec, whatever was said before. */
  public RayCluster build(RayClusterSpec spec) {
    RayCluster cluster = new RayCluster();
    cluster.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace(NAMESPACE)
            .withUid(UID)
            .withGeneration(generation)
            .withAnnotations(annotations)
            .build());
    cluster.setSpec(spec);
    cluster.setStatus(status);
    return cluster;
  }

  /** As the operator wants it by default. */
  public static Service headService(RayCluster cluster) {
    return (Service)
        Children.desired(cluster, List.of(), ChildSettings.DEFAULT).getFirst().object();
  }

  public static PodTemplateSpec template(Container... containers) {
    return new PodTemplateSpecBuilder().withNewSpec().withContainers(containers).endSpec().build();
  }

  /** A container whose requests and limits are the same. */
  public static Container container(String name, String cpu, String memory) {
    Map<String, Quantity> size = Map.of("cpu", new Quantity(cpu), "memory", new Quantity(memory));
    return new ContainerBuilder()
        .withName(name)
        .withImage("rayproject/ray:2.60.0")
        .withNewResources()
        .withRequests(size)
        .withLimits(size)
        .endResources()
        .build();
  }
}
