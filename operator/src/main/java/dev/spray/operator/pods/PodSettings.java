package dev.spray.operator.pods;

/**
 * What the operator's options say about every pod.
 *
 * @param operatorVersion for Ray's usage statistics
 */
public record PodSettings(String operatorVersion) {

  /** What holds where the options say nothing. */
  public static PodSettings standard(String operatorVersion) {
    return new PodSettings(operatorVersion);
  }
}
