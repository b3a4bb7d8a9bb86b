package dev.spray.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What users do first: helm install of the image, then a RayCluster. */
@Tag("real")
@ExtendWith(RealTestbed.class)
class InstallTest {
  private static final Path IMAGE = Testbed.ROOT.resolve("target/sp-ray-operator-image.tar");
  private static final String RELEASE = "install-test";

  @Test
  void installedOperatorMakesACluster(Testbed testbed) {
    assertThat(Files.isRegularFile(IMAGE)).as("the image; `make image` makes it").isTrue();
    var _ =
        Testbed.execute(
            List.of(
                Testbed.ROOT.resolve("testbed/testbed").toString(),
                "load-image",
                IMAGE.toString(),
                "--dir",
                testbed.kubeconfig().getParent().toString()));
    try (Playground playground = new Playground(testbed)) {
      String namespace = playground.namespace();
      try {
        // The CRD is there already, by kubectl: other tests need it too.
        Helm.run(
            testbed,
            "install",
            RELEASE,
            Helm.CHART.toString(),
            "--namespace",
            namespace,
            "--take-ownership",
            "--force-conflicts",
            "--wait",
            "--timeout",
            "10m");
        assertThat(operatorPods(playground)).singleElement().matches(Readiness::isPodReady);

        playground.apply(Manifests.head("first"));
        playground.awaitTrue("first", "Ready");
        assertThat(playground.heads("first")).singleElement().matches(Readiness::isPodReady);
        assertThat(operatorLog(playground)).doesNotContainIgnoringCase("forbidden");
      } finally {
        Helm.run(testbed, "uninstall", RELEASE, "--namespace", namespace, "--ignore-not-found");
      }
      assertThat(playground.heads("first")).as("a cluster outlives its operator").hasSize(1);
    }
  }

  private static List<Pod> operatorPods(Playground playground) {
    return playground
        .admin()
        .pods()
        .inNamespace(playground.namespace())
        .withLabel("app.kubernetes.io/instance", RELEASE)
        .list()
        .getItems();
  }

  private static String operatorLog(Playground playground) {
    return playground
        .admin()
        .pods()
        .inNamespace(playground.namespace())
        .withName(operatorPods(playground).getFirst().getMetadata().getName())
        .getLog();
  }
}
