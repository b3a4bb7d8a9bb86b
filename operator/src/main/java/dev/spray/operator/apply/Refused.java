package dev.spray.operator.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/** What the operator itself won't do; it is told as if the API server had forbidden it. */
final class Refused extends KubernetesClientException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message why, and what a person can do about it
   */
  Refused(String message) {
    super(message, HttpURLConnection.HTTP_FORBIDDEN, null);
  }

  /** Somebody else has the name. */
  static Refused foreign(HasMetadata object) {
    return foreign(object, "");
  }

  /**
   * Somebody else has the name.
   *
   * @param use how that other object could be used instead, as the end of a sentence
   */
  static Refused foreign(HasMetadata object, String use) {
    return new Refused(
        "%s %s exists and belongs to somebody else: delete or rename it, or rename the RayCluster%s"
            .formatted(object.getKind(), object.getMetadata().getName(), use));
  }
}
