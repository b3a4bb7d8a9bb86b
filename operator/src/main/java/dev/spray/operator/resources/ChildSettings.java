package dev.spray.operator.resources;

/**
 * What the operator's options say about the objects beside the pods.
 *
 * @param headClusterIp whether a head service of type ClusterIP gets an address of its own; else it
 *     is headless, and its name leads to the head pod itself
 */
public record ChildSettings(boolean headClusterIp) {

  /** KubeRay's defaults. */
  public static final ChildSettings DEFAULT = new ChildSettings(false);
}
