package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Audit;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clusters that somebody else takes care of. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class ManagedByTest {

  @Test
  void nothingAtAllIsWrittenAboutThem(Testbed testbed) {
    try (Playground playground = new Playground(testbed)) {
      playground.startOperator();
      playground.apply(Manifests.cluster("theirs", 2) + "  managedBy: kueue.x-k8s.io/multikueue\n");
      playground.apply(Manifests.cluster("ours", 1) + "  managedBy: ray.io/kuberay-operator\n");
      Playground.await().until(() -> playground.workers("ours").size() == 1);
      // Another generation of it, and whatever comes of that, before one of ours is settled.
      playground.apply(Manifests.cluster("theirs", 3) + "  managedBy: kueue.x-k8s.io/multikueue\n");
      playground.apply(Manifests.cluster("ours", 2) + "  managedBy: ray.io/kuberay-operator\n");
      Playground.await().until(() -> playground.workers("ours").size() == 2);

      assertThat(playground.workers("theirs")).isEmpty();
      assertThat(playground.heads("theirs")).isEmpty();
      assertThat(playground.cluster("theirs").getStatus()).isNull();
      assertThat(Audit.requests(testbed, playground))
          .isNotEmpty()
          .noneMatch(request -> request.name().startsWith("theirs"));
    }
  }
}
