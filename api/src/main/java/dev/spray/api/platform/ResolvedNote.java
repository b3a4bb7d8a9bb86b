package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the annotation {@link #ANNOTATION} keeps of a resolution, as JSON: whether it is still of
 * this {@code spec.platform}, and what of the spec came from it. Any other text in it asks for
 * another resolution.
 *
 * @param configuration revision of the platform configuration
 * @param platform hash of {@code spec.platform}; absent: it is to be resolved again as if it were
 *     new
 * @param rayVersion that was written
 * @param pythonVersion of the image
 * @param imageName under which the image was looked up
 * @param image that was written
 * @param groups the numbers of each worker group that was written
 * @param wrote other fields of the spec that were written
 * @param warnings what the user should know of what was written
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ResolvedNote(
    String configuration,
    String platform,
    String rayVersion,
    String pythonVersion,
    String imageName,
    String image,
    Map<String, GroupNumbers> groups,
    List<String> wrote,
    List<String> warnings) {
  public static final String ANNOTATION = "sp-ray.dev/resolved";
  static final String AUTOSCALING = "enableInTreeAutoscaling";
  static final String AUTOSCALER_OPTIONS = "autoscalerOptions";
  static final String AUTH_OPTIONS = "authOptions";

  /** Nothing was resolved. */
  static final ResolvedNote NONE =
      new ResolvedNote(null, null, null, null, null, null, null, null, null);

  private static final ObjectMapper JSON = new ObjectMapper();

  public ResolvedNote {
    groups = Absent.or(groups);
    wrote = Absent.or(wrote);
    warnings = Absent.or(warnings);
  }

  /**
   * Numbers of a group as they were written, against which what is there now was scaled.
   *
   * @param replicas its replicas
   * @param min its minReplicas
   * @param max its maxReplicas
   */
  public record GroupNumbers(Integer replicas, Integer min, Integer max) {}

  /** The note of a resolution. */
  public static ResolvedNote of(
      String cluster,
      PlatformSpec platform,
      PlatformConfiguration configuration,
      Resolution.Resolved resolved) {
    Map<String, GroupNumbers> groups = new LinkedHashMap<>();
    resolved
        .groups()
        .forEach(group ->
            groups.put(
                group.groupName(),
                new GroupNumbers(group.replicas(), group.minReplicas(), group.maxReplicas())));
    List<String> wrote = new ArrayList<>();
    if (resolved.enableInTreeAutoscaling() != null) {
      wrote.add(AUTOSCALING);
    }
    if (resolved.autoscalerOptions() != null) {
      wrote.add(AUTOSCALER_OPTIONS);
    }
    if (resolved.authOptions() != null) {
      wrote.add(AUTH_OPTIONS);
    }
    return new ResolvedNote(
        configuration.revision(),
        hash(cluster, platform),
        resolved.rayVersion(),
        resolved.image().pythonVersion(),
        resolved.image().name(),
        resolved.image().image(),
        groups,
        wrote,
        resolved.warnings());
  }

  /**
   * What tells one {@code spec.platform} from another. Nothing is resolved from its lifecycle: to
   * give a cluster more time must not bring it another configuration. With a workspace the
   * cluster's name counts: whoever copies the cluster under another name has a token and a volume
   * of his own.
   */
  public static String hash(String cluster, PlatformSpec platform) {
    PlatformSpec resolved = platform.withoutLifecycle();
    return Hash.of(Workspace.of(platform).isPresent() ? Map.of(cluster, resolved) : resolved, 16);
  }

  /** The same, but that all is to follow the platform configuration anew. */
  public ResolvedNote again() {
    return new ResolvedNote(
        configuration, null, rayVersion, pythonVersion, imageName, image, groups, wrote, warnings);
  }

  /**
   * Whether what only the configuration decides stays as it was: the image and who may talk to the
   * cluster. Running pods have it, and new ones must get on with them.
   */
  public boolean settles() {
    return platform != null;
  }

  /** Reads it; empty when it is none. */
  public static Optional<ResolvedNote> read(String annotation) {
    try {
      return annotation == null || annotation.isEmpty()
          ? Optional.empty()
          : Optional.ofNullable(JSON.readValue(annotation, ResolvedNote.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** As it stands in the annotation. */
  public String text() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers is JSON", e);
    }
  }

  boolean wrote(String field) {
    return wrote.contains(field);
  }
}
