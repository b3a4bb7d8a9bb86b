package dev.spray.api.platform;

/**
 * A container that lies beside Ray's in the head pod, and must have room on its machine as well.
 *
 * @param size of it
 * @param whose it is, for people
 */
record Beside(Size size, String whose) {

  @Override
  public String toString() {
    return size + " for " + whose;
  }
}
