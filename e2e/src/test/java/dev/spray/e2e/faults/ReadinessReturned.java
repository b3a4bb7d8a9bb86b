package dev.spray.e2e.faults;

import dev.spray.api.RayLabels;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;

/**
 * Plays the kubelet after an outage: the node controller takes readiness from the pods of nodes
 * that it hasn't heard of for 40 seconds, and the simulated nodes never give it back.
 */
final class ReadinessReturned implements AutoCloseable {
  private final KubernetesClient admin;
  private final SharedIndexInformer<Pod> pods;

  ReadinessReturned(KubernetesClient admin) {
    this.admin = admin;
    pods =
        Endless.inform(admin.pods().inAnyNamespace().withLabel(RayLabels.CLUSTER), new Kubelet());
  }

  @Override
  public void close() {
    pods.close();
  }

  private static boolean isReady(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(condition ->
            condition.getType().equals("Ready") && condition.getStatus().equals("True"));
  }

  private final class Kubelet implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {}

    @Override
    public void onUpdate(Pod old, Pod pod) {
      if (!isReady(old) || isReady(pod) || pod.getMetadata().getDeletionTimestamp() != null) {
        return;
      }
      try {
        admin.resource(pod).editStatus(ReadinessReturned::ready);
      } catch (KubernetesClientException e) {
        // Gone meanwhile; else the run fails, because its cluster never gets ready again.
        System.out.println("no readiness for " + pod.getMetadata().getName() + ": " + e);
      }
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {}
  }

  private static Pod ready(Pod pod) {
    return new PodBuilder(pod)
        .editStatus()
        .editMatchingCondition(condition -> condition.getType().equals("Ready"))
        .withStatus("True")
        .endCondition()
        .endStatus()
        .build();
  }
}
