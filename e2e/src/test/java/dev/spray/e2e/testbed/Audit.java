package dev.spray.e2e.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** What the operator asked of the API server, in the API server's own words. */
public final class Audit {
  private static final String OPERATOR =
      "system:serviceaccount:" + Installation.NAMESPACE + ":sp-ray-operator";
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * A request of the operator.
   *
   * @param verb Kubernetes' verb, for example {@code create}
   * @param resource plural, with its subresource after a slash
   * @param code HTTP status of the answer
   */
  public record Request(
      Instant at, String verb, String resource, String namespace, String name, int code) {}

  /** All requests of the operator since a moment, in order; watches are left out. */
  public static List<Request> requests(Testbed testbed, Instant since) {
    try (Stream<String> lines = Files.lines(testbed.auditLog())) {
      return lines
          .filter(line -> line.endsWith("}") && line.contains(OPERATOR))
          .map(Audit::parse)
          .filter(entry -> entry.get("stage").asText().equals("ResponseComplete"))
          .filter(entry -> entry.at("/user/username").asText().equals(OPERATOR))
          .filter(entry -> !entry.get("verb").asText().equals("watch"))
          .map(Audit::request)
          .filter(request -> !request.at().isBefore(since))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@link #requests}, about one namespace. */
  public static List<Request> requests(Testbed testbed, Playground playground) {
    return requests(testbed, Instant.EPOCH).stream()
        .filter(request -> request.namespace().equals(playground.namespace()))
        .toList();
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Request request(JsonNode entry) {
    JsonNode object = entry.path("objectRef");
    String subresource = object.path("subresource").asText();
    return new Request(
        Instant.parse(entry.get("requestReceivedTimestamp").asText()),
        entry.get("verb").asText(),
        object.path("resource").asText() + (subresource.isEmpty() ? "" : "/" + subresource),
        object.path("namespace").asText(),
        object.path("name").asText(),
        entry.at("/responseStatus/code").asInt());
  }

  private Audit() {}
}
