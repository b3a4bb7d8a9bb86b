package dev.spray.operator.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.platform.Decoration;
import dev.spray.api.platform.PlatformConfiguration;
import dev.spray.api.platform.PlatformSpec;
import dev.spray.api.platform.Resolution;
import dev.spray.api.platform.Resolve;
import dev.spray.api.platform.ResolvedNote;
import dev.spray.api.platform.UserFields;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.HeadGroupSpec;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.plan.Reason;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a short spec is to be completed, and by what; pure. It is completed before its first pod,
 * and again when {@code spec.platform} changes, but not because the configuration did: what that
 * says of clusters that are there already, it says to nobody.
 */
sealed interface Completion {
  /** Who wrote both would find one of them without effect. */
  String CHOOSE =
      "spec.platform.head and spec.platform.groups don't go with headGroupSpec and"
          + " workerGroupSpecs: choose one side, and remove the other";

  /**
   * There is nothing to write.
   *
   * @param warnings what the user should know of what the platform makes of the cluster
   */
  record Nothing(List<String> warnings) implements Completion {
    Nothing() {
      this(List.of());
    }
  }

  /** It can't be completed; nothing is written. */
  record Refused(List<Problem> problems) implements Completion {}

  /**
   * Fields are to be written.
   *
   * @param fields a RayCluster with these fields alone, and the annotation that remembers them
   * @param groupsGone worker groups that were written before and are no longer wanted
   * @param completed the cluster as it will be
   */
  record Needed(RayCluster fields, Set<String> groupsGone, RayCluster completed, Reason reason)
      implements Completion {}

  static Completion of(RayCluster cluster, PlatformInForce inForce) {
    RayClusterSpec spec = cluster.getSpec();
    if (spec == null || spec.unreadable() != null) {
      return new Nothing();
    }
    if (isPlaced(cluster, inForce) && inForce.configuration().isEmpty()) {
      String problem = "it isn't known where its pods are to lie, " + noConfiguration(inForce);
      // Whoever has a running cluster keeps it, and everything that it does.
      return runs(cluster) || spec.suspended() ? new Nothing(List.of(problem)) : refused(problem);
    }
    if (spec.platform() == null) {
      return new Nothing();
    }
    Optional<ResolvedNote> note = note(cluster);
    boolean complete = spec.headGroupSpec() != null;
    if (!isNoted(cluster) && (complete || !spec.workerGroupSpecs().isEmpty())) {
      return spec.platform().namesPods() ? refused(CHOOSE) : ownGroups(cluster, inForce);
    }
    boolean current = note.filter(n -> hash(cluster).equals(n.platform())).isPresent();
    if (complete && current) {
      // Of the configuration that completed it: another one's would be no news of this cluster.
      return new Nothing(note.get().warnings());
    }
    return inForce
        .configuration()
        .map(configuration -> resolved(cluster, note, configuration))
        .orElseGet(() -> refused("spec.platform can't be completed, " + noConfiguration(inForce)));
  }

  private static String noConfiguration(PlatformInForce inForce) {
    return "as there is no platform configuration: "
        + inForce.problem().orElse("give the operator one");
  }

  /** Whether the platform says of pods whose templates don't where they are to lie. */
  private static boolean isPlaced(RayCluster cluster, PlatformInForce inForce) {
    PlatformSpec platform = cluster.getSpec().platform();
    return !isNoted(cluster)
        && (inForce.decoratesPlain() || (platform != null && platform.placement() != null));
  }

  /**
   * What its new pods get where their templates are silent: a completed cluster's has everything;
   * one's that says where its pods are to lie, that, and what the platform has beside it; any
   * other's what the platform has, if it is for plain clusters, too. Who only gives a cluster more
   * time doesn't have its next pods lie elsewhere.
   */
  static Optional<Decoration> decoration(RayCluster cluster, PlatformInForce inForce) {
    PlatformSpec platform = cluster.getSpec().platform();
    if (isNoted(cluster) || (platform == null && !inForce.decoratesPlain())) {
      return Optional.empty();
    }
    return inForce
        .configuration()
        .map(all -> isPlaced(cluster, inForce) ? all : all.withoutPlacementByDefault())
        .map(all -> new Decoration(platform == null ? PlatformSpec.NOTHING : platform, all));
  }

  private static Completion ownGroups(RayCluster cluster, PlatformInForce inForce) {
    return decoration(cluster, inForce)
        .map(decoration -> {
          List<String> warnings = decoration.warnings(templates(cluster.getSpec()));
          if (decoration.problems().isEmpty()) {
            return new Nothing(warnings);
          }
          // Whoever has a running cluster keeps it when the platform has changed.
          return runs(cluster)
              ? new Nothing(
                  Stream.concat(decoration.problems().stream(), warnings.stream()).toList())
              : refused(String.join("; ", decoration.problems()));
        })
        .orElseGet(Nothing::new);
  }

  /** One that has lost its head for a moment runs, too. */
  private static boolean runs(RayCluster cluster) {
    return Conditions.isTrue(Conditions.of(cluster), ConditionTypes.PROVISIONED)
        || hasHead(cluster);
  }

  private static boolean hasHead(RayCluster cluster) {
    return cluster.getStatus() != null
        && cluster.getStatus().head() != null
        && cluster.getStatus().head().podName() != null
        && !cluster.getStatus().head().podName().isEmpty();
  }

  private static Stream<PodSpec> templates(RayClusterSpec spec) {
    return Stream.concat(
            Stream.ofNullable(spec.headGroupSpec()).map(HeadGroupSpec::template),
            spec.workerGroupSpecs().stream().map(WorkerGroupSpec::template))
        .map(template -> template == null ? null : template.getSpec())
        .filter(Objects::nonNull);
  }

  private static String hash(RayCluster cluster) {
    return ResolvedNote.hash(cluster.getMetadata().getName(), cluster.getSpec().platform());
  }

  /** What the cluster remembers of its completion; empty when it was never completed. */
  static Optional<ResolvedNote> note(RayCluster cluster) {
    return ResolvedNote.read(annotations(cluster).get(ResolvedNote.ANNOTATION));
  }

  /** Any text counts: one that is no note asks for another completion. */
  private static boolean isNoted(RayCluster cluster) {
    return !annotations(cluster).getOrDefault(ResolvedNote.ANNOTATION, "").isEmpty();
  }

  private static Map<String, String> annotations(RayCluster cluster) {
    Map<String, String> annotations = cluster.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  private static Refused refused(String sentence) {
    return new Refused(List.of(new Problem("InvalidRayClusterSpec", sentence)));
  }

  private static Completion resolved(
      RayCluster cluster, Optional<ResolvedNote> note, PlatformConfiguration configuration) {
    PlatformSpec platform = cluster.getSpec().platform();
    UserFields user = UserFields.of(cluster.getSpec(), note.orElse(null));
    Resolution resolution =
        Resolve.of(cluster.getMetadata().getName(), platform, user, configuration);
    if (resolution instanceof Resolution.Refused refused) {
      return new Refused(
          refused.problems().stream()
              .map(sentence -> new Problem("InvalidRayClusterSpec", sentence))
              .toList());
    }
    boolean again = isNoted(cluster);
    Resolution.Resolved resolved = (Resolution.Resolved) resolution;
    if (again && note.isEmpty()) {
      // Nobody knows which of them are the user's; what an apply leaves out, it takes away.
      resolved = resolved.keeping(cluster.getSpec());
    }
    List<WorkerGroupSpec> groups =
        resolved.groups().stream()
            .map(group -> ScaledSince.keep(group, cluster.getSpec(), note))
            .toList();
    ObjectNode fields = SpecFields.of(resolved, groups);
    ObjectMeta own = cluster.getMetadata();
    RayCluster written = new RayCluster();
    written.setMetadata(
        new ObjectMetaBuilder()
            .withName(own.getName())
            .withNamespace(own.getNamespace())
            .withUid(own.getUid())
            // Who has scaled it meanwhile must not be overwritten.
            .withResourceVersion(own.getResourceVersion())
            .addToAnnotations(
                ResolvedNote.ANNOTATION,
                ResolvedNote.of(own.getName(), platform, configuration, resolved).text())
            .build());
    written.setSpec(SpecFields.spec(fields));
    Set<String> gone = groupsGone(cluster.getSpec(), groups, note);
    RayCluster completed = new RayCluster();
    completed.setMetadata(own);
    completed.setSpec(SpecFields.merged(cluster.getSpec(), fields, gone));
    return new Needed(written, gone, completed, reason(isNoted(cluster), configuration));
  }

  /**
   * @param again whether it was completed before
   */
  private static Reason reason(boolean again, PlatformConfiguration configuration) {
    return new Reason(
        "ResolvedPlatform",
        "FailedToResolvePlatform",
        (again ? "spec.platform has changed" : "spec.platform was never completed")
            + "; the platform configuration is "
            + configuration.revision());
  }

  /** Of groups that somebody else has added nothing was noted. */
  private static Set<String> groupsGone(
      RayClusterSpec before, List<WorkerGroupSpec> groups, Optional<ResolvedNote> note) {
    Set<String> wanted =
        groups.stream().map(WorkerGroupSpec::groupName).collect(Collectors.toSet());
    Set<String> noted = note.map(n -> n.groups().keySet()).orElse(Set.of());
    return before.workerGroupSpecs().stream()
        .map(WorkerGroupSpec::groupName)
        .filter(name -> noted.contains(name) && !wanted.contains(name))
        .collect(Collectors.toUnmodifiableSet());
  }
}
