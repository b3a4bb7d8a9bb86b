package dev.spray.api.platform;

import dev.spray.api.platform.Images.ImageVersion;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The image of all pods of a cluster.
 *
 * @param name under which it was looked up
 * @param image reference
 * @param rayVersion of the Ray in it; null where nobody knows
 * @param pythonVersion of its Python; likewise
 */
public record ImageChoice(String name, String image, String rayVersion, String pythonVersion) {

  /** The one that follows; of the same name the same one as before, if that is settled. */
  static ImageChoice of(
      PlatformSpec platform,
      UserFields user,
      PlatformConfiguration configuration,
      List<String> problems) {
    Optional<String> rayVersion = user.rayVersion();
    Images images = configuration.images();
    String named = platform.image();
    boolean none = named == null || named.isEmpty();
    String name = none ? byDefault(platform, configuration) : named;
    ResolvedNote before = user.before();
    if (before.settles() && name.equals(before.imageName()) && rayVersion.isEmpty()) {
      return new ImageChoice(name, before.image(), before.rayVersion(), before.pythonVersion());
    }
    List<ImageVersion> versions = images.catalogue().get(name);
    if (versions == null) {
      if (!name.matches(".*[/:@].*")) {
        problems.add(
            String.format(
                "spec.platform.image: there is no %s; possible are %s, or a reference with a tag",
                name, String.join(", ", images.catalogue().keySet())));
      }
      return new ImageChoice(name, name, rayVersion.orElse(null), null);
    }
    Optional<ImageVersion> version =
        rayVersion.isPresent()
            ? with(rayVersion.get(), versions)
            // What runs already is of the former one.
            : with(before.rayVersion(), versions).filter(v -> before.settles());
    if (version.isEmpty() && rayVersion.isPresent()) {
      problems.add(
          String.format(
              "spec.rayVersion: image %s has no %s; possible are %s",
              name,
              rayVersion.get(),
              versions.stream().map(ImageVersion::rayVersion).collect(Collectors.joining(", "))));
    }
    ImageVersion chosen = version.orElse(versions.get(0));
    return new ImageChoice(name, chosen.image(), chosen.rayVersion(), chosen.pythonVersion());
  }

  private static Optional<ImageVersion> with(String rayVersion, List<ImageVersion> versions) {
    return versions.stream().filter(v -> v.rayVersion().equals(rayVersion)).findFirst();
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
