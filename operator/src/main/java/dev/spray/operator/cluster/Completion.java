package dev.spray.operator.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.platform.Decoration;
import dev.spray.api.platform.PlatformConfiguration;
import dev.spray.api.platform.PlatformSpec;
import dev.spray.api.platform.Resolution;
import dev.spray.api.platform.Resolve;
import dev.spray.api.platform.ResolvedNote;
import dev.spray.api.platform.UserFields;
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
   * @param again whether it was completed before
   */
  record Needed(
      RayCluster fields, Set<String> groupsGone, RayCluster completed, boolean again, Reason reason)
      implements Completion {}

  /** Decides. */
  static Completion of(RayCluster cluster, PlatformInForce inForce) {
    RayClusterSpec spec = cluster.getSpec();
    if (spec == null || spec.unreadable() != null || spec.platform() == null) {
      return new Nothing();
    }
    Optional<ResolvedNote> note = note(cluster);
    boolean complete = spec.headGroupSpec() != null;
    if (!isNoted(cluster) && (complete || !spec.workerGroupSpecs().isEmpty())) {
      return spec.platform().namesPods() ? refused(CHOOSE) : ownGroups(cluster, inForce);
    }
    boolean current =
        note.filter(n -> ResolvedNote.hash(spec.platform()).equals(n.platform())).isPresent();
    if (complete && current) {
      // Of the configuration that completed it: another one's would be no news of this cluster.
      return new Nothing(note.get().warnings());
    }
    return inForce
        .configuration()
        .map(configuration -> resolved(cluster, note, configuration))
        .orElseGet(() ->
            refused(
                "spec.platform can't be completed, as there is no platform configuration: "
                    + inForce.problem().orElse("give the operator one")));
  }

  /**
   * What its new pods get where their templates are silent: a completed cluster's has everything;
   * another one's what its {@code spec.platform} says, and a plain one's what the platform has.
   *
   * @param plainToo whether plain clusters get anything
   */
  static Optional<Decoration> decoration(
      RayCluster cluster, PlatformInForce inForce, boolean plainToo) {
    PlatformSpec platform = cluster.getSpec().platform();
    return isNoted(cluster) || (platform == null && !plainToo)
        ? Optional.empty()
        : inForce
            .configuration()
            .map(configuration ->
                new Decoration(platform == null ? PlatformSpec.NOTHING : platform, configuration));
  }

  private static Completion ownGroups(RayCluster cluster, PlatformInForce inForce) {
    return decoration(cluster, inForce, false)
        .map(decoration ->
            decoration.problems().isEmpty()
                ? new Nothing(decoration.warnings(templates(cluster.getSpec())))
                : refused(String.join("; ", decoration.problems())))
        .orElseGet(Nothing::new);
  }

  private static Stream<PodSpec> templates(RayClusterSpec spec) {
    return Stream.concat(
            Stream.ofNullable(spec.headGroupSpec()).map(HeadGroupSpec::template),
            spec.workerGroupSpecs().stream().map(WorkerGroupSpec::template))
        .map(template -> template == null ? null : template.getSpec())
        .filter(Objects::nonNull);
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
    Resolution resolution = Resolve.of(platform, user, configuration);
    if (resolution instanceof Resolution.Refused refused) {
      return new Refused(
          refused.problems().stream()
              .map(sentence -> new Problem("InvalidRayClusterSpec", sentence))
              .toList());
    }
    Resolution.Resolved resolved = (Resolution.Resolved) resolution;
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
                ResolvedNote.ANNOTATION, ResolvedNote.of(platform, configuration, resolved).text())
            .build());
    written.setSpec(SpecFields.spec(fields));
    Set<String> gone = groupsGone(cluster.getSpec(), groups, note);
    boolean again = isNoted(cluster);
    RayCluster completed = new RayCluster();
    completed.setMetadata(own);
    completed.setSpec(SpecFields.merged(cluster.getSpec(), fields, gone));
    return new Needed(written, gone, completed, again, reason(again, configuration));
  }

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
