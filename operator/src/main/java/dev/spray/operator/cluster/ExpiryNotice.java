package dev.spray.operator.cluster;

import dev.spray.api.platform.PlatformStatus;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.Optional;

/**
 * A warning that stands in a cluster's status: its condition {@code Expiring}, and the time that
 * was named with it.
 *
 * @param reason what it warns of, and why: a warning of something else is another one
 * @param since when it was given
 * @param at before which nothing was to happen
 */
record ExpiryNotice(String reason, Instant since, Instant at) {

  /**
   * The one of a cluster; empty, too, when any of it can't be read: then it has to be given anew.
   */
  static Optional<ExpiryNotice> of(RayCluster cluster) {
    Optional<Condition> condition =
        Conditions.find(Conditions.of(cluster), ConditionTypes.EXPIRING)
            .filter(found -> "True".equals(found.getStatus()));
    Optional<Instant> since =
        condition.map(Condition::getLastTransitionTime).flatMap(Conditions::instant);
    Optional<Instant> at =
        condition
            .map(found -> cluster.getStatus().platform())
            .map(PlatformStatus::expiresAt)
            .flatMap(Conditions::instant);
    return since.isPresent() && at.isPresent()
        ? Optional.of(new ExpiryNotice(condition.get().getReason(), since.get(), at.get()))
        : Optional.empty();
  }
}
