package dev.spray.operator.cluster;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.resources.HeadService;
import dev.spray.operator.resources.ServeService;
import dev.spray.operator.resources.WorkerService;
import java.util.List;
import java.util.stream.Stream;

/** Finds services that are asked for and can't be made; pure. */
final class ServiceProblems {

  static List<String> of(RayCluster cluster) {
    return Stream.concat(serve(cluster).stream(), twoOfOneName(cluster).stream()).toList();
  }

  private static List<String> serve(RayCluster cluster) {
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

  /** They would be applied in turn, over and over. */
  private static List<String> twoOfOneName(RayCluster cluster) {
    String head = HeadService.name(cluster);
    boolean serve = ServeService.isAskedFor(cluster) && head.equals(ServeService.name(cluster));
    boolean workers =
        WorkerService.isNeeded(cluster.getSpec()) && head.equals(WorkerService.name(cluster));
    return serve || workers
        ? List.of(
            "spec.headGroupSpec.headService.metadata.name is %s, which is the name of the service %s"
                    .formatted(head, serve ? "for Ray Serve" : "of the multi-host workers")
                + ": choose another")
        : List.of();
  }

  private ServiceProblems() {}
}
