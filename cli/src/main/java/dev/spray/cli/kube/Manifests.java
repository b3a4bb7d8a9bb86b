package dev.spray.cli.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** RayClusters in files. */
public final class Manifests {

  /**
   * The RayClusters of a file; it may hold several, and nothing else.
   *
   * @param file {@code -} is standard input
   */
  public static List<ObjectNode> read(String file, InputStream standardInput) {
    List<ObjectNode> clusters = new ArrayList<>();
    for (JsonNode document : Yaml.read(text(file, standardInput), file)) {
      clusters.add(cluster(file, document));
    }
    if (clusters.isEmpty()) {
      throw new Failure(ErrorCode.INVALID_CONFIG, file + " holds no RayCluster");
    }
    return clusters;
  }

  /** The one RayCluster of a file. */
  public static ObjectNode readOne(String file, InputStream standardInput) {
    List<ObjectNode> clusters = read(file, standardInput);
    if (clusters.size() > 1) {
      throw new Failure(
              ErrorCode.INVALID_CONFIG,
              file + " holds " + clusters.size() + " RayClusters, not one")
          .suggesting("sp-ray apply -f " + file);
    }
    return clusters.getFirst();
  }

  private static ObjectNode cluster(String file, JsonNode document) {
    String kind = Json.text(document, "kind");
    String apiVersion = Json.text(document, "apiVersion");
    if (!(document instanceof ObjectNode cluster) || !"RayCluster".equals(kind)) {
      throw new Failure(
              ErrorCode.INVALID_CONFIG,
              file
                  + " holds "
                  + (kind == null ? "something without a kind" : "a " + kind)
                  + ", not a RayCluster")
          .suggesting("use kubectl apply for other kinds");
    }
    if (apiVersion == null || !apiVersion.startsWith("ray.io/")) {
      throw new Failure(ErrorCode.INVALID_CONFIG, file + ": apiVersion is " + apiVersion)
          .suggesting("write apiVersion: ray.io/v1");
    }
    return cluster;
  }

  private static String text(String file, InputStream standardInput) {
    try {
      return file.equals("-")
          ? new String(standardInput.readAllBytes(), StandardCharsets.UTF_8)
          : Files.readString(Path.of(file));
    } catch (NoSuchFileException e) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "there is no file " + file);
    } catch (IOException e) {
      throw new Failure(ErrorCode.INVALID_CONFIG, file + " can't be read").because(e.getMessage());
    }
  }

  private Manifests() {}
}
