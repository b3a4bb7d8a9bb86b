package dev.spray.operator.runtime;

/** What this build calls itself. */
final class Versions {

  /** The operator's version, from its jar; {@code dev} when it runs from class files. */
  static String operator() {
    String version = Versions.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  private Versions() {}
}
