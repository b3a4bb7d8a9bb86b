package dev.spray.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;

/** What the caches keep of an object: a whole pod costs 33 KB of heap, a pruned one under 5. */
final class Pruned {

  /** Keeps what {@link PodReading} reads: identity, the containers' names, the status. */
  static Pod pod(Pod pod) {
    return new PodBuilder(pod)
        .withMetadata(metadata(pod.getMetadata()))
        .withNewSpec()
        .withNodeName(pod.getSpec().getNodeName())
        .withRestartPolicy(pod.getSpec().getRestartPolicy())
        .withContainers(
            pod.getSpec().getContainers().stream()
                .map(container -> new ContainerBuilder().withName(container.getName()).build())
                .toList())
        .endSpec()
        .build();
  }

  /** Keeps all but the bookkeeping: it is compared with what is wanted. */
  static Service service(Service service) {
    return new ServiceBuilder(service).editMetadata().withManagedFields().endMetadata().build();
  }

  private static ObjectMeta metadata(ObjectMeta metadata) {
    return new ObjectMetaBuilder(metadata).withManagedFields().withAnnotations(null).build();
  }

  private Pruned() {}
}
