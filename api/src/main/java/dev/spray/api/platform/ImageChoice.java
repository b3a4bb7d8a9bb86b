package dev.spray.api.platform;

import dev.spray.api.platform.Images.ImageVersion;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The image of all pods of a cluster.
 *
 * @param image reference
 * @param rayVersion of the Ray in it; null where nobody knows
 * @param pythonVersion of its Python; likewise
 */
record ImageChoice(String image, String rayVersion, String pythonVersion) {

  static ImageChoice of(
      PlatformSpec platform,
      Optional<String> rayVersion,
      PlatformConfiguration configuration,
      List<String> problems) {
    Images images = configuration.images();
    String named = platform.image();
    boolean none = named == null || named.isEmpty();
    String name = none ? byDefault(platform, configuration) : named;
    List<ImageVersion> versions = images.catalogue().get(name);
    if (versions == null) {
      if (!name.matches(".*[/:@].*")) {
        problems.add(
            String.format(
                "spec.platform.image: there is no %s; possible are %s, or a reference with a tag",
                name, String.join(", ", images.catalogue().keySet())));
      }
      return new ImageChoice(name, rayVersion.orElse(null), null);
    }
    Optional<ImageVersion> version =
        versions.stream()
            .filter(v -> rayVersion.isEmpty() || rayVersion.get().equals(v.rayVersion()))
            .findFirst();
    if (version.isEmpty()) {
      problems.add(
          String.format(
              "spec.rayVersion: image %s has no %s; possible are %s",
              name,
              rayVersion.orElse(""),
              versions.stream().map(ImageVersion::rayVersion).collect(Collectors.joining(", "))));
    }
    ImageVersion chosen = version.orElse(versions.get(0));
    return new ImageChoice(chosen.image(), chosen.rayVersion(), chosen.pythonVersion());
  }

  /** One image for head and workers: that of the accelerators, if there are any. */
  private static String byDefault(PlatformSpec platform, PlatformConfiguration configuration) {
    return Accelerators.of(platform)
        .flatMap(type -> Accelerators.find(type, configuration).stream())
        .map(type -> type.isTpu() ? configuration.tpu() : configuration.gpu())
        .filter(nodes -> nodes != null && nodes.image() != null)
        .map(AcceleratorNodes::image)
        .findFirst()
        .orElse(configuration.images().byDefault());
  }
}
