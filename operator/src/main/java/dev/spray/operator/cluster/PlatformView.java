package dev.spray.operator.cluster;

import dev.spray.api.HeadPorts;
import dev.spray.api.platform.Accelerator;
import dev.spray.api.platform.PlatformGroup;
import dev.spray.api.platform.PlatformPodStatus;
import dev.spray.api.platform.PlatformSpec;
import dev.spray.api.platform.PlatformStatus;
import dev.spray.api.platform.ResolvedNote;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.RayClusterStatus;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.observe.ImagePull;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.resources.HeadService;
import dev.spray.operator.resources.RayPorts;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** What {@code status.platform} says of a cluster; pure. */
final class PlatformView {
  private final RayCluster cluster;
  private final PlatformSpec platform;
  private final ObservedCluster observed;
  private final Expiry expiry;

  private PlatformView(RayCluster cluster, ObservedCluster observed, Expiry expiry) {
    this.cluster = cluster;
    this.platform = cluster.getSpec().platform();
    this.observed = observed;
    this.expiry = expiry;
  }

  /** Null for a cluster without {@code spec.platform}: it has a plain status. */
  static PlatformStatus of(RayCluster cluster, ObservedCluster observed, Expiry expiry) {
    return cluster.getSpec().platform() == null
        ? null
        : new PlatformView(cluster, observed, expiry).status();
  }

  private PlatformStatus status() {
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
        "ray://%s:%s"
            .formatted(host, ports.getOrDefault("ray-client-server-port", HeadPorts.CLIENT + "")),
        "http://%s:%s".formatted(host, RayPorts.ofDashboard(cluster)),
        workspace.map(WorkspaceView::notebook).orElse(null),
        workspace.map(WorkspaceView::vscode).orElse(null),
        expiry.due().map(due -> Conditions.time(due.at())).orElse(null),
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
        image(template),
        pull(template, told().map(PlatformStatus::head), observed.heads()),
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
        image(group.template()),
        pull(group.template(), told(group), observed.workers(group.groupName())),
        said.map(PlatformGroup::capacityKind).orElse(null));
  }

  /** What was told before. */
  private Optional<PlatformStatus> told() {
    return Optional.ofNullable(cluster.getStatus()).map(RayClusterStatus::platform);
  }

  private Optional<PlatformPodStatus> told(WorkerGroupSpec group) {
    return told().stream()
        .flatMap(platform -> platform.groups().stream())
        .filter(told -> group.groupName().equals(told.groupName()))
        .findFirst();
  }

  private static String image(PodTemplateSpec template) {
    return Templates.rayContainer(template).getImage();
  }

  /** It stays what it was, for the same image: a restart or another pod is no news of it. */
  private static Integer pull(
      PodTemplateSpec template, Optional<PlatformPodStatus> told, List<ObservedPod> pods) {
    String image = image(template);
    return told.filter(before -> Objects.equals(before.image(), image))
        .map(PlatformPodStatus::imagePullSeconds)
        .or(() ->
            pods.stream()
                .filter(pod -> pod.pull().filter(pull -> pull.image().equals(image)).isPresent())
                .min(Comparator.comparing(pod -> pod.created().orElse(Instant.MAX)))
                .flatMap(ObservedPod::pull)
                .map(ImagePull::seconds))
        .orElse(null);
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
