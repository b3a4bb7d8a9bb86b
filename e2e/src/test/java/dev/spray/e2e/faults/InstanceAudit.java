package dev.spray.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spray.e2e.testbed.Testbed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What one instance asked of the API server, by the API server's clock and in its words. */
record InstanceAudit(List<Request> requests) {
  /** How long an instance may write after it renewed its lease. */
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private static final String CREDENTIAL =
      "/user/extra/authentication.kubernetes.io~1credential-id/0";

  private static final Set<String> WRITES =
      Set.of("create", "update", "patch", "delete", "deletecollection");

  record Request(Instant at, String verb, String resource, String name, int code) {
    boolean isAboutLease() {
      return resource.equals("leases");
    }

    boolean isWrite() {
      return WRITES.contains(verb);
    }

    boolean succeeded() {
      return code >= 200 && code < 300;
    }

    boolean renews() {
      return isAboutLease() && isWrite() && succeeded();
    }
  }

  /** Reads the whole log, which is that of all instances. */
  static InstanceAudit of(Testbed testbed, Instance instance) {
    String id = "JTI=" + instance.credential();
    try (Stream<String> lines = Files.lines(testbed.auditLog())) {
      return new InstanceAudit(
          lines
              .filter(line -> line.endsWith("}") && line.contains(id))
              .map(line -> FaultControl.parse(line, JsonNode.class))
              .filter(entry -> entry.get("stage").asText().equals("ResponseComplete"))
              // The identifier also stands in the entry of the token's own creation.
              .filter(entry -> entry.at(CREDENTIAL).asText().equals(id))
              .filter(entry -> !entry.get("verb").asText().equals("watch"))
              .map(InstanceAudit::request)
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first renewal of the lease since a moment. */
  Optional<Instant> firstRenewal(Instant since) {
    return requests.stream()
        .filter(request -> request.renews() && !request.at().isBefore(since))
        .map(Request::at)
        .min(Instant::compareTo);
  }

  /** How often it looked at the lease since a moment. */
  long looksAtLease(Instant since) {
    return requests.stream()
        .filter(request -> request.isAboutLease() && request.verb().equals("get"))
        .filter(request -> !request.at().isBefore(since))
        .count();
  }

  /** Writes that are the operator's work. */
  List<Request> work() {
    return requests.stream()
        .filter(request -> request.isWrite() && !request.isAboutLease())
        .toList();
  }

  /** Writes that came when its last renewal was too long ago, or before there was any. */
  List<Request> workWithoutLease() {
    return work().stream().filter(write -> !isCovered(write)).toList();
  }

  private boolean isCovered(Request write) {
    return requests.stream()
        .filter(request -> request.renews() && !request.at().isAfter(write.at()))
        .anyMatch(renewal -> !write.at().isAfter(renewal.at().plus(DEADLINE)));
  }

  private static Request request(JsonNode entry) {
    JsonNode object = entry.path("objectRef");
    String subresource = object.path("subresource").asText();
    return new Request(
        Instant.parse(entry.get("requestReceivedTimestamp").asText()),
        entry.get("verb").asText(),
        object.path("resource").asText() + (subresource.isEmpty() ? "" : "/" + subresource),
        object.path("name").asText(),
        entry.at("/responseStatus/code").asInt());
  }
}
