package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Which pods of a group go first when it shrinks.
 *
 * @param workersToDelete names of pods of the group; Ray's autoscaler writes them
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScaleStrategy(
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> workersToDelete) {

  public ScaleStrategy {
    workersToDelete = workersToDelete == null ? List.of() : List.copyOf(workersToDelete);
  }
}
