package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Audit;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code kill -9} of the operator in the middle of a creation. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class KilledOperatorTest {
  private static final int WORKERS = 200;

  static Stream<Arguments> moments() {
    return Stream.of(
        moment("before anything exists", playground -> true),
        moment("when the service exists", KilledOperatorTest::hasService),
        moment("when the head exists", playground -> playground.heads("c").size() == 1),
        moment("when some workers exist", playground -> playground.workers("c").size() > 5),
        moment("when most workers exist", playground -> hasPods(playground, 102)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("moments")
  void aClusterIsFinishedByTheNextOperator(
      String when, Predicate<Playground> moment, Testbed testbed) {
    try (Playground playground = new Playground(testbed)) {
      String noElection = "--enable-leader-election=false";
      Process first = playground.startOperatorProcess(noElection);
      playground.apply(Manifests.cluster("c", WORKERS));
      // The next ones are made within tenths of a second.
      Playground.await().pollInterval(Duration.ofMillis(10)).until(() -> moment.test(playground));
      first.destroyForcibly();
      Playground.await().until(() -> !first.isAlive());
      assertThat(playground.workers("c")).as("killed " + when).hasSizeLessThan(WORKERS);

      playground.startOperatorProcess(noElection);
      Playground.await().until(() -> playground.workers("c").size() >= WORKERS);
      playground.pods().forEach(playground::makeReady);
      playground.awaitTrue("c", ConditionTypes.READY);

      assertThat(playground.heads("c")).hasSize(1);
      assertThat(playground.workers("c"))
          .extracting(pod -> pod.getMetadata().getLabels().get(RayLabels.REPLICA_INDEX))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, WORKERS).mapToObj(String::valueOf).toList());
      // Those that are there are all that ever were: none was created twice.
      assertThat(Audit.requests(testbed, playground))
          .noneMatch(request -> request.verb().startsWith("delete"));
    }
  }

  private static Arguments moment(String when, Predicate<Playground> moment) {
    return Arguments.of(when, moment);
  }

  /** Reads one of them, and how many more there are: it has to be quick. */
  private static boolean hasPods(Playground playground, long number) {
    var first = new ListOptionsBuilder().withLimit(1L).build();
    Long more =
        playground
            .admin()
            .pods()
            .inNamespace(playground.namespace())
            .list(first)
            .getMetadata()
            .getRemainingItemCount();
    return more != null && more + 1 >= number;
  }

  private static boolean hasService(Playground playground) {
    return playground
            .admin()
            .services()
            .inNamespace(playground.namespace())
            .withName("c-head-svc")
            .get()
        != null;
  }
}
