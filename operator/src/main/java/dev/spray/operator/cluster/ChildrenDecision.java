package dev.spray.operator.cluster;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.plan.Action;
import dev.spray.operator.resources.Child;
import dev.spray.operator.resources.ChildSettings;
import dev.spray.operator.resources.Children;
import dev.spray.operator.resources.Desired;
import dev.spray.operator.resources.HeadService;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Decides what is to be done for the objects that a cluster has beside its pods; pure. */
final class ChildrenDecision {

  /**
   * Deletions, then what is made or repaired, in the order in which it has to be done.
   *
   * @param more what is wanted beside what every such cluster has
   */
  static List<Action> decide(
      RayCluster cluster, ObservedCluster observed, ChildSettings settings, List<Child> more) {
    ChildSettings kept =
        observed.service(HeadService.name(cluster)).map(settings::keeping).orElse(settings);
    List<Child> desired = new ArrayList<>(more);
    desired.addAll(Children.desired(cluster, running(observed), kept));
    Stream<Action> unwanted =
        observed.children().stream()
            .filter(actual -> isUnwanted(actual, desired))
            .filter(actual -> !isHeadServiceInUse(actual, cluster, observed))
            .map(actual -> new Action.Delete(actual, Child.unwanted(actual)));
    Stream<Action> wanted =
        desired.stream().flatMap(child -> decide(child, observed(child, observed)).stream());
    return Stream.concat(unwanted, wanted).toList();
  }

  private static Set<String> running(ObservedCluster observed) {
    return observed.workers().stream().map(ObservedPod::group).collect(Collectors.toSet());
  }

  private static Optional<Action> decide(Child wish, Optional<HasMetadata> observed) {
    Child child = observed.map(wish::over).orElse(wish);
    HasMetadata desired = child.object();
    if (observed.isEmpty()) {
      return Optional.of(new Action.Apply(desired, Optional.empty(), child.missing()));
    }
    HasMetadata actual = observed.get();
    if (desired instanceof PersistentVolumeClaim && !Desired.wasApplied(actual)) {
      // Somebody made it for this cluster, and it is used as it is.
      return Optional.empty();
    }
    if (actual.isMarkedForDeletion() || Desired.isMetBy(desired, actual)) {
      // One that is on its way out is waited for: its successor has the same name.
      return Optional.empty();
    }
    if (!Desired.isReachableFrom(actual, desired)) {
      return Optional.of(new Action.Delete(actual, child.unchangeable()));
    }
    Optional<String> uid = Optional.of(actual.getMetadata().getUid());
    return Optional.of(new Action.Apply(desired, uid, child.changed()));
  }

  /**
   * Only what the operator has applied: others may give the cluster objects of their own. And never
   * data.
   */
  private static boolean isUnwanted(HasMetadata actual, List<Child> desired) {
    return !(actual instanceof PersistentVolumeClaim)
        && !actual.isMarkedForDeletion()
        && Desired.wasApplied(actual)
        && desired.stream().noneMatch(child -> isSame(child.object(), actual));
  }

  /**
   * A head service that got another name is kept under the old one as long as there are pods that
   * know no other.
   */
  private static boolean isHeadServiceInUse(
      HasMetadata actual, RayCluster cluster, ObservedCluster observed) {
    boolean headService =
        actual instanceof Service
            && RayLabels.HEAD.equals(actual.getMetadata().getLabels().get(RayLabels.NODE_TYPE));
    if (!headService) {
      return false;
    }
    Optional<Instant> renamed =
        observed
            .service(HeadService.name(cluster))
            .map(service -> service.getMetadata().getCreationTimestamp())
            .map(Instant::parse);
    return renamed.isEmpty()
        || observed.pods().stream()
            .flatMap(pod -> pod.created().stream())
            .anyMatch(created -> !created.isAfter(renamed.get()));
  }

  private static Optional<HasMetadata> observed(Child child, ObservedCluster observed) {
    return observed.child(child.object().getKind(), child.object().getMetadata().getName());
  }

  private static boolean isSame(HasMetadata desired, HasMetadata actual) {
    return desired.getKind().equals(actual.getKind())
        && desired.getMetadata().getName().equals(actual.getMetadata().getName());
  }

  private ChildrenDecision() {}
}
