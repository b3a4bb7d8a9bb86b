package dev.spray.e2e.takeover;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.runtime.Options;
import dev.spray.operator.runtime.RayOperator;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** KubeRay is at work beside the operator, in whose namespace it has its lease. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class TwoOperatorsTest {
  private static final String KUBERAYS = "ray-operator-leader";
  private static final String OURS = "two-operators-test";
  private static final String LEADING =
      "leader_election_master_status{name=\"%s\"} 1".formatted(OURS);

  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void anOperatorOfAllNamespacesWaitsUntilKubeRayHasStopped(Testbed testbed) {
    lease("kuberay_1");
    RayOperator operator = start(testbed, Set.of());
    playground.apply(Manifests.head("c"));
    Playground.await()
        .during(Duration.ofSeconds(5))
        .until(() -> playground.pods().isEmpty() && !isLeading(operator));

    lease("");
    Playground.await().until(() -> playground.pods().size() == 1 && isLeading(operator));

    lease("kuberay_2");
    Playground.await().until(() -> !isLeading(operator));
  }

  @Test
  void oneThatIsConfinedWorksBesideIt(Testbed testbed) {
    lease("kuberay_1");
    start(testbed, Set.of(playground.namespace()));

    playground.apply(Manifests.head("c"));

    Playground.await().until(() -> playground.pods().size() == 1);
  }

  /** KubeRay doesn't give its lease back. */
  @Test
  void aLeaseThatNobodyHasRenewedForLongIsNobodys(Testbed testbed) {
    lease("kuberay_1", ZonedDateTime.now(ZoneOffset.UTC).minusHours(1));
    RayOperator operator = start(testbed, Set.of());

    Playground.await().until(() -> isLeading(operator));
  }

  private RayOperator start(Testbed testbed, Set<String> namespaces) {
    return playground.startOperator(
        testbed.config(),
        (config, options) ->
            new RayOperator(
                config,
                new Options(
                    namespaces,
                    true,
                    playground.namespace(),
                    OURS,
                    options.identity(),
                    0,
                    0,
                    0,
                    options.signingUrl(),
                    options.shutdownGrace(),
                    options.pods(),
                    options.children(),
                    options.platformConfiguration(),
                    options.decoratesPlain(),
                    options.randomPodDelete(),
                    options.scheduler())));
  }

  private static boolean isLeading(RayOperator operator) {
    URI metrics = URI.create("http://127.0.0.1:%d/metrics".formatted(operator.metricsPort()));
    try (var page = metrics.toURL().openStream()) {
      return new String(page.readAllBytes(), UTF_8).contains(LEADING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void lease(String holder) {
    // It isn't renewed here, and must not seem old.
    lease(holder, ZonedDateTime.now(ZoneOffset.UTC).plusHours(1));
  }

  private void lease(String holder, ZonedDateTime renewed) {
    Lease lease =
        new LeaseBuilder()
            .withNewMetadata()
            .withName(KUBERAYS)
            .withNamespace(playground.namespace())
            .endMetadata()
            .withNewSpec()
            .withHolderIdentity(holder)
            .withLeaseDurationSeconds((int) Duration.ofHours(1).toSeconds())
            .withRenewTime(renewed)
            .endSpec()
            .build();
    var _ = playground.admin().resource(lease).createOr(existing -> existing.update());
  }
}
