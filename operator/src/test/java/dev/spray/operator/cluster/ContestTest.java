package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.cluster.Contest.Verdict;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ContestTest {
  private static final Instant START = World.START;

  private final Contest contest = new Contest();

  @Test
  void whatAnotherOperatorLeftIsTakenOver() {
    assertThat(contest.of(cluster(5, "HeadPodReady"), START)).isEmpty();
  }

  @Test
  void aNewClusterIsNoContest() {
    assertThat(contest.of(Clusters.named("demo").build(), START)).isEmpty();
  }

  @Test
  void whoWritesAgainAfterATakeOverIsAtWork() {
    contest.takenOver(cluster(6, "Ready"), START);

    RayCluster again = cluster(7, "HeadPodReady");
    Instant later = START.plusSeconds(60);
    Duration left = Contest.PAUSE.minusSeconds(60);
    assertThat(contest.of(again, later)).contains(new Verdict(left, true));
    assertThat(contest.of(again, later)).as("told once").contains(new Verdict(left, false));
    assertThat(contest.of(again, START.plus(Contest.PAUSE))).as("tried again").isEmpty();
  }

  @Test
  void aCacheThatIsBehindIsNoContest() {
    contest.takenOver(cluster(6, "Ready"), START);

    assertThat(contest.of(cluster(5, "HeadPodReady"), START)).isEmpty();
    assertThat(contest.of(cluster(6, "Ready"), START)).isEmpty();
  }

  /** With a condition as both operators write it, or KubeRay alone. */
  private static RayCluster cluster(int version, String condition) {
    RayCluster cluster =
        Clusters.parse(
            """
            kind: RayCluster
            metadata: {name: demo, resourceVersion: "%d"}
            spec: {}
            status: {conditions: [{type: %s, status: "True"}]}
            """
                .formatted(version, condition),
            Clusters.NAMESPACE);
    return cluster;
  }
}
