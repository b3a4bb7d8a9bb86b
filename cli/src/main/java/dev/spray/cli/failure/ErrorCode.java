package dev.spray.cli.failure;

import java.util.Locale;

/**
 * Kinds of failures. Their names and exit codes are part of the interface: scripts rely on them.
 */
public enum ErrorCode {
  /** What was asked for is wrong: an option, a file, a field. */
  INVALID_CONFIG(1),
  /** Something of that name exists. */
  NAME_CONFLICT(1),
  /** Somebody else changed the same thing at the same time. */
  CONFLICT(1),
  /** Versions that don't fit together. */
  VERSION_MISMATCH(1),
  /** A quota of the namespace is used up. */
  QUOTA_EXCEEDED(2),
  /** An image can't be pulled. */
  IMAGE_PULL(2),
  /** No node has room for a pod. */
  UNSCHEDULABLE(2),
  /** No node has such a GPU. */
  GPU_UNAVAILABLE(2),
  /** Nobody takes care of Ray clusters here. */
  OPERATOR_NOT_RUNNING(2),
  /** The API server doesn't know Ray clusters. */
  CRD_MISSING(2),
  /** The API server, or Ray behind it, can't be reached. */
  UNREACHABLE(2),
  /** It took longer than it was given. */
  TIMEOUT(3),
  /** The API server doesn't know who is asking. */
  UNAUTHENTICATED(4),
  /** Who is asking may not. */
  FORBIDDEN(4),
  /** There is no such thing. */
  NOT_FOUND(5),
  /** A job, a command or a pod of the user's own failed. */
  WORKLOAD_FAILED(10),
  /** Ctrl-C. */
  INTERRUPTED(130);

  private final int exitCode;

  ErrorCode(int exitCode) {
    this.exitCode = exitCode;
  }

  /** What the process ends with. */
  public int exitCode() {
    return exitCode;
  }

  /** As machines read it, for example {@code quota_exceeded}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
