package dev.spray.operator.resources;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.spray.api.RayLabels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Tells whether an object that is applied by server-side apply is still as the operator wants it,
 * from the cached object alone.
 */
public final class Desired {
  /** A service's clusterIP that says that it has none. */
  private static final String HEADLESS = "None";

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
   * field or an element of a list, doesn't count where no apply of ours would take it away: in
   * metadata and in services, whose lists are keyed. The lists of all other kinds are ours as a
   * whole: a rule that somebody added to a Role is one too many. Nor does it count that the API
   * server doesn't keep what is empty.
   */
  public static boolean isMetBy(HasMetadata desired, HasMetadata actual) {
    JsonNode wanted = JSON.valueToTree(desired);
    JsonNode there = JSON.valueToTree(actual);
    return wanted.properties().stream()
        .allMatch(field -> {
          boolean keyed = desired instanceof Service || field.getKey().equals("metadata");
          return isMetBy(field, there, keyed);
        });
  }

  private static boolean isMetBy(Map.Entry<String, JsonNode> field, JsonNode there, boolean keyed) {
    return there.has(field.getKey())
        ? contains(there.get(field.getKey()), field.getValue(), keyed)
        : isEmpty(field.getValue());
  }

  private static boolean contains(JsonNode actual, JsonNode desired, boolean keyed) {
    if (desired.isObject() && actual.isObject()) {
      return desired.properties().stream().allMatch(field -> isMetBy(field, actual, keyed));
    }
    if (desired.isArray() && actual.isArray()) {
      return keyed
          ? desired
              .valueStream()
              .allMatch(
                  wanted -> actual.valueStream().anyMatch(there -> contains(there, wanted, true)))
          : isSame(desired, actual);
    }
    return desired.equals(actual);
  }

  /** Equal, but for what is empty. */
  private static boolean isSame(JsonNode one, JsonNode other) {
    if (one.isObject() && other.isObject()) {
      return Stream.concat(one.propertyStream(), other.propertyStream())
          .allMatch(field ->
              (one.has(field.getKey()) && other.has(field.getKey()))
                  ? isSame(one.get(field.getKey()), other.get(field.getKey()))
                  : isEmpty(field.getValue()));
    }
    if (one.isArray() && other.isArray()) {
      return one.size() == other.size()
          && IntStream.range(0, one.size())
              .allMatch(index -> isSame(one.get(index), other.get(index)));
    }
    return one.equals(other);
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
