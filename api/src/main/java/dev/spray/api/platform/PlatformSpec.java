package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * What a user says of a cluster who leaves the rest to the platform. What is absent comes from the
 * {@link PlatformConfiguration}; {@link Resolve} makes a head and worker groups of it.
 *
 * @param image a name from the platform configuration, or a reference; absent: the default one
 * @param serviceAccountName as whom the pods run; absent: the platform configuration's
 * @param placement on which nodes the pods may lie
 * @param lifecycle when the cluster goes by itself
 * @param head size of the head pod
 * @param groups the worker groups, one per {@code groupName}; absent: a head alone
 * @param workspace notebook and editor beside the head
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlatformSpec(
    @Size(max = PlatformSpec.LONGEST_IMAGE) String image,
    @Size(max = PlatformSpec.LONGEST_NAME) String serviceAccountName,
    PlatformPlacement placement,
    PlatformLifecycle lifecycle,
    PlatformHead head,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) @Size(max = PlatformSpec.MOST_GROUPS)
        List<PlatformGroup> groups,
    PlatformWorkspace workspace) {

  /** More than anybody has; it bounds what rules over them may cost. */
  static final int MOST_GROUPS = 100;

  static final int LONGEST_NAME = 253;
  static final int LONGEST_IMAGE = 1024;

  /** Nothing said: a head as the platform configuration has it. */
  public static final PlatformSpec NOTHING =
      new PlatformSpec(null, null, null, null, null, null, null);

  public PlatformSpec {
    groups = groups == null ? List.of() : List.copyOf(groups);
  }

  /** The same, as far as pods and what is beside them follow from it. */
  PlatformSpec withoutLifecycle() {
    return new PlatformSpec(image, serviceAccountName, placement, null, head, groups, workspace);
  }

  /** Whether it names pods: then the user's own groups have no place beside it. */
  public boolean namesPods() {
    return head != null || !groups.isEmpty();
  }
}
