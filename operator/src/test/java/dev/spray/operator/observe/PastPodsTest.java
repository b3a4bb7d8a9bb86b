package dev.spray.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PastPodsTest {
  private final PastPods pastPods = new PastPods();

  @Test
  void eachClusterHasItsOwn() {
    pastPods.gone("a", "worker-1");
    pastPods.gone("b", "worker-2");

    assertThat(pastPods.of("a")).containsExactly("worker-1");
    assertThat(pastPods.of("c")).isEmpty();
  }

  @Test
  void theOldestAreForgottenWhenThereIsNoRoom() {
    IntStream.rangeClosed(1, 101).forEach(i -> pastPods.gone("a", "worker-" + i));
    assertThat(pastPods.of("a")).hasSize(100).doesNotContain("worker-1");

    IntStream.rangeClosed(1, 1000).forEach(i -> pastPods.gone("cluster-" + i, "worker"));
    assertThat(pastPods.of("a")).isEmpty();
  }
}
