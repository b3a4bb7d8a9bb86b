package dev.spray.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the status of a pod tells of its pull, and when it tells nothing. */
class ImagePullTest {
  private static final String SPEC =
      """
      metadata: {namespace: ns, name: p, uid: u, labels: {}}
      spec:
        initContainers: [{name: wait-gcs-ready, image: ray:1}]
        containers: [{name: ray, image: ray:1}]
      """;

  private static final String STARTED =
      """
      status:
        phase: Running
        startTime: "2026-03-01T12:00:00Z"
        initContainerStatuses:
        - name: wait-gcs-ready
          restartCount: 0
          state:
            terminated: {startedAt: "2026-03-01T12:01:10Z", finishedAt: "2026-03-01T12:01:40Z"}
        containerStatuses:
        - {name: ray, restartCount: 0, state: {running: {startedAt: "2026-03-01T12:01:41Z"}}}
      """;

  @Test
  void isUntilTheFirstContainerWithTheImageStarts() {
    assertThat(pull(SPEC + STARTED)).contains(new ImagePull("ray:1", 70));
  }

  @Test
  void beginsWhereAnotherImagesContainerLetGo() {
    assertThat(pull(SPEC.replaceFirst("ray:1", "tools:1") + STARTED))
        .contains(new ImagePull("ray:1", 1));
  }

  @Test
  void isNotKnownBeforeTheStart() {
    assertThat(pull(SPEC)).isEmpty();
    assertThat(
            pull(SPEC + STARTED.replaceAll("terminated: .*", "waiting: {reason: PodInitializing}")))
        .isEmpty();
    assertThat(pull(SPEC + STARTED.replaceFirst("startTime: .*", "reason: x"))).isEmpty();
  }

  @Test
  void isNotKnownOfAContainerThatCouldNotBeStarted() {
    assertThat(pull(SPEC + STARTED.replace("2026-03-01T12:01:10Z", "1970-01-01T00:00:00Z")))
        .isEmpty();
  }

  @Test
  void isNotKnownAnyMoreAfterARestart() {
    assertThat(pull(SPEC + STARTED.replaceFirst("restartCount: 0", "restartCount: 1"))).isEmpty();
    assertThat(pull(SPEC + STARTED.replace("ray, restartCount: 0", "ray, restartCount: 1")))
        .as("of a later container")
        .contains(new ImagePull("ray:1", 70));
  }

  private static Optional<ImagePull> pull(String pod) {
    return PodReading.of(Serialization.unmarshal(pod, Pod.class)).pull();
  }
}
