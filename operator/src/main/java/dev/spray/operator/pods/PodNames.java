package dev.spray.operator.pods;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Names of pods: always chosen here, never by the API server, so that a create that is sent again
 * finds the first one instead of making a second pod.
 */
public final class PodNames {
  /** KubeRay cuts what stands before {@code -worker} to this length. */
  private static final int MAX_PREFIX = 50;

  /** Kubernetes' alphabet for random suffixes: no vowels, no look-alikes. */
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private static final int SUFFIX_LENGTH = 5;
  private static final int MAX_LABEL_VALUE = 63;

  /** {@code <cluster>-head}: whole, so that long names stay different. */
  public static String head(String cluster) {
    return cluster + "-head";
  }

  /**
   * KubeRay's {@code <cluster>-<group>-worker-<suffix>}. The suffix follows from the arguments
   * alone: whoever asks again, also after a crash or with a stale cache, gets the same name.
   *
   * @param index the worker's replica index
   * @param taken names that must not be used: of pods that exist, or that are wanted gone
   */
  public static String worker(
      String clusterUid, String cluster, String group, int index, Predicate<String> taken) {
    return name(workers(cluster, group), String.join("/", clusterUid, group, index + ""), taken);
  }

  /** As {@link #worker(String, String, String, int, Predicate)}, for one host of a replica. */
  public static String worker(
      String clusterUid, String cluster, String group, Host host, Predicate<String> taken) {
    String seed = String.join("/", clusterUid, group, host.replicaName(), host.hostIndex() + "");
    return name(workers(cluster, group), seed, taken);
  }

  /**
   * KubeRay's {@code <group>-<suffix>}, which the hosts of a replica have as a label.
   *
   * @param index the replica's
   * @param taken names of replicas of which there still are pods
   */
  public static String replica(
      String clusterUid, String group, int index, Predicate<String> taken) {
    int longest = MAX_LABEL_VALUE - SUFFIX_LENGTH - 1;
    String cut = group.length() <= longest ? group : group.substring(0, longest);
    return name(cut + "-", String.join("/", "replica", clusterUid, group, index + ""), taken);
  }

  private static String workers(String cluster, String group) {
    return prefix(cluster + "-" + group) + "-worker-";
  }

  private static String name(String prefix, String seed, Predicate<String> taken) {
    for (int attempt = 0; ; attempt++) {
      String name = prefix + suffix(seed + "/" + attempt);
      if (!taken.test(name)) {
        return name;
      }
    }
  }

  private static String prefix(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    String cut = lower.length() <= MAX_PREFIX ? lower : lower.substring(0, MAX_PREFIX);
    // A cut just after a dot would make "….-worker", which is no DNS name.
    return cut.replaceAll("[.-]+$", "");
  }

  private static String suffix(String seed) {
    byte[] hash;
    try {
      hash = MessageDigest.getInstance("SHA-256").digest(seed.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    StringBuilder suffix = new StringBuilder();
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      suffix.append(ALPHABET.charAt(Byte.toUnsignedInt(hash[i]) % ALPHABET.length()));
    }
    return suffix.toString();
  }

  private PodNames() {}
}
