package dev.spray.api.platform;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a pod of the user's own template gets where that is silent: tolerations of the accelerators
 * that it asks for, isolation, and nodes that stream images.
 */
public final class Decoration {
  private final PlatformSpec platform;
  private final PlatformConfiguration configuration;
  private final Placing placing;
  private final List<String> problems = new ArrayList<>();

  /**
   * For one cluster.
   *
   * @param platform what it says; {@link PlatformSpec#NOTHING} for a plain one
   */
  public Decoration(PlatformSpec platform, PlatformConfiguration configuration) {
    this.platform = platform;
    this.configuration = configuration;
    this.placing = Placing.of(platform, configuration, problems);
  }

  /** Why it can't be, in sentences that say what can; empty: it can. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** What the user of these templates should know, in sentences with their remedies. */
  public List<String> warnings(Stream<PodSpec> templates) {
    return placing.streams()
        ? StreamingDoubts.of(
            templates.flatMap(pod ->
                Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())),
            configuration.placement().streamingRegistries())
        : List.of();
  }

  /** The pod with it. What the template says stands. */
  public PodSpec of(PodSpec pod) {
    PodSpecBuilder decorated = new PodSpecBuilder(pod);
    Map<String, String> selector = new LinkedHashMap<>(placing.nodeSelector());
    selector.putAll(orEmpty(pod.getNodeSelector()));
    if (!selector.equals(orEmpty(pod.getNodeSelector()))) {
      decorated.withNodeSelector(selector);
    }
    tolerations(pod).forEach(decorated::addToTolerations);
    Affinity affinity = affinity(pod);
    if (affinity != null) {
      decorated.withAffinity(affinity);
    }
    if (!isolatesItself(pod) && !pod.getContainers().isEmpty()) {
      placing
          .isolation()
          .port()
          .ifPresent(port -> decorated.editFirstContainer().addToPorts(port).endContainer());
    }
    if (isAbsent(pod.getServiceAccountName()) && !isAbsent(platform.serviceAccountName())) {
      decorated.withServiceAccountName(platform.serviceAccountName());
    }
    return decorated.build();
  }

  private static boolean isolatesItself(PodSpec pod) {
    return pod.getAffinity() != null && pod.getAffinity().getPodAntiAffinity() != null;
  }

  private Stream<Toleration> tolerations(PodSpec pod) {
    return Stream.of(configuration.gpu(), configuration.tpu())
        .filter(Objects::nonNull)
        .filter(nodes -> asksFor(pod, nodes.resource()))
        .flatMap(nodes -> nodes.tolerations().stream())
        .filter(
            toleration -> pod.getTolerations().stream().noneMatch(own -> covers(own, toleration)));
  }

  /** A toleration without key is one of everything. */
  private static boolean covers(Toleration own, Toleration other) {
    return isAbsent(own.getKey()) || own.getKey().equals(other.getKey());
  }

  private static boolean asksFor(PodSpec pod, String resource) {
    return pod.getContainers().stream()
        .map(Container::getResources)
        .filter(Objects::nonNull)
        .anyMatch(resources ->
            orEmpty(resources.getLimits()).containsKey(resource)
                || orEmpty(resources.getRequests()).containsKey(resource));
  }

  /** Null: the template's own stands. */
  private Affinity affinity(PodSpec pod) {
    Affinity ours = placing.affinity();
    Affinity own = pod.getAffinity() == null ? new Affinity() : pod.getAffinity();
    if (ours == null) {
      return null;
    }
    boolean choosesNodes =
        own.getNodeAffinity() != null
            || placing.preferred().keySet().stream()
                .anyMatch(orEmpty(pod.getNodeSelector())::containsKey);
    return new AffinityBuilder(own)
        .withNodeAffinity(choosesNodes ? own.getNodeAffinity() : ours.getNodeAffinity())
        .withPodAntiAffinity(
            own.getPodAntiAffinity() == null ? ours.getPodAntiAffinity() : own.getPodAntiAffinity())
        .build();
  }

  private static boolean isAbsent(String text) {
    return text == null || text.isEmpty();
  }

  private static <V> Map<String, V> orEmpty(Map<String, V> map) {
    return map == null ? Map.of() : map;
  }
}
