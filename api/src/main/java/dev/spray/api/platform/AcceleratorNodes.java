package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;

/**
 * How nodes with accelerators of a kind are found, and asked for them.
 *
 * @param resource what a container asks for, for example {@code nvidia.com/gpu}
 * @param label of the node; its value is the accelerator's
 * @param topologyLabel of the node; its value is the slice's topology. Of TPUs
 * @param image name of the image for clusters with such accelerators; absent: the default one
 * @param tolerations what the nodes' taints ask for
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AcceleratorNodes(
    String resource,
    String label,
    String topologyLabel,
    String image,
    List<Toleration> tolerations) {

  public AcceleratorNodes {
    tolerations = Absent.or(tolerations);
  }
}
