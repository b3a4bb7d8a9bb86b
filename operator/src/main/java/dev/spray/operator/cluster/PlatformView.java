package dev.spray.operator.cluster;

import dev.spray.api.platform.Accelerator;
import dev.spray.api.platform.PlatformGroup;
import dev.spray.api.platform.PlatformPodStatus;
import dev.spray.api.platform.PlatformSpec;
import dev.spray.api.platform.PlatformStatus;
import dev.spray.api.platform.ResolvedNote;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.resources.HeadService;
import dev.spray.operator.resources.RayPorts;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What {@code status.platform} says of a cluster; pure. */
final class PlatformView {
  private final RayCluster cluster;
  private final PlatformSpec platform;
  private final ObservedCluster observed;

  private PlatformView(RayCluster cluster, ObservedCluster observed) {
    this.cluster = cluster;
    this.platform = cluster.getSpec().platform();
    this.observed = observed;
  }

  /** Null for a cluster without {@code spec.platform}: it has a plain status. */
  static PlatformStatus of(RayCluster cluster, ObservedCluster observed) {
    return cluster.getSpec().platform() == null ? null : new PlatformView(cluster, observed).told();
  }

  private PlatformStatus told() {
    RayClusterSpec spec = cluster.getSpec();
    Optional<ResolvedNote> note = Completion.note(cluster);
    String host =
        "%s.%s.svc".formatted(HeadService.name(cluster), cluster.getMetadata().getNamespace());
    Optional<WorkspaceView> workspace = WorkspaceView.of(cluster, observed);
    Map<String, String> ports = spec.headGroupSpec().rayStartParams();
    return new PlatformStatus(
        note.map(ResolvedNote::configuration).orElse(null),
        spec.rayVersion(),
        note.map(ResolvedNote::pythonVersion).orElse(null),
        spec.headGroupSpec().template().getSpec().getServiceAccountName(),
        "ray://%s:%s".formatted(host, ports.getOrDefault("ray-client-server-port", "10001")),
        "http://%s:%s".formatted(host, RayPorts.ofDashboard(cluster)),
        workspace.map(WorkspaceView::notebook).orElse(null),
        workspace.map(WorkspaceView::vscode).orElse(null),
        head(spec),
        spec.workerGroupSpecs().stream().map(this::group).toList());
  }

  private PlatformPodStatus head(RayClusterSpec spec) {
    Optional<String> type =
        Optional.ofNullable(platform.head())
            .flatMap(head -> Optional.ofNullable(head.accelerator()))
            .map(Accelerator::type);
    PodTemplateSpec template = spec.headGroupSpec().template();
    return new PlatformPodStatus(
        null,
        null,
        null,
        amount(template, "cpu"::equals),
        amount(template, "memory"::equals),
        type.orElse(null),
        accelerators(template),
        null);
  }

  private PlatformPodStatus group(WorkerGroupSpec group) {
    Optional<PlatformGroup> said =
        platform.groups().stream().filter(g -> group.groupName().equals(g.groupName())).findFirst();
    int ready =
        (int)
            observed.workers(group.groupName()).stream()
                .filter(pod -> pod.isLive() && pod.ready())
                .count();
    return new PlatformPodStatus(
        group.groupName(),
        group.desiredReplicas(),
        ready == 0 ? null : (Integer) ready,
        amount(group.template(), "cpu"::equals),
        amount(group.template(), "memory"::equals),
        said.flatMap(g -> Optional.ofNullable(g.accelerator())).map(Accelerator::type).orElse(null),
        accelerators(group.template()),
        said.map(PlatformGroup::capacityKind).orElse(null));
  }

  private static Quantity accelerators(PodTemplateSpec template) {
    return amount(
        template, resource -> resource.endsWith("gpu") || resource.equals("google.com/tpu"));
  }

  /** Of the Ray container: what it asks for, else its limit. */
  private static Quantity amount(PodTemplateSpec template, Predicate<String> resource) {
    ResourceRequirements resources = Templates.rayContainer(template).getResources();
    return resources == null
        ? null
        : List.of(orEmpty(resources.getRequests()), orEmpty(resources.getLimits())).stream()
            .flatMap(amounts -> amounts.entrySet().stream())
            .filter(entry -> resource.test(entry.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(null);
  }

  private static Map<String, Quantity> orEmpty(Map<String, Quantity> amounts) {
    return amounts == null ? Map.of() : amounts;
  }
}
