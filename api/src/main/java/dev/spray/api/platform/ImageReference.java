package dev.spray.api.platform;

/**
 * What the reference of an image says of how it is pulled.
 *
 * @param registry host of the registry, with its port if it has one
 * @param floating whether it has no tag, or latest: then Kubernetes asks the registry for it at
 *     every start, unless it is told otherwise
 */
record ImageReference(String registry, boolean floating) {
  /** Of references that name no host. */
  static final String DOCKER_HUB = "docker.io";

  static ImageReference of(String image) {
    int path = image.indexOf('/');
    String first = path < 0 ? "" : image.substring(0, path);
    boolean host = first.contains(".") || first.contains(":") || first.equals("localhost");
    String last = image.substring(image.lastIndexOf('/') + 1);
    boolean floating = !last.contains("@") && (!last.contains(":") || last.endsWith(":latest"));
    return new ImageReference(host ? first : DOCKER_HUB, floating);
  }

  /** Whether the registry is of these hosts, of which {@code *} at the front stands for any. */
  boolean isOf(Iterable<String> hosts) {
    for (String host : hosts) {
      if (host.startsWith("*") ? registry.endsWith(host.substring(1)) : registry.equals(host)) {
        return true;
      }
    }
    return false;
  }
}
