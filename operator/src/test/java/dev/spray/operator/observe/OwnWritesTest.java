package dev.spray.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.operator.Pods;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OwnWritesTest {
  private static final String CLUSTER = "uid-of-cluster";

  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final OwnWrites writes = new OwnWrites(() -> now, Duration.ofSeconds(30));

  @Test
  void aCreatedPodIsSeenBeforeTheWatchShowsIt() {
    writes.created(CLUSTER, pod("a"));

    assertThat(names()).containsExactly("a");
    assertThat(names("b")).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void onceTheWatchHasShownAPodItsWordCounts() {
    writes.created(CLUSTER, pod("a"));

    ObservedPod shown =
        overlay(PodReading.of(Pods.ready(pod("a")))).stream().findFirst().orElseThrow();

    assertThat(shown.ready()).isTrue();
    assertThat(names()).as("the watch showed it, and that it is gone").isEmpty();
  }

  @Test
  void aDeletedPodIsSeenAsEndingUntilItIsGone() {
    writes.deleted(CLUSTER, "uid-a");

    assertThat(overlay(observed("a"), observed("b")))
        .extracting(pod -> pod.name() + " " + pod.terminating())
        .containsExactly("a true", "b false");
    assertThat(overlay(observed("b"))).noneMatch(ObservedPod::terminating);
    assertThat(overlay(observed("a"))).as("it was gone").noneMatch(ObservedPod::terminating);
  }

  @Test
  void whileTheWatchOwesSomethingTheClusterIsLookedAtAgain() {
    assertThat(writes.lookAgainIn(CLUSTER)).isEmpty();

    writes.created(CLUSTER, pod("a"));
    writes.deleted(CLUSTER, "uid-b");
    writes.applied(CLUSTER, service("7"));
    overlay(observed("b"));
    children();
    assertThat(writes.lookAgainIn(CLUSTER)).isPresent();
    assertThat(writes.lookAgainIn("other")).isEmpty();

    overlay(observed("a"), PodReading.of(Pods.terminating(pod("b"))));
    version(service("7"));
    assertThat(writes.lookAgainIn(CLUSTER)).as("all is shown").isEmpty();
  }

  @Test
  void whenTheClusterIsLookedAtAgainTheWriteIsForgotten() {
    writes.created(CLUSTER, pod("a"));

    now = now.plus(writes.lookAgainIn(CLUSTER).orElseThrow()).plusMillis(1);

    assertThat(names()).isEmpty();
    assertThat(writes.lookAgainIn(CLUSTER)).isEmpty();
  }

  @Test
  void aPodThatWasCreatedAndDeletedAtOnceIsEnding() {
    writes.created(CLUSTER, pod("a"));
    writes.deleted(CLUSTER, "uid-a");

    assertThat(overlay()).singleElement().matches(ObservedPod::terminating);
  }

  /** As when somebody deletes it while the pass that made it is still at work. */
  @Test
  void aPodWhoseEndWasShownBeforeItWasSeenIsGone() {
    writes.created(CLUSTER, pod("a"));
    writes.gone(CLUSTER, "uid-a");
    assertThat(names()).isEmpty();
    assertThat(writes.lookAgainIn(CLUSTER)).isEmpty();

    writes.gone(CLUSTER, "uid-b");
    writes.created(CLUSTER, pod("b"));
    assertThat(names()).as("the watch was faster than the answer").isEmpty();
  }

  @Test
  void aNameThatSomebodyElsesPodHasIsRememberedForAWhile() {
    writes.taken(CLUSTER, "a");
    assertThat(writes.taken(CLUSTER)).containsExactly("a");
    assertThat(writes.taken("other")).isEmpty();

    now = now.plusSeconds(31);
    assertThat(writes.taken(CLUSTER)).isEmpty();
  }

  @Test
  void aPodOfTheSameNameButAnotherUidIsAnotherPod() {
    writes.deleted(CLUSTER, "uid-of-predecessor");

    assertThat(overlay(observed("a"))).noneMatch(ObservedPod::terminating);
  }

  @Test
  void writesThatTheWatchNeverShowsAreForgotten() {
    writes.created(CLUSTER, pod("a"));
    writes.deleted(CLUSTER, "uid-b");
    writes.applied(CLUSTER, service("7"));
    now = now.plus(Duration.ofSeconds(29));
    assertThat(overlay(observed("b"))).hasSize(2).anyMatch(ObservedPod::terminating);
    assertThat(children()).hasSize(1);

    now = now.plus(Duration.ofSeconds(2));

    assertThat(overlay(observed("b"))).singleElement().matches(pod -> !pod.terminating());
    assertThat(children()).isEmpty();
  }

  @Test
  void writesOfOneClusterAreNotSeenInAnother() {
    writes.created("other", pod("a"));
    writes.deleted("other", "uid-b");
    writes.applied("other", service("7"));

    assertThat(overlay(observed("b"))).singleElement().matches(pod -> !pod.terminating());
    assertThat(children()).isEmpty();
  }

  @Test
  void anAppliedServiceStandsInForAnOlderOne() {
    writes.applied(CLUSTER, service("10"));

    assertThat(version(service("9"))).isEqualTo("10");
    assertThat(version(service("10"))).isEqualTo("10");
    assertThat(version(service("11"))).isEqualTo("11");
    assertThat(children()).as("the watch showed it, and that it is gone").isEmpty();
  }

  @Test
  void theYoungerOfTwoOwnWritesCounts() {
    writes.applied(CLUSTER, service("10"));
    writes.applied(CLUSTER, service("12"));

    assertThat(version(service("11"))).isEqualTo("12");
  }

  @Test
  void aDeletedChildIsSeenAsEndingUntilItIsGone() {
    writes.applied(CLUSTER, service("10"));
    writes.deletedChild(CLUSTER, service("10"));

    Service cached = service("9");
    assertThat(children(cached)).singleElement().matches(HasMetadata::isMarkedForDeletion);
    assertThat(cached.isMarkedForDeletion()).as("the cache's own object").isFalse();
    assertThat(writes.lookAgainIn(CLUSTER)).isPresent();
    assertThat(children()).isEmpty();
    assertThat(writes.lookAgainIn(CLUSTER)).as("it is gone").isEmpty();
  }

  @Test
  void aChildIsAnotherOneWhenItsKindOrUidIs() {
    writes.deletedChild(CLUSTER, service("10"));
    Service successor = service("11").edit().editMetadata().withUid("new").endMetadata().build();
    assertThat(children(successor)).singleElement().matches(child -> !child.isMarkedForDeletion());

    writes.applied(CLUSTER, service("12"));
    ServiceAccount account =
        new ServiceAccountBuilder().withMetadata(service("3").getMetadata()).build();
    assertThat(children(account)).hasSize(2);
  }

  private List<String> names(String... cached) {
    return overlay(Stream.of(cached).map(OwnWritesTest::observed).toArray(ObservedPod[]::new))
        .stream()
        .map(ObservedPod::name)
        .toList();
  }

  private List<ObservedPod> overlay(ObservedPod... cached) {
    return List.copyOf(writes.overlayPods(CLUSTER, List.of(cached)));
  }

  private Collection<HasMetadata> children(HasMetadata... cached) {
    return writes.overlayChildren(CLUSTER, List.of(cached));
  }

  private String version(Service cached) {
    return children(cached).iterator().next().getMetadata().getResourceVersion();
  }

  private static ObservedPod observed(String name) {
    return PodReading.of(pod(name));
  }

  private static Pod pod(String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withUid("uid-" + name)
        .withResourceVersion("1")
        .withLabels(Map.of(RayLabels.NODE_TYPE, RayLabels.WORKER))
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .build();
  }

  private static Service service(String version) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withName("svc")
        .withUid("uid-svc")
        .withResourceVersion(version)
        .endMetadata()
        .build();
  }
}
