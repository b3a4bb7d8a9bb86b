package dev.spray.operator.signing;

/** Why a certificate isn't signed, now or ever: a sentence for the log of the pod that asked. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;

  /**
   * @param code of HTTP
   */
  Refusal(int code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  int code() {
    return code;
  }
}
