package dev.spray.operator.observe;

import dev.spray.operator.pods.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A pod of a cluster, as far as decisions and status need it.
 *
 * @param resourceVersion the version that was looked at
 * @param head whether it is a head; else a worker
 * @param group its worker group; {@code headgroup} on heads
 * @param index its replica index; empty on pods that carry none
 * @param host which host of its replica it is; empty where replicas have one
 * @param created when it was created; empty right after the operator asked for it
 * @param node the node that it was given; empty while it waits for one
 * @param phase Kubernetes' pod phase
 * @param ready whether its Ready condition is true, or would be but for a workspace
 * @param readyReason why it is not ready, as far as the API tells: a condition's or a container's
 *     reason
 * @param readyMessage the text that goes with it
 * @param ip its address, once it has one
 * @param terminating whether its deletion has been asked for
 * @param due when it should be gone: a kubelet that is alive gives it no longer than that; empty
 *     while it may stay, and right after the operator asked for the deletion
 * @param nodeGone whether its node is known not to exist any more
 * @param drain how long Ray in it goes on with its work when it is told to end; empty: not known
 * @param revision of what the spec said of it when it was made; empty on pods of other operators
 * @param pull how long it waited for its image; empty: not known
 * @param workspace how the workspace beside a head is; empty: it has none
 * @param failure why it can't run Ray any more and must be replaced; empty for a healthy pod
 */
public record ObservedPod(
    String namespace,
    String name,
    String uid,
    String resourceVersion,
    boolean head,
    String group,
    Optional<Integer> index,
    Optional<Host> host,
    Optional<Instant> created,
    Optional<String> node,
    String phase,
    boolean ready,
    String readyReason,
    String readyMessage,
    Optional<String> ip,
    boolean terminating,
    Optional<Instant> due,
    boolean nodeGone,
    Optional<Duration> drain,
    Optional<String> revision,
    Optional<ImagePull> pull,
    Optional<Sidecar> workspace,
    Optional<String> failure) {

  /** Neither on its way out nor broken. */
  public boolean isLive() {
    return !terminating && failure.isEmpty();
  }

  /** It has a node. */
  public boolean isScheduled() {
    return node.isPresent();
  }

  /** Its containers run. */
  public boolean isRunning() {
    return "Running".equals(phase);
  }

  ObservedPod asTerminating() {
    return with(true, nodeGone);
  }

  ObservedPod asOnGoneNode() {
    return with(terminating, true);
  }

  private ObservedPod with(boolean terminating, boolean nodeGone) {
    return new ObservedPod(
        namespace,
        name,
        uid,
        resourceVersion,
        head,
        group,
        index,
        host,
        created,
        node,
        phase,
        ready,
        readyReason,
        readyMessage,
        ip,
        terminating,
        due,
        nodeGone,
        drain,
        revision,
        pull,
        workspace,
        failure);
  }
}
