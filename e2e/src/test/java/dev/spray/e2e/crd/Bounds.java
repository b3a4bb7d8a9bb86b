package dev.spray.e2e.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Bounds that the API server doesn't know by itself: it takes a {@code format} as a remark. What it
 * accepts beyond them, no client with typed numbers can read.
 */
final class Bounds {
  /** Whole numbers that JSON carries exactly. */
  private static final long MAX_EXACT = (1L << 53) - 1;

  /** Kubernetes' own, with an exponent that can be written out. */
  private static final String QUANTITY =
      "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))"
          + "(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?[0-9]{1,2}))?$";

  /** Adds them to a whole number. */
  static void addTo(ObjectNode schema) {
    switch (schema.path("format").asText()) {
      case "int32" -> ofInt32(schema);
      case "int64" -> {
        atLeast(schema, -MAX_EXACT);
        atMost(schema, MAX_EXACT);
      }
      default -> {}
    }
  }

  static ObjectNode ofInt32(ObjectNode schema) {
    atLeast(schema, Integer.MIN_VALUE);
    atMost(schema, Integer.MAX_VALUE);
    return schema;
  }

  static ObjectNode ofQuantity(ObjectNode schema) {
    return schema.put("pattern", QUANTITY);
  }

  private static void atLeast(ObjectNode schema, long minimum) {
    if (!schema.has("minimum")) {
      schema.put("minimum", minimum);
    }
  }

  private static void atMost(ObjectNode schema, long maximum) {
    if (!schema.has("maximum")) {
      schema.put("maximum", maximum);
    }
  }

  private Bounds() {}
}
