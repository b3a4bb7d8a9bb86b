package dev.spray.cli.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** How far a cluster is on its way; pure. */
public sealed interface Health {

  /**
   * On its way.
   *
   * @param phase what is waited for, for people
   */
  record Working(String phase) implements Health {}

  /** All that was asked for is there. */
  record Ready() implements Health {}

  /** It won't get there by itself. */
  record Broken(Failure failure) implements Health {}

  /**
   * What may take how long before it counts as broken.
   *
   * @param operator until the operator says anything
   * @param nodes until somebody brings a node for a pod that none has room for
   */
  record Patience(Duration operator, Duration nodes) {
    /** What people bear, and machines need. */
    public static final Patience USUAL =
        new Patience(Duration.ofSeconds(30), Duration.ofSeconds(30));
  }

  /** Containers whose image doesn't come. */
  Set<String> IMAGE_TROUBLE =
      Set.of("ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError");

  /**
   * Looks at a cluster that is to become ready.
   *
   * @param notes what node providers said of the pods: reasons of Events, for example {@code
   *     TriggeredScaleUp}
   * @param since when the wait began
   */
  static Health of(
      Cluster cluster,
      List<RayPod> pods,
      Set<String> notes,
      Patience patience,
      Instant since,
      Instant now) {
    if (cluster.is("Stalled") && cluster.observed()) {
      return new Broken(stalled(cluster));
    }
    if (cluster.state().equals("Ready") && cluster.observed()) {
      return new Ready();
    }
    Duration waited = Duration.between(since, now);
    if (cluster.status().isMissingNode() || !cluster.observed()) {
      return waited.compareTo(patience.operator()) < 0
          ? new Working("waiting for the operator")
          : new Broken(unattended(cluster));
    }
    Failure refused = refusal(cluster);
    if (refused != null) {
      return new Broken(refused);
    }
    for (RayPod pod : pods) {
      Failure trouble = trouble(cluster, pod, notes, patience, now);
      if (trouble != null) {
        return new Broken(trouble);
      }
    }
    return new Working(phase(cluster, pods));
  }

  private static Failure stalled(Cluster cluster) {
    JsonNode stalled = cluster.condition("Stalled");
    String message = Objects.requireNonNullElse(Json.text(stalled, "message"), "");
    return new Failure(
            gpu(message) ? ErrorCode.GPU_UNAVAILABLE : ErrorCode.INVALID_CONFIG,
            "cluster " + cluster.name() + " can't be carried out as it stands")
        .because(message)
        .suggesting("sp-ray edit cluster " + cluster.name() + " -n " + cluster.namespace());
  }

  private static boolean gpu(String message) {
    return message.contains("accelerator") || message.contains("GPU");
  }

  private static Failure unattended(Cluster cluster) {
    String other = Json.text(cluster.spec(), "managedBy");
    return new Failure(
            ErrorCode.OPERATOR_NOT_RUNNING, "nobody takes care of cluster " + cluster.name())
        .because(
            other == null || other.equals("ray.io/kuberay-operator")
                ? "its status says nothing of what it is now"
                : "spec.managedBy names " + other)
        .suggesting("sp-ray doctor");
  }

  /** The API server refused the operator a pod. */
  private static Failure refusal(Cluster cluster) {
    if (!cluster.is("ReplicaFailure")) {
      return null;
    }
    String message = Json.text(cluster.condition("ReplicaFailure"), "message");
    if (message != null && message.contains("exceeded quota")) {
      return new Failure(
              ErrorCode.QUOTA_EXCEEDED,
              "the quota of namespace " + cluster.namespace() + " is used up")
          .because(message)
          .suggesting(
              "ask for less, or delete what is not needed: sp-ray get clusters -n "
                  + cluster.namespace());
    }
    if (message != null && (message.contains("forbidden") || message.contains("denied"))) {
      return new Failure(
              ErrorCode.INVALID_CONFIG, "the pods of cluster " + cluster.name() + " are refused")
          .because(message);
    }
    return null;
  }

  private static Failure trouble(
      Cluster cluster, RayPod pod, Set<String> notes, Patience patience, Instant now) {
    String where = " -n " + cluster.namespace();
    if (IMAGE_TROUBLE.contains(pod.status())) {
      return new Failure(ErrorCode.IMAGE_PULL, "image " + pod.image() + " can't be pulled")
          .because(pod.detail())
          .suggesting(
              "check its name and who may pull it; then: sp-ray update cluster "
                  + cluster.name()
                  + where
                  + " --image IMAGE");
    }
    if (pod.status().equals("CreateContainerConfigError")) {
      return new Failure(ErrorCode.INVALID_CONFIG, "pod " + pod.name() + " can't start")
          .because(pod.detail());
    }
    if (pod.status().equals("CrashLoopBackOff")) {
      return new Failure(ErrorCode.WORKLOAD_FAILED, "pod " + pod.name() + " ends again and again")
          .because(pod.detail())
          .suggesting(
              "sp-ray logs " + cluster.name() + where + " --node " + pod.name() + " --previous");
    }
    if (!pod.status().equals("Unschedulable") || notes.contains("TriggeredScaleUp")) {
      return null;
    }
    boolean overdue =
        Duration.between(Instant.parse(pod.created()), now).compareTo(patience.nodes()) >= 0;
    return overdue || notes.contains("NotTriggerScaleUp") ? homeless(cluster, pod) : null;
  }

  private static Failure homeless(Cluster cluster, RayPod pod) {
    boolean gpu = !pod.gpus().equals("0");
    String type = pod.selector().get("cloud.google.com/gke-accelerator");
    String what =
        gpu
            ? "no node has "
                + pod.gpus()
                + " free GPU"
                + (type == null ? "" : " " + type)
                + " for "
                + pod.name()
            : "no node has room for " + pod.name();
    return new Failure(gpu ? ErrorCode.GPU_UNAVAILABLE : ErrorCode.UNSCHEDULABLE, what)
        .because(pod.detail())
        .suggesting(
            gpu
                ? "sp-ray get gpus, and another --worker-gpu-type or --gpus-per-worker; cluster "
                    + cluster.name()
                    + " goes on waiting until it is deleted"
                : "fewer or smaller workers; cluster "
                    + cluster.name()
                    + " goes on waiting until it is deleted");
  }

  private static String phase(Cluster cluster, List<RayPod> pods) {
    RayPod head = pods.stream().filter(RayPod::head).findFirst().orElse(null);
    if (head == null) {
      return cluster.suspended() ? "suspending" : "creating the head";
    }
    if (!head.ready()) {
      return "head: " + step(head);
    }
    List<RayPod> workers = pods.stream().filter(pod -> !pod.head()).toList();
    long ready = workers.stream().filter(RayPod::ready).count();
    String count = "workers " + ready + "/" + cluster.workers();
    return workers.stream()
        .filter(pod -> !pod.ready())
        .findFirst()
        .map(pod -> "head ready, " + count + ": " + step(pod))
        .orElse("head ready, " + count);
  }

  private static String step(RayPod pod) {
    return switch (pod.status()) {
      case "Unschedulable" -> "waiting for a node";
      case "Pending" -> pod.node() == null ? "scheduling" : "starting on " + pod.node();
      case "ContainerCreating", "PodInitializing" -> "pulling the image";
      case "ErrImagePull" -> "pulling the image again";
      case "Running" -> "starting Ray";
      default -> pod.status();
    };
  }
}
