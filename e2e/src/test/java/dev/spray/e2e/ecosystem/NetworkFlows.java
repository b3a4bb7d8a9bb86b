package dev.spray.e2e.ecosystem;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Asks {@code e2e/ecosystem/network-flows} what NetworkPolicies let through. */
final class NetworkFlows {
  private static final Path PROGRAM = Testbed.ROOT.resolve("e2e/ecosystem/network-flows/run");

  /**
   * One end of a connection.
   *
   * @param namespace of a pod; empty for an address that is none of a pod
   * @param ip any, of a pod
   */
  record Peer(
      String namespace,
      Map<String, String> namespaceLabels,
      Map<String, String> podLabels,
      String ip) {

    static Peer pod(String namespace, Map<String, String> labels) {
      return new Peer(
          namespace, Map.of("kubernetes.io/metadata.name", namespace), labels, "10.244.0.7");
    }

    static Peer address(String ip) {
      return new Peer("", Map.of(), Map.of(), ip);
    }
  }

  /** A connection that somebody tries. */
  record Flow(Peer from, Peer to, int port, String protocol) {}

  private record Question(List<NetworkPolicy> policies, List<Flow> flows) {}

  /** For each flow, whether it is let through. */
  static List<Boolean> letThrough(List<NetworkPolicy> policies, List<Flow> flows) {
    try {
      Path question = Files.createTempFile("sp-ray-flows-", ".json");
      Files.writeString(question, Serialization.asJson(new Question(policies, flows)), UTF_8);
      String answer =
          Testbed.execute(
              List.of("bash", "-c", "exec \"$0\" < \"$1\"", PROGRAM.toString(), question + ""));
      Files.delete(question);
      JsonNode answers = Serialization.unmarshal(answer, JsonNode.class);
      return IntStream.range(0, flows.size()).mapToObj(i -> answers.get(i).asBoolean()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private NetworkFlows() {}
}
