package dev.spray.api.platform;

/**
 * A Ray container to be.
 *
 * @param size its CPUs and memory
 * @param nodes how its accelerators are asked for; null: it has none
 * @param type its accelerators; null: it has none
 * @param count how many
 * @param topology of its TPU slice; null: it is in none
 * @param hosts of that slice; 1: itself alone
 */
record RayContainer(
    Size size,
    AcceleratorNodes nodes,
    AcceleratorType type,
    int count,
    String topology,
    int hosts) {

  static RayContainer plain(Size size) {
    return new RayContainer(size, null, null, 0, null, 1);
  }

  boolean isTpu() {
    return type != null && type.isTpu();
  }
}
