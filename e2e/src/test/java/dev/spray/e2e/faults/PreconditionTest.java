package dev.spray.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Playground.OperatorFactory;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.runtime.BuggyOperators;
import dev.spray.operator.runtime.RayOperator;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A pod is deleted only as the one that was looked at. */
@Tag("faults")
@ResourceLock(ApiTestbed.PROFILE)
@ExtendWith(ApiTestbed.class)
class PreconditionTest {

  @Test
  void aHealthyPodThatTookTheNameOfAFailedOneIsSpared(Testbed testbed) {
    assertThat(survives(testbed, RayOperator::new)).isTrue();
  }

  @Test
  void withoutPreconditionsItWouldNotBe(Testbed testbed) {
    assertThat(survives(testbed, BuggyOperators.deletingWithoutPreconditions())).isFalse();
  }

  /**
   * The operator sees a failed pod, which it replaces when it is ten seconds old. Before that the
   * pod is replaced by a healthy one of its name, of which the operator is told too late.
   */
  private static boolean survives(Testbed testbed, OperatorFactory factory) {
    try (Playground playground = new Playground(testbed);
        FaultLane lane = FaultProxy.of(testbed).lane()) {
      playground.startOperator(lane.through(playground.operatorConfig()), factory);
      playground.apply(Manifests.cluster("c", 1));
      Playground.await().until(() -> playground.workers("c").size() == 1);
      Pod failed = playground.workers("c").getFirst();
      playground.makeFailed(failed);
      Playground.await().until(() -> seen(lane, "pods") >= 3);

      lane.rules(
          FaultRule.of("blind", FaultMatch.events("pods"), FaultAction.holdEvents()),
          FaultRule.of(
              "delete",
              FaultMatch.requests("delete", "pods").nth(1),
              FaultRule.Phase.AFTER_ANSWER,
              FaultAction.holdRequest()));
      playground.admin().resource(failed).withGracePeriod(0).delete();
      Pod healthy = playground.admin().resource(twin(failed)).create();
      playground.makeReady(healthy);
      lane.awaitFired("delete");

      Pod there =
          playground
              .admin()
              .pods()
              .inNamespace(playground.namespace())
              .withName(healthy.getMetadata().getName())
              .get();
      lane.release();
      return there != null && there.getMetadata().getUid().equals(healthy.getMetadata().getUid());
    }
  }

  private static int seen(FaultLane lane, String resource) {
    return lane.report().watches().stream()
        .filter(watch -> watch.resource().equals(resource))
        .mapToInt(FaultReport.Watch::delivered)
        .sum();
  }

  private static Pod twin(Pod pod) {
    return new PodBuilder(pod)
        .withNewMetadata()
        .withName(pod.getMetadata().getName())
        .withNamespace(pod.getMetadata().getNamespace())
        .withLabels(pod.getMetadata().getLabels())
        .withOwnerReferences(pod.getMetadata().getOwnerReferences())
        .endMetadata()
        .withStatus(null)
        .build();
  }
}
