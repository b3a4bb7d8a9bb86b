package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What people work with, beside the head.
 *
 * @param notebook whether there is Jupyter
 * @param vscode whether there is VS Code in the browser
 * @param tutorials whether tutorials lie there
 * @param ssh for a way in by ssh, through {@code pods/exec}
 * @param home where files stay
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlatformWorkspace(
    Boolean notebook, Boolean vscode, Boolean tutorials, Boolean ssh, PlatformHome home) {}
