package dev.spray.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.faults.FaultRule.Phase;
import dev.spray.e2e.testbed.SimTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The API server dies at a write and stays away; meanwhile etcd is compacted, so that no watch can
 * go on where it was. One at a time: it is everybody's.
 */
@Tag("faults")
@ResourceLock(SimTestbed.PROFILE)
@ExtendWith(SimTestbed.class)
class OutagesTest {
  private KubernetesClient admin;
  private Chronicle chronicle;
  private ReadinessReturned kubelet;
  private FaultRun runs;

  @BeforeEach
  void setUp(Testbed testbed) {
    admin = testbed.client();
    chronicle = new Chronicle(admin);
    kubelet = new ReadinessReturned(admin);
    runs = new FaultRun(testbed, FaultProxy.of(testbed), chronicle);
  }

  @AfterEach
  void tearDown() {
    kubelet.close();
    chronicle.close();
    admin.close();
  }

  @ParameterizedTest(name = "{1}, {0} s, at write {2}, {3}")
  @CsvSource({
    "5, creation of 20, 10, BEFORE",
    "5, scale down, 1, AFTER_COMMIT",
    "20, creation of 20, 4, AFTER_COMMIT",
    "20, pod lost, 1, BEFORE",
    "60, one group replaced by another, 4, AFTER_COMMIT",
  })
  void whatWasBegunIsFinishedWhenTheApiServerIsBack(
      int seconds, String name, int write, Phase phase, Testbed testbed) {
    FaultRule moment = FaultRule.stopAtWrite("moment", write, phase);
    FaultReport report =
        runs.run(
            name.equals("creation of 20")
                ? MoreScenarios.creationOf(20)
                : MoreScenarios.named(name),
            Trouble.of(moment)
                .meanwhile(stage -> {
                  stage.lane().awaitFired(moment.name());
                  testbed.stop("kube-apiserver");
                  stage.lane().release();
                  await(Duration.ofSeconds(seconds));
                  testbed.compact();
                  testbed.start("kube-apiserver");
                }));
    assertThat(report.fired(moment.name())).isEqualTo(1);
  }

  private static void await(Duration outage) {
    Instant end = Instant.now().plus(outage);
    Awaitility.await().atMost(outage.multipliedBy(2)).until(() -> Instant.now().isAfter(end));
  }
}
