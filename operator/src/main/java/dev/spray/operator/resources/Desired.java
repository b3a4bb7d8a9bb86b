package dev.spray.operator.resources;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.RayLabels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Tells whether an object that is applied by server-side apply is still as the operator wants it,
 * from the cached object alone.
 */
public final class Desired {
  /** A service's clusterIP that says that it has none. */
  private static final String HEADLESS = "None";

  /**
   * What Kubernetes' schemas call atomic: an apply replaces it as a whole. A rule too many in a
   * Role would be a right too many, and with a selector too many a service leads nowhere.
   */
  private static final List<JsonPointer> ATOMIC =
      Stream.of(
              "/rules",
              "/subjects",
              "/spec/selector",
              "/spec/externalIPs",
              "/spec/loadBalancerSourceRanges",
              "/spec/rules",
              "/spec/tls")
          .map(JsonPointer::compile)
          .toList();

  /** Likewise atomic, and in them what is empty says something: it selects everything. */
  private static final List<JsonPointer> EXACT =
      Stream.of("/spec/podSelector", "/spec/policyTypes", "/spec/ingress", "/spec/egress")
          .map(JsonPointer::compile)
          .toList();

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  /**
   * Notes on the object the hash of what it was wanted to be. A wish that drops a field shows only
   * there: the field it dropped is still contained in the old object.
   */
  static <T extends HasMetadata> T withHash(T desired) {
    Map<String, String> annotations = new LinkedHashMap<>();
    if (desired.getMetadata().getAnnotations() != null) {
      annotations.putAll(desired.getMetadata().getAnnotations());
    }
    annotations.put(RayLabels.DESIRED_HASH, hash(desired));
    desired.getMetadata().setAnnotations(annotations);
    return desired;
  }

  /** Whether the operator has applied this object, however it may look now. */
  public static boolean wasApplied(HasMetadata actual) {
    Map<String, String> annotations = actual.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(RayLabels.DESIRED_HASH);
  }

  /**
   * Whether the API server would change the actual object into the wanted one: a service keeps the
   * address that it was made with, or that it was made without one.
   */
  public static boolean isReachableFrom(HasMetadata actual, HasMetadata desired) {
    if (!(actual instanceof Service before) || !(desired instanceof Service after)) {
      return true;
    }
    String address = before.getSpec().getClusterIP();
    String wanted = after.getSpec().getClusterIP();
    boolean free = wanted == null || wanted.isEmpty();
    return address == null
        || address.isEmpty()
        || (free ? !address.equals(HEADLESS) : wanted.equals(address));
  }

  /**
   * Whether everything wanted stands in the actual object. What others or the API server added, a
   * field or an element of a list, doesn't count where no apply of ours would take it away. Nor
   * does it count that the API server doesn't keep what is empty.
   */
  public static boolean isMetBy(HasMetadata desired, HasMetadata actual) {
    JsonNode wish = JSON.valueToTree(desired);
    JsonNode found = JSON.valueToTree(actual);
    return contains(found, wish)
        && ATOMIC.stream()
            .filter(field -> !wish.at(field).isMissingNode())
            .allMatch(field -> filled(found.at(field)).equals(filled(wish.at(field))))
        && (!(desired instanceof NetworkPolicy)
            || EXACT.stream()
                .filter(field -> !wish.at(field).isMissingNode())
                .allMatch(field -> found.at(field).equals(wish.at(field))));
  }

  private static boolean contains(JsonNode actual, JsonNode desired) {
    if (desired.isObject() && actual.isObject()) {
      return desired.properties().stream()
          .allMatch(field ->
              actual.has(field.getKey())
                  ? contains(actual.get(field.getKey()), field.getValue())
                  : isEmpty(field.getValue()));
    }
    if (desired.isArray() && actual.isArray()) {
      return desired
          .valueStream()
          .allMatch(wanted -> actual.valueStream().anyMatch(there -> contains(there, wanted)));
    }
    return desired.equals(actual);
  }

  /** Without what is empty. */
  private static JsonNode filled(JsonNode value) {
    if (value.isObject()) {
      ObjectNode filled = JSON.createObjectNode();
      value.properties().stream()
          .filter(field -> !isEmpty(field.getValue()))
          .forEach(field -> filled.set(field.getKey(), filled(field.getValue())));
      return filled;
    }
    if (value.isArray()) {
      ArrayNode filled = JSON.createArrayNode();
      value.forEach(element -> filled.add(filled(element)));
      return filled;
    }
    return value;
  }

  private static boolean isEmpty(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL -> true;
      case STRING -> value.textValue().isEmpty();
      case BOOLEAN -> !value.booleanValue();
      case NUMBER -> value.decimalValue().signum() == 0;
      case ARRAY, OBJECT -> value.isEmpty();
      case BINARY, MISSING, POJO -> false;
    };
  }

  private static String hash(Object wish) {
    try {
      byte[] json = JSON.valueToTree(wish).toString().getBytes(UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(json);
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private Desired() {}
}
