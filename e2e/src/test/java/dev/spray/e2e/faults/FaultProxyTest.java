package dev.spray.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.spray.e2e.faults.FaultRule.Phase;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The fault proxy does what the suites rely on, with the client that the operator uses. */
@Tag("api")
@ResourceLock(ApiTestbed.PROFILE)
@ExtendWith(ApiTestbed.class)
class FaultProxyTest {

  @Test
  void theAnswerToACreationIsLost(Testbed testbed) {
    FaultProxy proxy = FaultProxy.of(testbed);
    FaultMatch creation = FaultMatch.requests("create", "configmaps").nth(2);
    FaultRule lost = FaultRule.of("lost", creation, Phase.AFTER_COMMIT, FaultAction.cut());
    try (Playground playground = new Playground(testbed);
        FaultLane lane = proxy.lane(lost);
        KubernetesClient client = client(proxy, lane, playground)) {
      create(client, "a");
      assertThatThrownBy(() -> create(client, "b")).isInstanceOf(KubernetesClientException.class);
      create(client, "c");

      assertThat(exists(playground, "b")).isTrue();
      assertThat(lane.report().log())
          .extracting(FaultReport.Write::name, FaultReport.Write::code, FaultReport.Write::answer)
          .containsExactly(tuple("a", 201, 201), tuple("b", 201, 0), tuple("c", 201, 201));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientIsKilledAtAWrite(Phase phase, Testbed testbed) {
    FaultProxy proxy = FaultProxy.of(testbed);
    try (Playground playground = new Playground(testbed);
        FaultLane lane = proxy.lane(FaultRule.stopAtWrite("kill", 2, phase))) {
      try (KubernetesClient client = client(proxy, lane, playground)) {
        create(client, "a");
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> create(client, "b"));
        assertThat(lane.awaitFired("kill").frozen()).isTrue();
        assertThat(exists(playground, "b")).isEqualTo(phase != Phase.BEFORE);
        if (phase == Phase.AFTER_ANSWER) {
          second.join();
        } else {
          assertThat(second).isNotDone();
        }
      }
      lane.bury();
      try (KubernetesClient next = client(proxy, lane, playground)) {
        create(next, "c");
      }
      assertThat(exists(playground, "b")).isEqualTo(phase != Phase.BEFORE);
      assertThat(exists(playground, "c")).isTrue();
    }
  }

  @Test
  void aTooBusyServerIsSaidSo(Testbed testbed) {
    FaultProxy proxy = FaultProxy.of(testbed);
    FaultAction busy = FaultAction.respond(429).retryAfter(1);
    try (Playground playground = new Playground(testbed);
        FaultLane lane = proxy.lane(FaultRule.of("busy", FaultMatch.write(1), Phase.BEFORE, busy));
        KubernetesClient client = client(proxy, lane, playground)) {
      assertThatThrownBy(() -> create(client, "a"))
          .isInstanceOfSatisfying(
              KubernetesClientException.class,
              e -> {
                assertThat(e.getCode()).isEqualTo(429);
                assertThat(e.getStatus().getReason()).isEqualTo("TooManyRequests");
                assertThat(e.getStatus().getDetails().getRetryAfterSeconds()).isEqualTo(1);
              });
      assertThat(exists(playground, "a")).isFalse();
    }
  }

  @Test
  void aCacheIsHeldBackAndThenExpires(Testbed testbed) {
    FaultProxy proxy = FaultProxy.of(testbed);
    FaultMatch events = FaultMatch.events("configmaps");
    try (Playground playground = new Playground(testbed);
        FaultLane lane = proxy.lane();
        KubernetesClient client = client(proxy, lane, playground);
        SharedIndexInformer<ConfigMap> cache = client.configMaps().inform()) {
      lane.rules(FaultRule.of("stale", events.named("a"), FaultAction.holdEvents()));
      create(client, "a");
      lane.awaitFired("stale");
      assertThat(cache.getStore().list()).noneMatch(map -> map.getMetadata().getName().equals("a"));
      lane.release();
      Playground.await().until(() -> has(cache, "a"));

      lane.rules(
          FaultRule.of("hidden", events.named("b").times(1), FaultAction.dropEvents()),
          FaultRule.of("gone", events.named("c").times(1), FaultAction.gone()));
      create(client, "b");
      create(client, "c");
      Playground.await().until(() -> has(cache, "c"));
      Playground.await().until(() -> has(cache, "b")); // it lists again
      create(client, "d");
      Playground.await().until(() -> has(cache, "d"));
    }
  }

  @Test
  void aRunWhoseFaultDidNotFireFails(Testbed testbed) {
    FaultProxy proxy = FaultProxy.of(testbed);
    FaultRule never = FaultRule.stopAtWrite("never", 1000, Phase.BEFORE);
    FaultLane strict = proxy.lane(never);
    strict.rules(); // forgetting the rule is no way out
    assertThatThrownBy(strict::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("never");
    assertThatCode(proxy.lane(never.optional())::close).doesNotThrowAnyException();
  }

  private static KubernetesClient client(FaultProxy proxy, FaultLane lane, Playground playground) {
    Config config =
        new ConfigBuilder(lane.through(proxy.admin()))
            .withNamespace(playground.namespace())
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private static void create(KubernetesClient client, String name) {
    client
        .resource(new ConfigMapBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
  }

  private static boolean exists(Playground playground, String name) {
    return playground.admin().configMaps().inNamespace(playground.namespace()).withName(name).get()
        != null;
  }

  private static boolean has(SharedIndexInformer<ConfigMap> cache, String name) {
    return cache.getStore().list().stream()
        .anyMatch(map -> map.getMetadata().getName().equals(name));
  }
}
