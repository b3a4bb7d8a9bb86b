package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * Images by name.
 *
 * @param byDefault name of the one for clusters that name none
 * @param catalogue name to the image's versions, the one for clusters that name no Ray version
 *     first
 */
public record Images(
    @JsonProperty("default") String byDefault, Map<String, List<ImageVersion>> catalogue) {

  public Images {
    catalogue = Absent.or(catalogue);
  }

  /**
   * A version of an image.
   *
   * @param rayVersion of the Ray in it, for example {@code 2.60.0}
   * @param pythonVersion of its Python, for example {@code 3.12}
   * @param image reference
   */
  public record ImageVersion(String rayVersion, String pythonVersion, String image) {}
}
