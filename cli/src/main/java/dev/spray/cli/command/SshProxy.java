package dev.spray.cli.command;

import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.PodExec;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The ProxyCommand of ssh. */
@Command(name = "ssh-proxy", hidden = true, description = "What ssh talks through.")
final class SshProxy extends Action {
  @Parameters(paramLabel = "CLUSTER")
  private String name;

  @Mixin private NodeOption node;

  @Option(names = "--key", required = true, paramLabel = "FILE")
  private Path key;

  @Override
  int run() throws IOException {
    Cluster cluster = cluster(name);
    PodExec exec =
        PodExec.inWorkspace(session().client(), cluster.namespace(), node.pod(this, cluster));
    return new SshServer(exec)
        .talk(
            terminal().in(),
            new FileOutputStream(FileDescriptor.out),
            Files.readString(key).strip());
  }
}
