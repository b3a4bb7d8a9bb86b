package dev.spray.cli.failure;

/** Ends a command with a sentence, its cause, and what to do about it. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String reason;
  private final String suggestion;

  /**
   * One without a known cause.
   *
   * @param what went wrong, in the words of who asked
   */
  public Failure(ErrorCode code, String what) {
    this(code, what, "", "");
  }

  private Failure(ErrorCode code, String what, String reason, String suggestion) {
    super(what, null, false, false);
    this.code = code;
    this.reason = reason;
    this.suggestion = suggestion;
  }

  /** The same, with what others said of it: the API server, the kubelet, Ray. */
  public Failure because(String reason) {
    return new Failure(code, getMessage(), reason == null ? "" : reason.strip(), suggestion);
  }

  /** The same, with a command or a step that helps. */
  public Failure suggesting(String suggestion) {
    return new Failure(code, getMessage(), reason, suggestion);
  }

  public ErrorCode code() {
    return code;
  }

  /** Empty when nothing more is known. */
  public String reason() {
    return reason;
  }

  /** Empty when there is nothing to say. */
  public String suggestion() {
    return suggestion;
  }
}
