package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A head that nobody ends: there is no kubelet here, as on a node that is dead or cut off. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class LostHeadTest {
  /** More than the grace period of the head, less than anybody waits for its node. */
  private static final Duration LONGER_THAN_DUE = Duration.ofSeconds(5);

  @Test
  void isWaitedForWhileItsNodeExistsAndReplacedWhenThatIsGone(Testbed testbed) {
    try (Playground playground = new Playground(testbed)) {
      Node node = node(playground);
      playground.startOperator();
      playground.apply(Manifests.cluster("c", 0));
      Playground.await().until(() -> playground.heads("c").size() == 1);
      Pod head = playground.heads("c").getFirst();
      bind(playground, head, node);

      playground.admin().resource(head).withGracePeriod(1).delete();
      Playground.await()
          .during(LONGER_THAN_DUE)
          .until(() -> uids(playground), List.of(uid(head))::equals);
      playground.admin().resource(node).delete();

      Playground.await()
          .until(() -> uids(playground), heads -> heads.size() == 1 && !heads.contains(uid(head)));
      assertThat(playground.heads("c").getFirst().getMetadata().getName()).isEqualTo("c-head");
      Playground.await()
          .untilAsserted(() -> assertThat(playground.eventReasons()).contains("DeletedHeadPod"));
    }
  }

  private static Node node(Playground playground) {
    return playground
        .admin()
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName("node-" + playground.namespace())
                .endMetadata()
                .build())
        .create();
  }

  /** Plays the scheduler. */
  private static void bind(Playground playground, Pod pod, Node node) {
    var _ =
        playground
            .admin()
            .bindings()
            .inNamespace(playground.namespace())
            .resource(
                new BindingBuilder()
                    .withNewMetadata()
                    .withName(pod.getMetadata().getName())
                    .endMetadata()
                    .withNewTarget()
                    .withKind("Node")
                    .withName(node.getMetadata().getName())
                    .endTarget()
                    .build())
            .create();
  }

  /** Of the heads at one moment. */
  private static List<String> uids(Playground playground) {
    return playground.heads("c").stream().map(LostHeadTest::uid).toList();
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }
}
