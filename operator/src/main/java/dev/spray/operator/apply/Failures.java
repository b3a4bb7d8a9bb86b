package dev.spray.operator.apply;

import dev.spray.operator.plan.Outcome.Failure;
import dev.spray.operator.plan.Outcome.Kind;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/** What the API server's answers mean. */
final class Failures {
  private static final int UNPROCESSABLE = 422;

  static Failure of(KubernetesClientException e) {
    return new Failure(kind(e), message(e));
  }

  /** Whether the write may have been carried out all the same. */
  static boolean isAmbiguous(KubernetesClientException e) {
    // Without an answer the client's exception has a code of zero or below.
    return e.getCode() <= 0 || e.getCode() >= HttpURLConnection.HTTP_INTERNAL_ERROR;
  }

  static boolean isAlreadyExists(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_CONFLICT
        && e.getStatus() != null
        && "AlreadyExists".equals(e.getStatus().getReason());
  }

  static boolean isGone(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
  }

  private static Kind kind(KubernetesClientException e) {
    String message = message(e);
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_BAD_REQUEST, UNPROCESSABLE -> Kind.INVALID;
      // For some seconds after its restart an API server doesn't find service accounts.
      case HttpURLConnection.HTTP_FORBIDDEN ->
          message.contains("error looking up service account") ? Kind.TRANSIENT : Kind.REFUSED;
      case HttpURLConnection.HTTP_UNAUTHORIZED -> Kind.REFUSED;
      default -> Kind.TRANSIENT;
    };
  }

  private static String message(KubernetesClientException e) {
    boolean told = e.getStatus() != null && e.getStatus().getMessage() != null;
    String message = told ? e.getStatus().getMessage() : e.getMessage();
    return message == null ? e.toString() : message;
  }

  private Failures() {}
}
