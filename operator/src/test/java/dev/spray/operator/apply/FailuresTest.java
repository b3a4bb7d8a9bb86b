package dev.spray.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Outcome.Failure;
import dev.spray.operator.plan.Outcome.Kind;
import dev.spray.operator.plan.Reason;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {
  private static final RayCluster CLUSTER = Clusters.named("demo").build();
  private static final Reason REASON = new Reason("Done", "Failed", "it is so");

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | BadRequest          | INVALID   | false | false | false",
        "401 | Unauthorized        | REFUSED   | false | false | false",
        "403 | Forbidden           | REFUSED   | false | false | false",
        "404 | NotFound            | TRANSIENT | false | false | true",
        "409 | AlreadyExists       | TRANSIENT | false | true  | false",
        "409 | Conflict            | TRANSIENT | false | false | false",
        "410 | Expired             | TRANSIENT | false | false | false",
        "422 | Invalid             | INVALID   | false | false | false",
        "429 | TooManyRequests     | TRANSIENT | false | false | false",
        "500 | InternalError       | TRANSIENT | true  | false | false",
        "502 | BadGateway          | TRANSIENT | true  | false | false",
        "503 | ServiceUnavailable  | TRANSIENT | true  | false | false",
        "504 | Timeout             | TRANSIENT | true  | false | false",
      })
  void anAnswersCodeTellsWhatItMeans(
      int code, String reason, Kind kind, boolean ambiguous, boolean exists, boolean gone) {
    KubernetesClientException answer = answer(code, reason, "the words of the API server");

    assertThat(Failures.of(answer).kind()).isEqualTo(kind);
    assertThat(Failures.of(answer).message()).isEqualTo("the words of the API server");
    assertThat(Failures.isAmbiguous(answer)).isEqualTo(ambiguous);
    assertThat(Failures.isAlreadyExists(answer)).isEqualTo(exists);
    assertThat(Failures.isGone(answer)).isEqualTo(gone);
  }

  @Test
  void aQuotaRefuses() {
    assertThat(
            Failures.of(answer(403, "Forbidden", "pods \"x\" is forbidden: exceeded quota: q"))
                .kind())
        .isEqualTo(Kind.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "etcdserver: request is too large",
        "failed to create typed patch object (ns/s; /v1, Kind=Service): .spec.ports: duplicate"
      })
  void whatTheApiServerWillNeverTakeIsInvalid(String message) {
    assertThat(Failures.of(answer(500, "InternalError", message)).kind()).isEqualTo(Kind.INVALID);
  }

  @Test
  void anApiServerThatHasJustStartedIsAskedAgain() {
    String message = "pods \"x\" is forbidden: error looking up service account ns/ray: not found";

    assertThat(Failures.of(answer(403, "Forbidden", message)).kind()).isEqualTo(Kind.TRANSIENT);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"ray, REFUSED", "default, TRANSIENT"})
  void aServiceAccountThatNobodyMadeMustComeFromOutside(String account, Kind kind) {
    String message =
        "pods \"x\" is forbidden: error looking up service account ns/%s: serviceaccount \"%s\""
                .formatted(account, account)
            + " not found";

    assertThat(Failures.of(answer(403, "Forbidden", message)).kind()).isEqualTo(kind);
  }

  @Test
  void noAnswerIsAmbiguousAndTransient() {
    KubernetesClientException noAnswer =
        new KubernetesClientException("connection reset", new IOException("reset by peer"));

    assertThat(Failures.of(noAnswer).kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(Failures.of(noAnswer).message()).isEqualTo("connection reset");
    assertThat(Failures.isAmbiguous(noAnswer)).isTrue();
    assertThat(Failures.isAlreadyExists(noAnswer)).isFalse();
    assertThat(Failures.isGone(noAnswer)).isFalse();
  }

  @Test
  void anAnswerWithoutWordsStillHasAMessage() {
    assertThat(Failures.of(new KubernetesClientException((String) null, 403, null)).message())
        .isNotBlank();
    assertThat(Failures.of(answer(403, "Forbidden", null)).message()).isNotBlank();
  }

  @Test
  void aFieldThatCannotBeChangedIsToldWithTheWayOut() {
    KubernetesClientException answer = answer(422, "Invalid", "spec.clusterIP: immutable");

    assertThat(Failures.of(apply(Optional.of("uid")), answer))
        .isEqualTo(
            new Failure(
                Kind.INVALID,
                "spec.clusterIP: immutable. Delete the Service: it is made anew as the spec wants"
                    + " it; or undo the change"));
    assertThat(Failures.of(apply(Optional.empty()), answer).message())
        .as("there is none to delete")
        .isEqualTo("spec.clusterIP: immutable");
  }

  @Test
  void aKindThatNobodyBroughtMustBeInstalled() {
    Failure failure =
        Failures.of(apply(Optional.empty()), answer(404, "NotFound", "page not found"));

    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure.message())
        .startsWith("the API server knows no Service of v1: install the scheduler that brings it");
  }

  @Test
  void aClusterThatHasChangedMeanwhileIsLookedAtAgain() {
    KubernetesClientException answer =
        answer(422, "Invalid", "the server rejected our request due to an error in our request");

    for (Action action :
        List.of(
            new Action.AddFinalizer("f", REASON),
            new Action.RemoveFinalizer("f", REASON),
            new Action.SuspendCluster(CLUSTER, REASON))) {
      assertThat(Failures.of(action, answer).kind()).isEqualTo(Kind.TRANSIENT);
    }
  }

  /** By a policy that protects it: that must be told. */
  @ParameterizedTest
  @CsvSource({"403, Forbidden, REFUSED", "422, Invalid, INVALID"})
  void aClusterThatMayNotBeTouchedIsRefused(int code, String reason, Kind kind) {
    KubernetesClientException answer = answer(code, reason, "denied the request: protected");

    for (Action action :
        List.of(
            new Action.AddFinalizer("f", REASON),
            new Action.RemoveFinalizer("f", REASON),
            new Action.DeleteCluster(CLUSTER, REASON),
            new Action.SuspendCluster(CLUSTER, REASON))) {
      assertThat(Failures.of(action, answer).kind()).isEqualTo(kind);
    }
  }

  private static Action apply(Optional<String> observedUid) {
    return new Action.Apply(
        new ServiceBuilder().withNewMetadata().withName("s").endMetadata().build(),
        observedUid,
        REASON);
  }

  private static KubernetesClientException answer(int code, String reason, String message) {
    return new KubernetesClientException(
        "Failure executing: POST",
        code,
        new StatusBuilder().withCode(code).withReason(reason).withMessage(message).build());
  }
}
