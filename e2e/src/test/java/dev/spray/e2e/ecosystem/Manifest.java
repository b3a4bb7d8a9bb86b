package dev.spray.e2e.ecosystem;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A RayCluster of this project, or one of KubeRay's samples, which lie beside the work tree where
 * they are at all.
 *
 * @param from the file that has it, below the root of the work tree
 */
record Manifest(Path from, ObjectNode cluster) {
  private static final List<String> DIRECTORIES =
      List.of(
          "examples",
          "e2e/src/test/resources/raycluster/valid",
          "e2e/src/test/resources/ecosystem",
          "e2e/src/test/resources/golden",
          "operator/src/test/resources/golden",
          "../shared/golden");

  static List<Manifest> all() {
    return DIRECTORIES.stream()
        .map(Testbed.ROOT::resolve)
        .filter(Files::isDirectory)
        .flatMap(Manifest::files)
        .flatMap(Manifest::clusters)
        .toList();
  }

  private static Stream<Path> files(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          // The others of a directory with an input are what came out of it.
          .filter(file -> isInput(file) || !Files.exists(file.resolveSibling("input.yaml")))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isInput(Path file) {
    return file.endsWith("input.yaml");
  }

  private static Stream<Manifest> clusters(Path file) {
    try {
      return Stream.of(Files.readString(file).split("(?m)^---\\s*$", -1))
          .filter(document -> document.lines().anyMatch("kind: RayCluster"::equals))
          .map(document -> Serialization.unmarshal(document, ObjectNode.class))
          .map(cluster -> new Manifest(Testbed.ROOT.relativize(file), cluster));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return cluster.at("/metadata/name").asText();
  }

  @Override
  public String toString() {
    return "%s in %s".formatted(name(), from);
  }
}
