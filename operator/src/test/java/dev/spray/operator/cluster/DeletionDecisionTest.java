package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.EventNote;
import dev.spray.operator.plan.Outcome;
import dev.spray.operator.plan.Plan;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeletionDecisionTest {
  private static final String OTHER = "example.com/wait";

  @Test
  void aClusterThatNobodyUsedIsLetGo() {
    RayCluster cluster = cluster(true, OTHER, RayLabels.IDLE_FINALIZER);

    Plan plan = decide(cluster);

    assertThat(plan.actions())
        .singleElement()
        .isInstanceOfSatisfying(
            Action.RemoveFinalizer.class,
            remove -> assertThat(remove.finalizer()).isEqualTo(RayLabels.IDLE_FINALIZER));
    assertThat(ClusterEvents.of(plan.actions().stream().map(Outcome::done).toList(), List.of()))
        .containsExactly(
            new EventNote(
                false,
                "DeletedIdleRayCluster",
                "Cleanup",
                "ray.io/idle-termination-cleanup-finalizer: nobody used the cluster for 600 s, and"
                    + " Ray's autoscaler deleted it"));
  }

  /** Ray's autoscaler adds it first and deletes then, or changes its mind. */
  @Test
  void aClusterThatIsNotDeletedYetKeepsItsFinalizer() {
    assertThat(decide(cluster(false, RayLabels.IDLE_FINALIZER))).isEqualTo(Plan.NOTHING);
  }

  @Test
  void theFinalizersOfOthersAreLeftAlone() {
    assertThat(decide(cluster(true, OTHER))).isEqualTo(Plan.NOTHING);
    assertThat(decide(cluster(true))).isEqualTo(Plan.NOTHING);
  }

  /** Its spec may be gone or unreadable: it must not stay for that. */
  @Test
  void aClusterWithoutASpecIsLetGo() {
    RayCluster cluster = cluster(true, RayLabels.IDLE_FINALIZER);
    cluster.setSpec(null);

    assertThat(decide(cluster).actions()).hasSize(1);
  }

  private static Plan decide(RayCluster cluster) {
    return DeletionDecision.decide(cluster, new World().observed(), World.START, World.SETTINGS);
  }

  private static RayCluster cluster(boolean deleted, String... finalizers) {
    RayCluster cluster =
        Clusters.named("demo")
            .with("idleTerminationOptions: {timeoutSeconds: 600, policy: Delete}")
            .build();
    cluster.getMetadata().setFinalizers(List.of(finalizers));
    cluster.getMetadata().setDeletionTimestamp(deleted ? "2026-03-01T12:00:00Z" : null);
    return cluster;
  }
}
