package dev.spray.operator.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.List;
import java.util.Map;

/**
 * What every pod gets unless its cluster says otherwise.
 *
 * @param env of the Ray container
 * @param labels of the pod
 * @param annotations of the pod
 * @param headSidecars containers beside every head
 * @param workerSidecars containers beside every worker
 */
public record PodDefaults(
    List<EnvVar> env,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<Container> headSidecars,
    List<Container> workerSidecars) {

  /** Nothing. */
  public static final PodDefaults NONE = new PodDefaults(null, null, null, null, null);

  public PodDefaults {
    env = env == null ? List.of() : List.copyOf(env);
    labels = labels == null ? Map.of() : Map.copyOf(labels);
    annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
    headSidecars = headSidecars == null ? List.of() : List.copyOf(headSidecars);
    workerSidecars = workerSidecars == null ? List.of() : List.copyOf(workerSidecars);
  }
}
