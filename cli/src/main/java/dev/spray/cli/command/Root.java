package dev.spray.cli.command;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command without a verb. */
@Command(
    name = "sp-ray",
    version = "sp-ray " + Versions.OWN,
    description = "Ray clusters with one command.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "A first cluster, and what it does:",
      "  sp-ray create cluster my-cluster --gpus-per-worker 1",
      "  sp-ray job submit --cluster my-cluster --working-dir . -- python train.py",
      "  sp-ray delete cluster my-cluster"
    })
public final class Root {
  /** The verbs, in the order of the help. */
  static final List<Class<?>> VERBS =
      List.of(
          Create.class,
          Get.class,
          Describe.class,
          Scale.class,
          Update.class,
          Upgrade.class,
          Edit.class,
          Apply.class,
          Diff.class,
          Delete.class,
          Suspend.class,
          Resume.class,
          Extend.class,
          Render.class,
          Job.class,
          Logs.class,
          Exec.class,
          Ssh.class,
          SshProxy.class,
          Copy.class,
          Connect.class,
          Connect.NotebookPage.class,
          Connect.CodePage.class,
          Connect.DashboardPage.class,
          Doctor.class,
          ConfigCommand.class,
          VersionCommand.class,
          Completion.class,
          Complete.class);

  @Mixin private final Globals globals;

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  private boolean version;

  public Root(Globals globals) {
    this.globals = globals;
  }

  Globals globals() {
    return globals;
  }

  boolean versionRequested() {
    return version;
  }
}
