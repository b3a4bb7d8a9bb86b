package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What people ask of a cluster with {@code spec.platform}.
 *
 * @param configuration revision of the platform configuration that completed it
 * @param rayVersion of its image
 * @param pythonVersion of its image
 * @param serviceAccountName as whom its pods run
 * @param server where a Ray client connects
 * @param dashboard where the dashboard is
 * @param notebook where the notebook server is; absent: there is none, or it has no address yet
 * @param vscode where VS Code is; likewise
 * @param expiresAt when it is suspended or deleted at the earliest, as its users are warned;
 *     absent: nothing is due
 * @param head effective size of the head
 * @param groups effective sizes of its worker groups
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlatformStatus(
    String configuration,
    String rayVersion,
    String pythonVersion,
    String serviceAccountName,
    String server,
    String dashboard,
    String notebook,
    String vscode,
    String expiresAt,
    PlatformPodStatus head,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<PlatformPodStatus> groups) {

  public PlatformStatus {
    groups = groups == null ? List.of() : List.copyOf(groups);
  }

  /** The same, of a cluster that nobody is warned about. */
  public PlatformStatus withoutExpiry() {
    return new PlatformStatus(
        configuration,
        rayVersion,
        pythonVersion,
        serviceAccountName,
        server,
        dashboard,
        notebook,
        vscode,
        null,
        head,
        groups);
  }
}
