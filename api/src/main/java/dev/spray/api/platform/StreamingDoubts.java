package dev.spray.api.platform;

import io.fabric8.kubernetes.api.model.Container;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Why images may not start before all of them is there, although their nodes can do that; pure. */
final class StreamingDoubts {
  private static final String ALWAYS = "Always";

  /**
   * Of containers on such nodes.
   *
   * @param registries from which nodes stream; empty: nobody knows
   * @return sentences with their remedies, none twice
   */
  static List<String> of(Stream<Container> containers, List<String> registries) {
    return containers
        .filter(container -> container.getImage() != null && !container.getImage().isEmpty())
        .flatMap(container -> of(container, registries))
        .distinct()
        .toList();
  }

  private static Stream<String> of(Container container, List<String> registries) {
    ImageReference image = ImageReference.of(container.getImage());
    return Stream.concat(
        registry(container.getImage(), image, registries).stream(),
        policy(container, image).stream());
  }

  private static Optional<String> registry(
      String name, ImageReference image, List<String> registries) {
    return registries.isEmpty() || image.isOf(registries)
        ? Optional.empty()
        : Optional.of(
            String.format(
                "image %s can't be streamed, so that all of it is pulled before it starts: nodes"
                    + " stream from %s alone; copy it there, or set"
                    + " spec.platform.placement.imageStreaming: \"Off\"",
                name, String.join(", ", registries)));
  }

  private static Optional<String> policy(Container container, ImageReference image) {
    String policy = container.getImagePullPolicy();
    boolean silent = policy == null || policy.isEmpty();
    if (silent ? !image.floating() : !policy.equals(ALWAYS)) {
      return Optional.empty();
    }
    String why = silent ? "a tag that is missing or latest means" : "its container has";
    String remedy = silent ? "give it another tag" : "set IfNotPresent";
    return Optional.of(
        String.format(
            "image %s waits for its registry at every start, also where it is streamed: %s"
                + " imagePullPolicy: Always; %s",
            container.getImage(), why, remedy));
  }

  private StreamingDoubts() {}
}
