package dev.spray.operator.apply;

import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Outcome.Failure;
import dev.spray.operator.plan.Outcome.Kind;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.regex.Pattern;

/** What the API server's answers mean. */
final class Failures {
  private static final int UNPROCESSABLE = 422;

  /**
   * A ServiceAccount that a template names and nobody has made; a new namespace gets its {@code
   * default} by itself.
   */
  private static final Pattern MISSING_ACCOUNT =
      Pattern.compile("service account [^/\\s]+/(?!default:)\\S+: serviceaccount \\S+ not found");

  /** What the API server calls its own error, and will say again of the same object. */
  private static final Pattern NEVER =
      Pattern.compile("etcdserver: request is too large|^failed to create typed patch object");

  /** All that the API server says when a test of a JSON patch has failed. */
  private static final String FAILED_TEST =
      "the server rejected our request due to an error in our request";

  static Failure of(KubernetesClientException e) {
    return new Failure(kind(e), message(e));
  }

  /** What the answer to an action means, with a remedy where the API server names none. */
  static Failure of(Action action, KubernetesClientException e) {
    Failure failure = of(e);
    return switch (action) {
      case Action.Apply apply when isUnknownKind(e) ->
          // Only what others bring can be missing.
          new Failure(
              Kind.REFUSED,
              "the API server knows no %s of %s: install the scheduler that brings it, or start the operator"
                      .formatted(apply.desired().getKind(), apply.desired().getApiVersion())
                  + " without --batch-scheduler");
      case Action.Apply apply
          when apply.observedUid().isPresent() && failure.kind() == Kind.INVALID ->
          // Some fields can't be changed.
          new Failure(
              failure.kind(),
              failure.message()
                  + ". Delete the %s: it is made anew as the spec wants it; or undo the change"
                      .formatted(apply.desired().getKind()));
      case Action.SuspendCluster _, Action.AddFinalizer _, Action.RemoveFinalizer _
          when failure.message().equals(FAILED_TEST) ->
          // The cluster has changed meanwhile, and is looked at again.
          new Failure(Kind.TRANSIENT, failure.message());
      default -> failure;
    };
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

  /** Whether the API server has no such kind; else it names what it hasn't found. */
  static boolean isUnknownKind(KubernetesClientException e) {
    return isGone(e)
        && (e.getStatus() == null
            || e.getStatus().getDetails() == null
            || e.getStatus().getDetails().getName() == null
            || e.getStatus().getDetails().getName().isEmpty());
  }

  private static Kind kind(KubernetesClientException e) {
    String message = message(e);
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_BAD_REQUEST, UNPROCESSABLE -> Kind.INVALID;
      case HttpURLConnection.HTTP_FORBIDDEN ->
          isAboutOurRights(message) ? Kind.TRANSIENT : Kind.REFUSED;
      case HttpURLConnection.HTTP_UNAUTHORIZED -> Kind.REFUSED;
      default -> NEVER.matcher(message).find() ? Kind.INVALID : Kind.TRANSIENT;
    };
  }

  /**
   * For some seconds after its start an API server knows neither service accounts nor roles. And if
   * rights are really missing, no user can help it: the log says so, and {@code Ready}'s message.
   */
  private static boolean isAboutOurRights(String message) {
    return (message.contains("error looking up service account")
            && !MISSING_ACCOUNT.matcher(message).find())
        || (message.contains("User \"system:serviceaccount:")
            && message.contains(" cannot ")
            && message.contains(" resource "));
  }

  private static String message(KubernetesClientException e) {
    boolean told = e.getStatus() != null && e.getStatus().getMessage() != null;
    String message = told ? e.getStatus().getMessage() : e.getMessage();
    return message == null ? e.toString() : message;
  }

  private Failures() {}
}
