package dev.spray.operator.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.List;
import java.util.Optional;

/** What stands in a pod template that may lack anything; pure. */
final class Templates {

  static PodSpec spec(PodTemplateSpec template) {
    return template == null || template.getSpec() == null ? new PodSpec() : template.getSpec();
  }

  /** The container that runs Ray; an empty one where there is none. */
  static Container rayContainer(PodTemplateSpec template) {
    List<Container> containers = spec(template).getContainers();
    return containers.isEmpty() ? new Container() : containers.getFirst();
  }

  /** An environment variable of the container that runs Ray; the last one of that name counts. */
  static Optional<EnvVar> variable(PodTemplateSpec template, String name) {
    return variable(rayContainer(template).getEnv(), name);
  }

  static Optional<EnvVar> variable(List<EnvVar> env, String name) {
    return env.stream().filter(e -> name.equals(e.getName())).reduce((before, last) -> last);
  }

  private Templates() {}
}
