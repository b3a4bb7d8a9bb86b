package dev.spray.operator.observe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Names of pods that are gone. A name should stand for one pod only: Ray's autoscaler knows workers
 * by it, and keeps dead ones in mind; so do logs and metrics. It is remembered as long as there is
 * room, and not over a restart: to use a name again is unlucky, not wrong.
 */
final class PastPods {
  private static final int CLUSTERS = 1000;
  private static final int NAMES_PER_CLUSTER = 100;

  private final Map<String, Set<String>> names = new Recent<>(CLUSTERS);

  /** Notes that there is no such pod any more. */
  synchronized void gone(String clusterUid, String name) {
    names
        .computeIfAbsent(
            clusterUid, uid -> Collections.newSetFromMap(new Recent<>(NAMES_PER_CLUSTER)))
        .add(name);
  }

  /** Names that pods of this cluster had. */
  synchronized Set<String> of(String clusterUid) {
    return Set.copyOf(names.getOrDefault(clusterUid, Set.of()));
  }

  /** Forgets the oldest entry when it is full. */
  private static final class Recent<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;
    private final int capacity;

    Recent(int capacity) {
      this.capacity = capacity;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > capacity;
    }
  }
}
