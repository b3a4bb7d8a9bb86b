package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.EventNote;
import dev.spray.operator.plan.Outcome;
import dev.spray.operator.plan.Reason;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterEventsTest {

  @Test
  void nothingDoneIsNothingTold() {
    assertThat(ClusterEvents.of(List.of(), List.of())).isEmpty();
  }

  /** Part of the API budget: three Events, however many workers. */
  @Test
  void aNewClusterTakesThreeEvents() {
    RayCluster cluster = Clusters.named("demo").group("small", 40).group("large", 2).build();
    List<Outcome> outcomes =
        new World().decide(cluster).actions().stream().map(Outcome::done).toList();

    List<EventNote> notes = ClusterEvents.of(outcomes, List.of());

    assertThat(notes)
        .extracting(EventNote::reason)
        .containsExactly("CreatedService", "CreatedHeadPod", "CreatedWorkerPod");
    assertThat(notes).allMatch(note -> !note.warning() && note.action().equals("Create"));
    assertThat(notes.get(0).note()).isEqualTo("demo-head-svc: the cluster has no head service");
    assertThat(notes.get(1).note()).isEqualTo("demo-head: the cluster has no head pod");
    assertThat(notes.get(2).note())
        .endsWith(
            " and 37 others: group small wants 40 workers and has 0;"
                + " group large wants 2 workers and has 0");
  }

  @Test
  void upToFiveNamesAreTold() {
    assertThat(note(deletions(5)).note()).isEqualTo("pod-0, pod-1, pod-2, pod-3, pod-4: why");
    assertThat(note(deletions(6)).note())
        .isEqualTo("pod-0, pod-1, pod-2, pod-3, pod-4 and 1 others: why");
    assertThat(note(deletions(1)))
        .isEqualTo(new EventNote(false, "DeletedWorkerPod", "Delete", "pod-0: why"));
  }

  @Test
  void successAndFailureAreToldApart() {
    List<Outcome> outcomes = new ArrayList<>(deletions(2));
    outcomes.add(failed("pod-x", Outcome.Kind.REFUSED, "exceeded quota"));
    outcomes.add(failed("pod-y", Outcome.Kind.REFUSED, "exceeded quota"));

    assertThat(ClusterEvents.of(outcomes, List.of()))
        .containsExactly(
            new EventNote(false, "DeletedWorkerPod", "Delete", "pod-0, pod-1: why"),
            new EventNote(
                true, "FailedToDeleteWorkerPod", "Delete", "pod-x, pod-y: exceeded quota (why)"));
  }

  @Test
  void whatPassesByItselfIsNotTold() {
    assertThat(ClusterEvents.of(List.of(failed("pod", Outcome.Kind.TRANSIENT, "busy")), List.of()))
        .isEmpty();
  }

  /** A quota that says no every fifteen seconds makes one Event, not thousands. */
  @Test
  void aFailureThatStandsInTheStatusIsNotToldAgain() {
    List<Outcome> refused = List.of(failed("pod", Outcome.Kind.REFUSED, "exceeded quota"));

    assertThat(ClusterEvents.of(refused, List.of(replicaFailure("exceeded quota")))).isEmpty();
    assertThat(ClusterEvents.of(refused, List.of(replicaFailure("something else")))).hasSize(1);
  }

  /** Of several groups that are refused, each for its own reason. */
  @Test
  void noFailureThatStandsInTheStatusIsToldAgain() {
    List<Outcome> refused =
        List.of(
            failed("a", Outcome.Kind.REFUSED, "no CPUs for a"),
            failed("b", Outcome.Kind.REFUSED, "no GPUs for b"),
            failed("c", Outcome.Kind.INVALID, "never ".repeat(1000)));
    RayCluster cluster = Clusters.named("demo").build();
    var status = ClusterStatus.of(cluster, World.settled(cluster).observed(), refused, World.START);

    assertThat(ClusterEvents.of(refused, List.of())).hasSize(1);
    assertThat(ClusterEvents.of(refused, status.conditions())).isEmpty();
    assertThat(status.reason()).startsWith("no CPUs for a; no GPUs for b; never");
  }

  @Test
  void anUpdateIsCalledOne() {
    RayCluster cluster = Clusters.named("demo").serviceType("LoadBalancer").build();
    World world = World.settled(cluster);
    List<Outcome> outcomes =
        world
            .decide(Clusters.named("demo").with("headServiceAnnotations: {a: b}").build())
            .actions()
            .stream()
            .map(Outcome::done)
            .toList();

    assertThat(note(outcomes))
        .isEqualTo(
            new EventNote(
                false,
                "UpdatedService",
                "Update",
                "demo-head-svc: the head service is not as wanted"));
  }

  @Test
  void allProblemsOfASpecAreOneWarning() {
    List<Problem> problems =
        List.of(new Problem("Invalid", "change this"), new Problem("Invalid", "and that"));

    assertThat(ClusterEvents.ofProblems(problems, List.of()))
        .containsExactly(new EventNote(true, "Invalid", "Validate", "change this; and that"));
  }

  @Test
  void problemsThatStandInTheStatusHaveHadTheirEvent() {
    Condition stalled =
        new ConditionBuilder()
            .withType("Stalled")
            .withStatus("True")
            .withMessage("change this")
            .build();

    assertThat(
            ClusterEvents.ofProblems(
                List.of(new Problem("Invalid", "change this")), List.of(stalled)))
        .isEmpty();
    assertThat(
            ClusterEvents.ofProblems(List.of(new Problem("Invalid", "and that")), List.of(stalled)))
        .hasSize(1);
  }

  @Test
  void warningsAreOneEventUntilTheyStandInTheStatus() {
    RayCluster cluster =
        Clusters.named("demo")
            .group("small", 1, "template: {spec: {restartPolicy: Always}}")
            .group("large", 1)
            .with("enableInTreeAutoscaling: true\nautoscalerOptions: {version: v1}")
            .build();
    List<String> warnings = AutoscalerProblems.warnings(cluster.getSpec());

    var _ = new World().pass(cluster);
    List<Condition> after = cluster.getStatus().conditions();
    assertThat(ClusterEvents.ofWarnings(warnings, List.of(), after))
        .containsExactly(
            new EventNote(
                true,
                "InvalidRayClusterSpec",
                "Validate",
                "spec.workerGroupSpecs[small].template.spec.restartPolicy is Always, and autoscaler"
                    + " v1 never gives back a worker whose container was started again: set it to"
                    + " Never"));
    assertThat(Conditions.isTrue(after, ConditionTypes.STALLED)).isFalse();
    assertThat(ClusterEvents.ofWarnings(warnings, after, after)).isEmpty();
    assertThat(ClusterEvents.ofWarnings(warnings, List.of(), List.of()))
        .as("something else stands in their place")
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"v1, Never", "v1, ''", "v2, Always"})
  void ofNothingElseIsWarned(String version, String policy) {
    RayCluster cluster =
        Clusters.named("demo")
            .group("small", 1, "template: {spec: {restartPolicy: '%s'}}".formatted(policy))
            .with(
                "enableInTreeAutoscaling: true\nautoscalerOptions: {version: %s}"
                    .formatted(version))
            .build();

    assertThat(AutoscalerProblems.warnings(cluster.getSpec())).isEmpty();
    assertThat(ClusterEvents.ofWarnings(List.of(), List.of(), List.of())).isEmpty();
  }

  private static EventNote note(List<Outcome> outcomes) {
    List<EventNote> notes = ClusterEvents.of(outcomes, List.of());
    assertThat(notes).hasSize(1);
    return notes.getFirst();
  }

  private static List<Outcome> deletions(int count) {
    return IntStream.range(0, count).mapToObj(i -> Outcome.done(deletion("pod-" + i))).toList();
  }

  private static Outcome failed(String pod, Outcome.Kind kind, String message) {
    return Outcome.failed(deletion(pod), new Outcome.Failure(kind, message));
  }

  private static Action deletion(String pod) {
    return new Action.DeletePod(
        "playground",
        pod,
        "uid",
        "1",
        Optional.empty(),
        new Reason("DeletedWorkerPod", "FailedToDeleteWorkerPod", "why"));
  }

  private static Condition replicaFailure(String message) {
    return new ConditionBuilder()
        .withType(ConditionTypes.REPLICA_FAILURE)
        .withStatus("True")
        .withMessage(message)
        .build();
  }
}
