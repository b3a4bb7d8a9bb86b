package dev.spray.operator.cluster;

import dev.spray.api.platform.Workspace;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.ObservedCluster;
import dev.spray.operator.observe.ObservedPod;
import dev.spray.operator.observe.Sidecar;
import java.util.Optional;

/**
 * What a status says of a cluster's workspace; pure. Nothing of it counts for the cluster's own
 * readiness: Ray runs with it or without.
 */
record WorkspaceView(Workspace workspace, Optional<ObservedPod> head) {

  /** Empty: the cluster asks for none. */
  static Optional<WorkspaceView> of(RayCluster cluster, ObservedCluster observed) {
    return Workspace.of(cluster.getSpec().platform())
        .map(workspace -> new WorkspaceView(workspace, observed.liveHead()));
  }

  /** Where the notebook server is, once the head has an address; null: nowhere. */
  String notebook() {
    return workspace.notebook() ? url(Workspace.NOTEBOOK_PORT) : null;
  }

  /** Where VS Code is; likewise. */
  String vscode() {
    return workspace.vscode() ? url(Workspace.VSCODE_PORT) : null;
  }

  private String url(int port) {
    return head.flatMap(ObservedPod::ip).map(ip -> "http://%s:%d".formatted(ip, port)).orElse(null);
  }

  /** Says of each part whether it is there: they come and go with the one container. */
  void tell(Conditions conditions) {
    tell(conditions, ConditionTypes.NOTEBOOK_READY, workspace.notebook());
    tell(conditions, ConditionTypes.IDE_READY, workspace.vscode());
    tell(conditions, ConditionTypes.TUTORIALS_READY, workspace.tutorials());
  }

  private void tell(Conditions conditions, String type, boolean wanted) {
    if (!wanted) {
      return;
    }
    if (head.isEmpty()) {
      conditions.set(type, false, "HeadPodNotFound", "The cluster has no head pod");
      return;
    }
    Optional<Sidecar> container = head.get().workspace();
    if (container.isPresent()) {
      Sidecar is = container.get();
      conditions.set(
          type,
          is.running(),
          is.running() ? "WorkspaceRunning" : is.reason(),
          is.running() ? "" : is.message());
    } else if (head.get().isRunning()) {
      conditions.set(
          type,
          false,
          "HeadPodOutdated",
          "The head pod was made without a workspace: it gets one when it is made anew");
    } else {
      conditions.set(type, false, "HeadPodNotRunning", "The head pod doesn't run yet");
    }
  }
}
