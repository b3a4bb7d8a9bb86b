package dev.spray.operator.cluster;

import static dev.spray.api.raycluster.ConditionTypes.PROVISIONED;
import static dev.spray.api.raycluster.ConditionTypes.READY;
import static dev.spray.api.raycluster.ConditionTypes.RECONCILING;
import static dev.spray.api.raycluster.ConditionTypes.SUSPENDED;
import static dev.spray.api.raycluster.ConditionTypes.SUSPENDING;
import static dev.spray.operator.cluster.ClusterDecisionTest.created;
import static dev.spray.operator.cluster.ClusterDecisionTest.deleted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Plan;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuspensionTest {
  private final World world = new World();

  /** The object as it is stored: its spec changes, its status stays. */
  private RayCluster cluster = cluster("suspend: false");

  @Test
  void theStatusSaysSoBeforeTheFirstPodGoes() {
    settle();

    Plan plan = passWith("suspend: true");

    assertThat(plan.actions()).isEmpty();
    assertThat(plan.lookAgainIn()).isPresent();
    assertThat(isTrue(SUSPENDING)).isTrue();
    assertThat(isTrue(SUSPENDED)).isFalse();
    assertThat(cluster.getStatus().state()).isEqualTo("ready");
  }

  @Test
  void thenAllPodsGoAtOnce() {
    settle();
    passWith("suspend: true");

    Plan plan = world.pass(cluster);

    assertThat(deleted(plan)).hasSize(4).containsExactlyInAnyOrderElementsOf(world.names());
    assertThat(plan.actions())
        .extracting(Action::reason)
        .allMatch(reason -> reason.done().equals("DeletedPod"))
        .allMatch(reason -> reason.why().equals("spec.suspend was set"));
    assertThat(world.pass(cluster).actions()).as("they are waited for").isEmpty();
  }

  @Test
  void withoutPodsItIsSuspended() {
    suspend("suspend: true");

    assertThat(isTrue(SUSPENDING)).isFalse();
    assertThat(isTrue(SUSPENDED)).isTrue();
    assertThat(isTrue(PROVISIONED)).isFalse();
    assertThat(isTrue(READY)).isFalse();
    assertThat(isTrue(RECONCILING)).isFalse();
    assertThat(cluster.getStatus().state()).isEqualTo("suspended");
    assertThat(cluster.getStatus().stateTransitionTimes()).containsOnlyKeys("ready", "suspended");
    assertThat(world.service(cluster)).as("what is beside the pods stays").isNotNull();
    assertThat(world.pass(cluster)).isEqualTo(Plan.NOTHING);
  }

  @Test
  void aClusterThatIsMadeSuspendedIsSoAtOnce() {
    Plan plan = passWith("suspend: true");

    assertThat(plan.actions()).singleElement().isInstanceOf(Action.Apply.class);
    assertThat(isTrue(SUSPENDED)).isTrue();
    assertThat(cluster.getStatus().state()).isEqualTo("suspended");
  }

  @Test
  void itComesBackWhole() {
    suspend("suspend: true");

    Plan plan = passWith("suspend: false");
    assertThat(created(plan)).hasSize(4).startsWith("demo-head");
    assertThat(isTrue(SUSPENDED)).isFalse();
    assertThat(cluster.getStatus().state()).as("until it is ready").isEqualTo("suspended");

    world.settle();
    assertThat(world.pass(cluster)).isEqualTo(Plan.NOTHING);
    assertThat(isTrue(READY)).isTrue();
    assertThat(isTrue(PROVISIONED)).isTrue();
    assertThat(cluster.getStatus().state()).isEqualTo("ready");
  }

  /** Its status may be a pass behind: nothing that it says makes the new pods go again. */
  @Test
  void aPassThatDidNotGetToTheStatusIsRepeated() {
    suspend("suspend: true");
    cluster = cluster("suspend: false", cluster);
    world.carryOut(world.decide(cluster));

    assertThat(world.decide(cluster)).isEqualTo(Plan.NOTHING);
  }

  @Test
  void aSuspensionThatIsTakenBackBeforeItHasBegunIsNone() {
    settle();
    cluster = cluster("suspend: true", cluster);
    world.carryOut(world.decide(cluster));

    assertThat(passWith("suspend: false")).isEqualTo(Plan.NOTHING);
    assertThat(isTrue(SUSPENDING)).isFalse();
  }

  @Test
  void aSuspensionThatHasBegunIsFinishedBeforeTheClusterComesBack() {
    settle();
    passWith("suspend: true");

    assertThat(deleted(passWith("suspend: false"))).hasSize(4);
    assertThat(world.pass(cluster).actions()).isEmpty();
    world.settle();
    Plan finished = world.pass(cluster);
    assertThat(finished.actions()).isEmpty();
    assertThat(finished.lookAgainIn()).isPresent();
    assertThat(isTrue(SUSPENDED)).isTrue();
    assertThat(isTrue(PROVISIONED)).isFalse();
    assertThat(created(world.pass(cluster))).hasSize(4);
  }

  @Test
  void aPodThatTurnsUpInASuspendedClusterGoes() {
    suspend("suspend: true");
    world.worker(cluster, "small", 0, "late");

    assertThat(deleted(world.pass(cluster))).containsExactly("late");
    assertThat(isTrue(SUSPENDED)).isFalse();
    assertThat(isTrue(SUSPENDING)).isTrue();
  }

  @Test
  void aStatusThatSaysBothMakesNoPodGoAndIsPutRight() {
    settle();
    sayBoth();

    assertThat(world.pass(cluster)).isEqualTo(Plan.NOTHING);
    assertThat(isTrue(SUSPENDING)).isFalse();
    assertThat(isTrue(SUSPENDED)).isFalse();
    assertThat(isTrue(READY)).isTrue();
  }

  @Test
  void aStatusThatSaysBothHoldsUpNoSuspension() {
    settle();
    passWith("suspend: true");
    sayBoth();

    assertThat(deleted(world.pass(cluster))).hasSize(4);
    assertThat(isTrue(SUSPENDED)).isFalse();
    world.settle();
    world.pass(cluster);
    assertThat(isTrue(SUSPENDING)).isFalse();
    assertThat(isTrue(SUSPENDED)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"idleSuspend": true}                    | nobody used it, and spec.idleSuspend was set
          {"idleSuspend": true, "platform": {"lifecycle": {"idleTimeout": "8h"}}}  | nobody used it, and spec.idleSuspend was set
          {"idleSuspend": true, "platform": {"lifecycle": {"ttl": "14d"}}}         | nobody used it or its ttl was over, and spec.idleSuspend was set
          {"idleSuspend": true, "suspend": true}   | spec.suspend was set
          {"idleSuspend": false, "suspend": true}  | spec.suspend was set
          """)
  void whatSuspendedItIsTold(String spec, String why) {
    settle();
    passWith(spec);

    assertThat(world.pass(cluster).actions())
        .hasSize(4)
        .allMatch(action -> action.reason().why().equals(why));
  }

  @Test
  void aClusterOnWhichNobodyWorkedComesBackWhenIdleSuspendIsTakenAway() {
    suspend("idleSuspend: true");

    assertThat(created(passWith("idleSuspend: false"))).hasSize(4);
  }

  @Test
  void aSuspendedGroupHasNoPodsAndTheOthersKeepTheirs() {
    cluster = Clusters.named("demo").group("a", 2).group("b", 1).build();
    settle();
    String ending = world.workers("a").get(1);
    world.change(ending, Pods::terminating);
    cluster =
        Clusters.named("demo")
            .status(cluster.getStatus())
            .group("a", 2, "suspend: true")
            .group("b", 1)
            .build();

    Plan plan = world.pass(cluster);

    assertThat(deleted(plan)).containsExactly(world.workers("a").getFirst());
    assertThat(created(plan)).isEmpty();
    assertThat(plan.actions())
        .allMatch(action -> action.reason().done().equals("DeletedWorkerPod"))
        .allMatch(action -> action.reason().why().equals("group a is suspended"));
    world.settle();
    world.pass(cluster);
    assertThat(isTrue(READY)).isTrue();
    assertThat(cluster.getStatus().desiredWorkerReplicas()).isEqualTo(1);
    assertThat(cluster.getStatus().maxWorkerReplicas()).isEqualTo(1_000_000);
  }

  private void settle() {
    world.pass(cluster);
    world.settle();
    world.pass(cluster);
    assertThat(isTrue(READY)).isTrue();
  }

  private void suspend(String spec) {
    settle();
    passWith(spec);
    world.pass(cluster);
    world.settle();
    world.pass(cluster);
  }

  /** As no operator does: KubeRay calls such a status invalid. */
  private void sayBoth() {
    List<Condition> conditions =
        cluster.getStatus().conditions().stream()
            .map(condition ->
                Set.of(SUSPENDING, SUSPENDED).contains(condition.getType())
                    ? new ConditionBuilder(condition).withStatus("True").build()
                    : condition)
            .toList();
    cluster.setStatus(cluster.getStatus().withConditions(conditions));
  }

  private Plan passWith(String spec) {
    cluster = cluster(spec, cluster);
    return world.pass(cluster);
  }

  private boolean isTrue(String type) {
    return Conditions.isTrue(cluster.getStatus().conditions(), type);
  }

  private static RayCluster cluster(String spec) {
    return Clusters.named("demo").group("small", 3).with(spec).build();
  }

  private static RayCluster cluster(String spec, RayCluster stored) {
    return Clusters.named("demo").group("small", 3).with(spec).status(stored.getStatus()).build();
  }
}
