package dev.spray.operator.cluster;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.RollingUpdate;
import dev.spray.api.raycluster.UpgradeStrategy;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what is wrong with how a cluster is to be upgraded; pure. */
final class UpgradeProblems {
  private static final Set<String> CREATORS = Set.of("RayJob", "RayService");

  static List<String> of(RayCluster cluster) {
    UpgradeStrategy strategy = cluster.getSpec().upgradeStrategy();
    List<String> problems = new ArrayList<>();
    if (strategy == null) {
      return problems;
    }
    Map<String, String> labels = cluster.getMetadata().getLabels();
    String creator = labels == null ? null : labels.get(RayLabels.ORIGINATED_FROM_CRD);
    if (strategy.type() != null && creator != null && CREATORS.contains(creator)) {
      problems.add(
          "spec.upgradeStrategy is for clusters of their own, and a %s made this one: remove it"
              .formatted(creator));
    }
    if (strategy.rollingUpdate() != null) {
      problems.addAll(of(strategy, strategy.rollingUpdate()));
    }
    return problems;
  }

  private static List<String> of(UpgradeStrategy strategy, RollingUpdate update) {
    List<String> problems = new ArrayList<>();
    if (!UpgradeStrategy.ROLLING_UPDATE.equals(strategy.type())) {
      problems.add(
          "upgradeStrategy.rollingUpdate is for type: RollingUpdate; set that type, or remove it");
    }
    addUnlessAmount(update.maxSurge(), "maxSurge", problems);
    addUnlessAmount(update.maxUnavailable(), "maxUnavailable", problems);
    if (RollingUpdate.isZero(update.maxSurge())
        && (update.maxUnavailable() == null || RollingUpdate.isZero(update.maxUnavailable()))) {
      problems.add(
          "upgradeStrategy.rollingUpdate can't have both maxSurge and maxUnavailable at 0, as no"
              + " pod could be replaced then: raise one of them");
    }
    return problems;
  }

  private static void addUnlessAmount(IntOrString value, String name, List<String> problems) {
    if (!RollingUpdate.isAmount(value)) {
      problems.add(
          "upgradeStrategy.rollingUpdate.%s must be a whole number from 0, or a percentage such as"
                  .formatted(name)
              + " 25%");
    }
  }

  private UpgradeProblems() {}
}
