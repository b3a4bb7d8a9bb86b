package dev.spray.e2e.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Audit;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import dev.spray.operator.resources.Identity;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The Secret with a cluster's token: made once, or a user's, and looked at only before pods. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class TokenSecretTest {
  private static final String GIVEN =
      Manifests.authenticated("c", 1).replace("mode: token", "mode: token, secretName: mine");

  private Testbed testbed;
  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    this.testbed = testbed;
    playground = new Playground(testbed);
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void isMadeOnceForAllHeadsOfTheCluster() {
    playground.startOperator();
    playground.apply(Manifests.authenticated("c", 1));
    awaitReady(1);
    Secret first = secret("c");

    assertThat(Base64.getUrlDecoder().decode(token(first))).hasSize(32);
    assertThat(token(first)).as("goes into an address as it is").matches("[A-Za-z0-9_-]+");
    assertThat(first.getOwnerReferenceFor(playground.cluster("c").getMetadata().getUid()))
        .isPresent();
    assertThat(requests()).containsExactly("create 201");

    delete("pod", "c-head");
    awaitReady(1);

    assertThat(secret("c")).isEqualTo(first);
    assertThat(requests()).containsExactly("create 201", "create 409", "get 200");
    assertThat(Serialization.asJson(playground.cluster("c")))
        .doesNotContain(token(first), first.getData().get("auth_token"));
  }

  @Test
  void isAnotherOneForEachCluster() {
    playground.startOperator();
    playground.apply(Manifests.authenticated("c", 0));
    playground.apply(Manifests.authenticated("d", 0));
    Playground.await().until(() -> secret("c") != null && secret("d") != null);

    assertThat(token(secret("c"))).isNotEqualTo(token(secret("d")));
  }

  @Test
  void aRestartAndAScaleUpWriteNoneAgain() {
    var operator = playground.startOperator();
    playground.apply(Manifests.authenticated("c", 1));
    awaitReady(1);
    operator.close();
    playground.startOperator();

    playground.apply(Manifests.authenticated("c", 2));
    awaitReady(2);

    assertThat(requests()).containsExactly("create 201", "get 200");
  }

  /** Whoever made it would know the token. */
  @Test
  void somebodyElsesIsNotUsed() {
    playground.apply(secretNamed("c", "auth_token: known"));
    playground.startOperator();
    playground.apply(Manifests.authenticated("c", 1));

    awaitFailure("FailedCreateAuthSecret", "Secret c exists and belongs to somebody else");
    assertThat(playground.pods()).isEmpty();

    delete("secret", "c");
    awaitReady(1);
    assertThat(token(secret("c"))).isNotEqualTo("known");
    assertThat(playground.condition("c", ConditionTypes.REPLICA_FAILURE)).isEmpty();
  }

  @Test
  void aUsersIsWaitedForAndThenUsedAsItIs() {
    playground.startOperator();
    playground.apply(GIVEN);

    awaitFailure(
        "FailedFindAuthSecret",
        "Secret mine, with the cluster's token under the key auth_token, doesn't exist: make it");
    int looks = requests().size();
    Playground.await().until(() -> requests().size() > looks + 1);
    assertThat(playground.pods()).isEmpty();
    assertThat(playground.eventReasons())
        .filteredOn(reason -> reason.equals("FailedToFindAuthSecret"))
        .as("is told once")
        .hasSize(1);

    playground.apply(secretNamed("mine", "other: x"));
    awaitFailure("FailedFindAuthSecret", "Secret mine has no token under the key auth_token");
    assertThat(playground.pods()).isEmpty();

    playground.apply(secretNamed("mine", "auth_token: known"));
    awaitReady(1);
    assertThat(token(secret("mine"))).isEqualTo("known");
    assertThat(secret("c")).isNull();
    assertThat(requests()).isNotEmpty().allMatch(request -> request.startsWith("get "));
  }

  /** New workers with another token could not join, and without one they could not start. */
  @Test
  void oneThatIsLostUnderARunningHeadIsToldBeforeWorkersAreMade() {
    playground.startOperator();
    playground.apply(Manifests.authenticated("c", 1));
    awaitReady(1);
    delete("secret", "c");

    playground.apply(Manifests.authenticated("c", 2));

    awaitFailure("FailedFindAuthSecret", "put it back with the token that the head has");
    assertThat(playground.workers("c")).hasSize(1);
    assertThat(secret("c")).isNull();

    playground.apply(Manifests.authenticated("c", 2) + "  suspend: true\n");
    playground.awaitTrue("c", ConditionTypes.SUSPENDED);
    playground.apply(Manifests.authenticated("c", 2) + "  suspend: false\n");
    awaitReady(2);
    assertThat(secret("c")).isNotNull();
  }

  /** Else whoever may read the other cluster's token would get into this one. */
  @Test
  void anotherClustersIsNotUsedByWorkersThatComeLater() {
    playground.startOperator();
    playground.apply(Manifests.cluster("c", 1));
    awaitReady(1);
    playground.apply(Manifests.cluster("d", 0) + "  suspend: true\n");
    playground.apply(secretNamed("c", "auth_token: known"));
    Secret others =
        secret("c")
            .edit()
            .editMetadata()
            .withOwnerReferences(Identity.owner(playground.cluster("d")))
            .endMetadata()
            .build();
    playground.admin().resource(others).update();

    playground.apply(Manifests.authenticated("c", 2));

    awaitFailure("FailedFindAuthSecret", "Secret c exists and belongs to somebody else");
    assertThat(playground.workers("c")).hasSize(1);
  }

  private void awaitReady(int workers) {
    Playground.await()
        .until(() -> {
          List<Pod> pods =
              playground.pods().stream().filter(pod -> !pod.isMarkedForDeletion()).toList();
          pods.stream()
              .filter(pod -> !"Running".equals(pod.getStatus().getPhase()))
              .forEach(playground::makeReady);
          return pods.size() == workers + 1;
        });
    playground.awaitTrue("c", ConditionTypes.READY);
  }

  private void awaitFailure(String reason, String message) {
    Playground.await()
        .untilAsserted(() -> {
          for (String type : List.of(ConditionTypes.REPLICA_FAILURE, ConditionTypes.READY)) {
            assertThat(playground.condition("c", type))
                .hasValueSatisfying(
                    condition -> assertThat(condition.getMessage()).contains(message));
          }
          assertThat(playground.condition("c", ConditionTypes.REPLICA_FAILURE).get().getReason())
              .isEqualTo(reason);
          assertThat(playground.condition("c", ConditionTypes.READY).get().getStatus())
              .isEqualTo("False");
        });
  }

  private void delete(String kind, String name) {
    var result = playground.kubectl("", "delete", kind, name, "--grace-period=0", "--force");
    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  private Secret secret(String name) {
    return playground.admin().secrets().inNamespace(playground.namespace()).withName(name).get();
  }

  private static String token(Secret secret) {
    return new String(Base64.getDecoder().decode(secret.getData().get("auth_token")), UTF_8);
  }

  private static String secretNamed(String name, String content) {
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: %s}
    stringData: {%s}
    """
        .formatted(name, content);
  }

  /** What the operator asked of Secrets, and the answers' codes. */
  private List<String> requests() {
    return Audit.requests(testbed, playground).stream()
        .filter(request -> request.resource().equals("secrets"))
        .map(request -> request.verb() + " " + request.code())
        .toList();
  }
}
