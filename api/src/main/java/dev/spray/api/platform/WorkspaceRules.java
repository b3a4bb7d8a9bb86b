package dev.spray.api.platform;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What the workspaces of a platform are made of.
 *
 * @param toolsImage reference of the image that has notebook, editor and tutorials under {@link
 *     Workspace#TOOLS}; absent: there are no workspaces on this platform
 * @param size of the workspace's container: the CPUs that it asks for, and the memory that it may
 *     have where the head leaves as much
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkspaceRules(String toolsImage, Size size) {

  /** Nothing said. */
  static final WorkspaceRules NONE = new WorkspaceRules(null, null);

  boolean arePossible() {
    return toolsImage != null && !toolsImage.isEmpty() && size != null;
  }
}
