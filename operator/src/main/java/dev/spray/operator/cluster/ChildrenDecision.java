package dev.spray.operator.cluster;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.plan.Action;
import dev.spray.operator.resources.Child;
import dev.spray.operator.resources.ChildSettings;
import dev.spray.operator.resources.Children;
import dev.spray.operator.resources.Desired;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Decides what is to be done for the objects that a cluster has beside its pods; pure. */
final class ChildrenDecision {

  static List<Action> decide(RayCluster cluster, ObservedCluster observed, ChildSettings settings) {
    return Children.desired(cluster, settings).stream()
        .flatMap(child -> decide(child, observed))
        .toList();
  }

  private static Stream<Action> decide(Child child, ObservedCluster observed) {
    HasMetadata desired = child.object();
    Optional<HasMetadata> actual =
        observed.child(desired.getKind(), desired.getMetadata().getName());
    if (actual.isEmpty()) {
      return Stream.of(new Action.Apply(desired, Optional.empty(), child.missing()));
    }
    if (Desired.isMetBy(desired, actual.get())) {
      return Stream.empty();
    }
    return Stream.of(
        new Action.Apply(
            desired, Optional.of(actual.get().getMetadata().getUid()), child.changed()));
  }

  private ChildrenDecision() {}
}
