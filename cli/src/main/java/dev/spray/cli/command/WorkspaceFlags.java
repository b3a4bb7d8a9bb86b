package dev.spray.cli.command;

import dev.spray.cli.kube.Request;
import picocli.CommandLine.Option;

/** What is to be beside a head. */
final class WorkspaceFlags {
  @Option(
      names = "--with-tutorials",
      negatable = true,
      description = "Notebooks to learn from, in a notebook server.")
  private Boolean tutorials;

  @Option(names = "--vscode-server", negatable = true, description = "VS Code in the browser.")
  private Boolean vscode;

  @Option(names = "--notebook", negatable = true, description = "A notebook server.")
  private Boolean notebook;

  @Option(names = "--ssh", negatable = true, description = "A way in by ssh.")
  private Boolean ssh;

  @Option(
      names = "--workspace-size",
      paramLabel = "SIZE",
      description = "A volume for the files of the workspace, for example 50Gi.")
  private String size;

  Request.Workspace request() {
    return new Request.Workspace(notebook, vscode, tutorials, ssh, size);
  }
}
