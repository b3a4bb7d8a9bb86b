package dev.spray.operator.cluster;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.resources.ServeService;
import java.util.List;

/** Finds where a service for Ray Serve is asked for that can't be made; pure. */
final class ServeProblems {

  static List<String> of(RayCluster cluster) {
    var template = cluster.getSpec().headGroupSpec().template();
    boolean impossible =
        ServeService.isAskedFor(cluster)
            && !Templates.spec(template).getContainers().isEmpty()
            && !ServeService.isPossible(cluster);
    return impossible
        ? List.of(
            "the annotation %s asks for a service, and no port of the head's Ray container is called"
                    .formatted(RayLabels.ENABLE_SERVE_SERVICE)
                + " serve, or starts with serve-: name one so, or remove the annotation")
        : List.of();
  }

  private ServeProblems() {}
}
