package dev.spray.api.platform;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What stands for absent collections; the order in which people wrote them is kept. */
final class Absent {

  static <K, V> Map<K, V> or(Map<K, V> map) {
    return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  static <T> List<T> or(List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  private Absent() {}
}
