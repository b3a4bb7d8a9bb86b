package dev.spray.api.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which images are pulled whole although their nodes could stream them. */
class StreamingDoubtsTest {
  private static final List<String> REGISTRIES = List.of("*-docker.pkg.dev", "docker.io");

  @ParameterizedTest
  @CsvSource({
    "europe-docker.pkg.dev/p/r/ray:2.60.0, europe-docker.pkg.dev, false",
    "rayproject/ray:2.60.0, docker.io, false",
    "ray:2.60.0, docker.io, false",
    "localhost/ray:1, localhost, false",
    "host:5000/ray, host:5000, true",
    "rayproject/ray:latest, docker.io, true",
    "rayproject/ray@sha256:0123, docker.io, false",
    "rayproject/ray:latest@sha256:0123, docker.io, false"
  })
  void aReferenceNamesItsRegistryAndWhetherItFloats(String image, String host, boolean floating) {
    assertThat(ImageReference.of(image)).isEqualTo(new ImageReference(host, floating));
  }

  @Test
  void anImageOfAnotherRegistryIsPulledWhole() {
    assertThat(doubts(REGISTRIES, image("ghcr.io/me/ray:1"), image("ghcr.io/me/ray:1")))
        .singleElement()
        .asString()
        .contains("image ghcr.io/me/ray:1 can't be streamed", "*-docker.pkg.dev, docker.io alone");
    assertThat(doubts(REGISTRIES, image("eu-docker.pkg.dev/p/r/ray:1"), image("ray:1"))).isEmpty();
    assertThat(doubts(List.of(), image("ghcr.io/me/ray:1"))).as("nobody knows").isEmpty();
  }

  @Test
  void anImageThatIsAskedForAtEveryStartWaitsForItsRegistry() {
    assertThat(doubts(REGISTRIES, image("me/ray"))).singleElement().asString().contains("give it");
    assertThat(doubts(REGISTRIES, policy("me/ray:1", "Always")))
        .singleElement()
        .asString()
        .contains("imagePullPolicy: Always; set IfNotPresent");
    assertThat(doubts(REGISTRIES, policy("me/ray", "IfNotPresent"))).isEmpty();
  }

  private static List<String> doubts(List<String> registries, Container... containers) {
    return StreamingDoubts.of(Stream.of(containers), registries);
  }

  private static Container image(String image) {
    return policy(image, null);
  }

  private static Container policy(String image, String policy) {
    return new ContainerBuilder().withImage(image).withImagePullPolicy(policy).build();
  }
}
