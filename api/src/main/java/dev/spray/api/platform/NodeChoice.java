package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is asked of a node.
 *
 * @param nodeSelector labels that it must have; {@link #RESERVATION} in a value stands for the name
 *     of the group's reservation
 * @param tolerations what its taints ask for
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NodeChoice(Map<String, String> nodeSelector, List<Toleration> tolerations) {
  static final String RESERVATION = "{reservation}";

  public NodeChoice {
    nodeSelector = Absent.or(nodeSelector);
    tolerations = Absent.or(tolerations);
  }

  boolean needsReservation() {
    return nodeSelector.values().stream().anyMatch(value -> value.contains(RESERVATION));
  }

  /** For a reservation of that name; null: for none. */
  NodeChoice of(String reservation) {
    Map<String, String> labels = new LinkedHashMap<>();
    nodeSelector.forEach((label, value) ->
        labels.put(label, reservation == null ? value : value.replace(RESERVATION, reservation)));
    return new NodeChoice(labels, tolerations);
  }
}
