package dev.spray.e2e.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the command line does to clusters that know nothing of the platform. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class PlainClustersTest {
  private Playground playground;
  private SpRayCli spRay;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    playground.startOperator();
    spRay = new SpRayCli(testbed.kubeconfig(), playground.namespace());
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void fromAFileToItsEnd() {
    SpRayCli.Running creating =
        spRay.start("create", "cluster", "mine", "--file", "-", "--cpus-in-head", "2");
    try (var stdin = creating.process().getOutputStream()) {
      stdin.write(
          Manifests.cluster("of-the-file", 1).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    Playground.await().until(() -> playground.pods().size() == 2);
    // What is over before it could be told isn't told.
    Playground.await().until(() -> creating.said().contains("mine: "));
    playground.pods().forEach(playground::makeReady);

    SpRayCli.Result created = creating.result();
    assertThat(created.err()).contains("mine: ").doesNotContain("error");
    assertThat(created.exitCode()).isZero();
    assertThat(created.out())
        .startsWith(
            "Created cluster mine in namespace " + playground.namespace() + "\nsp-ray version ")
        .contains("\nserver ray version      2.60.0\n")
        .contains("\nhead IP                 10.0.0.1\n")
        .contains("\nserver                  ray://10.0.0.1:10001\n")
        .contains(
            "\nworkers                 1\n\nhead group\n  replicas              1\n  CPUs                  2\n")
        .contains("\nworker groups\n    replicas            1\n");

    assertThat(spRay.run("get", "cluster").out())
        .matches("NAME +CREATED +WORKERS\\nmine +[0-9]+ (seconds?|minutes?) ago +1\\n");
    assertThat(spRay.run("get", "nodes", "-c", "mine").out())
        .contains("mine-head")
        .contains("head")
        .contains("Running");
    assertThat(spRay.run("describe", "cluster", "mine").out())
        .contains("\nstatus                  Ready\n")
        .contains("\nnodes\n");

    assertThat(
            spRay
                .run("scale", "cluster", "mine", "--worker-group", "small", "--replicas", "3")
                .out())
        .isEqualTo(
            "Scaled worker group small of cluster mine in namespace %s to 3\n"
                .formatted(playground.namespace()));
    Playground.await().until(() -> playground.workers("mine").size() == 3);

    assertThat(spRay.run("suspend", "cluster", "mine").exitCode()).isZero();
    Playground.await().until(() -> playground.pods().isEmpty());
    playground.awaitTrue("mine", ConditionTypes.SUSPENDED);
    assertThat(spRay.run("get", "clusters", "-o", "wide").out()).contains("Suspended");
    assertThat(spRay.run("resume", "cluster", "mine").exitCode()).isZero();
    Playground.await().until(() -> playground.pods().size() == 4);

    assertThat(spRay.run("delete", "cluster", "mine").out())
        .isEqualTo("Deleted cluster mine from namespace %s\n".formatted(playground.namespace()));
    assertThat(playground.cluster("mine")).isNull();
    assertThat(spRay.run("get", "cluster").err()).contains("No Ray clusters found in namespace");
  }

  @Test
  void whatIsAppliedIsShownBefore() {
    assertThat(spRay.runWith(Manifests.cluster("c", 1), "apply", "-f", "-").exitCode()).isZero();
    assertThat(spRay.runWith(Manifests.cluster("c", 1), "diff", "-f", "-"))
        .isEqualTo(new SpRayCli.Result(0, "", ""));

    SpRayCli.Result difference = spRay.runWith(Manifests.cluster("c", 4), "diff", "-f", "-");
    assertThat(difference.exitCode()).isEqualTo(1);
    assertThat(difference.out()).contains("-    replicas: 1").contains("+    replicas: 4");
    assertThat(playground.cluster("c").getSpec().workerGroupSpecs().getFirst().replicas())
        .isEqualTo(1);

    assertThat(
            spRay.run("update", "cluster", "c", "--workers", "2", "--label", "team=a").exitCode())
        .isZero();
    assertThat(playground.cluster("c").getSpec().workerGroupSpecs().getFirst().replicas())
        .isEqualTo(2);
    assertThat(playground.cluster("c").getMetadata().getLabels()).containsEntry("team", "a");
    assertThat(spRay.run("get", "clusters", "-l", "team=a", "-o", "name").out())
        .isEqualTo("raycluster.ray.io/c\n");
    assertThat(spRay.run("get", "clusters", "-l", "team=b", "-o", "name").out()).isEmpty();
  }

  /** A field that this program doesn't know must survive whatever it does. */
  @Test
  void nothingOfTheObjectIsLostOnTheWay() {
    playground.apply(Manifests.everything("c", 1));
    String before =
        playground.kubectl("", "get", "raycluster", "c", "-o", "jsonpath={.spec}").output();
    assertThat(spRay.run("update", "cluster", "c", "--workers", "1", "--label", "a=b").exitCode())
        .isZero();
    assertThat(playground.kubectl("", "get", "raycluster", "c", "-o", "jsonpath={.spec}").output())
        .isEqualTo(before);
  }
}
