package dev.spray.operator;

import dev.spray.operator.pods.PodSettings;
import dev.spray.operator.pods.RayDrain;
import dev.spray.operator.pods.WorkerIdentity;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Pods for tests: what they are made with, and what becomes of them in Kubernetes. */
public final class Pods {

  /** The operator's options, where they don't matter. */
  public static final PodSettings SETTINGS = PodSettings.standard("0");

  private static final Set<String> READ = Set.of("KUBERAY_GEN_RAY_START_CMD", RayDrain.VARIABLE);

  /** A worker of a group whose replicas have one host. */
  public static WorkerIdentity worker(String name, int index) {
    return new WorkerIdentity(name, index, Optional.empty());
  }

  /** What the operator sees of a pod that it created, as far as it looks at it. */
  public static Pod stored(Pod pod, String uid, Instant created) {
    return new PodBuilder()
        .withMetadata(pod.getMetadata())
        .withNewSpec()
        .withRestartPolicy(pod.getSpec().getRestartPolicy())
        .addAllToContainers(
            pod.getSpec().getContainers().stream()
                .map(container ->
                    new ContainerBuilder()
                        .withName(container.getName())
                        .withEnv(
                            container.getEnv().stream()
                                .filter(variable -> READ.contains(variable.getName()))
                                .toList())
                        .build())
                .toList())
        .endSpec()
        .editMetadata()
        .withUid(uid)
        .withResourceVersion("1")
        .withCreationTimestamp(created.toString())
        .endMetadata()
        .withNewStatus()
        .withPhase("Pending")
        .endStatus()
        .build();
  }

  public static Pod ready(Pod pod) {
    return withStatus(
        pod,
        new PodStatusBuilder()
            .withPhase("Running")
            .withPodIP("10.0.0.7")
            .addToConditions(condition("Ready", "True", null, null).build()));
  }

  public static Pod runningButNotReady(Pod pod) {
    return withStatus(
        pod,
        new PodStatusBuilder()
            .withPhase("Running")
            .addToConditions(
                condition("Ready", "False", "ContainersNotReady", "unready: [ray]").build()));
  }

  public static Pod unschedulable(Pod pod, String message) {
    return withStatus(
        pod,
        new PodStatusBuilder()
            .withPhase("Pending")
            .addToConditions(condition("PodScheduled", "False", "Unschedulable", message).build()));
  }

  public static Pod failed(Pod pod) {
    return withStatus(pod, new PodStatusBuilder().withPhase("Failed").withReason("Evicted"));
  }

  /** On its way out, and long overdue. */
  public static Pod terminating(Pod pod) {
    return terminating(pod, Instant.parse("2026-01-01T00:00:00Z"));
  }

  /**
   * On its way out.
   *
   * @param due when its kubelet must have removed it
   */
  public static Pod terminating(Pod pod, Instant due) {
    return new PodBuilder(pod)
        .editMetadata()
        .withDeletionTimestamp(due.toString())
        .endMetadata()
        .build();
  }

  /** Once it is more than pending, it has a node. */
  public static Pod withStatus(Pod pod, PodStatusBuilder status) {
    PodBuilder changed = new PodBuilder(pod).withStatus(status.build());
    return "Pending".equals(status.getPhase())
        ? changed.build()
        : changed.editSpec().withNodeName("node-1").endSpec().build();
  }

  public static PodConditionBuilder condition(
      String type, String status, String reason, String message) {
    return new PodConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage(message);
  }

  public static ContainerStatus waiting(String container, String reason, String message) {
    return new ContainerStatusBuilder()
        .withName(container)
        .withReady(false)
        .withState(
            new ContainerStateBuilder()
                .withNewWaiting()
                .withReason(reason)
                .withMessage(message)
                .endWaiting()
                .build())
        .build();
  }

  public static ContainerStatus ended(String container, int exitCode, String reason) {
    return new ContainerStatusBuilder()
        .withName(container)
        .withReady(false)
        .withState(
            new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(exitCode)
                .withReason(reason)
                .endTerminated()
                .build())
        .build();
  }

  private Pods() {}
}
