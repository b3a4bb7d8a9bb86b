package dev.spray.cli.command;

import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.PodExec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Opens ssh to a node, through the API server. */
@Command(
    name = "ssh",
    description = {
      "Open ssh to a node of a cluster, through pods/exec: no port is open, and who may exec may enter.",
      "It leads into the workspace, where the cluster has one; elsewhere the image must have an OpenSSH server. Needs ssh here."
    })
final class Ssh extends Action {
  @Parameters(index = "0", paramLabel = "CLUSTER", description = "The cluster.")
  private String name;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "ARGUMENT",
      description = "More for ssh, after --: options, a command.")
  private List<String> arguments = List.of();

  @Mixin private NodeOption node;

  @Option(
      names = "--config",
      description =
          "Instead, write an entry for ~/.ssh/config, so that ssh, scp, rsync and VS Code Remote find the cluster as CLUSTER.NAMESPACE.ray.")
  private boolean config;

  @Override
  int run() throws IOException, InterruptedException {
    Cluster cluster = cluster(name);
    Path directory =
        Path.of(
            globals().environment().getOrDefault("HOME", System.getProperty("user.home")),
            ".ssh",
            "sp-ray");
    String pod = node.pod(this, cluster);
    // Asked before ssh is: what ssh says of a server that isn't there helps nobody.
    String user =
        new SshServer(PodExec.inWorkspace(session().client(), cluster.namespace(), pod)).user();
    List<String> options = options(cluster, pod, user, key(directory));
    String host = cluster.name() + "." + cluster.namespace() + ".ray";
    if (config) {
      return written(directory.resolve("config"), host, options);
    }
    List<String> line = new ArrayList<>(List.of("ssh"));
    options.forEach(option -> line.addAll(List.of("-o", option)));
    line.add(host);
    line.addAll(arguments);
    try {
      return new ProcessBuilder(line).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "ssh can't be run")
          .because(e.getMessage())
          .suggesting("install OpenSSH, or use sp-ray exec " + name);
    }
  }

  private List<String> options(Cluster cluster, String pod, String user, Path key) {
    String launcher = System.getProperty("sp-ray.launcher", "sp-ray");
    return List.of(
        "ProxyCommand="
            + launcher
            + " ssh-proxy "
            + cluster.name()
            + globals().words()
            + " --node "
            + pod
            + " --key "
            + key
            + ".pub",
        // Who that is, the API server has made sure of; the server's own key is as young as its
        // pod.
        "StrictHostKeyChecking=no",
        "UserKnownHostsFile=/dev/null",
        "LogLevel=ERROR",
        "IdentityFile=" + key,
        "IdentitiesOnly=yes",
        "User=" + user);
  }

  private int written(Path file, String host, List<String> options) throws IOException {
    List<String> lines = new ArrayList<>();
    if (Files.exists(file)) {
      boolean ours = false;
      for (String line : Files.readAllLines(file)) {
        ours = line.startsWith("Host ") ? line.equals("Host " + host) : ours;
        if (!ours) {
          lines.add(line);
        }
      }
    }
    lines.add("Host " + host);
    options.forEach(option -> lines.add("  " + option.replaceFirst("=", " ")));
    Files.write(file, lines);
    say("Wrote " + host + " to " + file);
    say("Once, add this to the beginning of ~/.ssh/config: Include " + file);
    return 0;
  }

  /** A key of this program's own, made when it is first needed. */
  private static Path key(Path directory) throws IOException, InterruptedException {
    Path key = directory.resolve("id_ed25519");
    if (!Files.exists(key)) {
      Files.createDirectories(directory);
      int code;
      try {
        code =
            new ProcessBuilder(
                    "ssh-keygen",
                    "-q",
                    "-t",
                    "ed25519",
                    "-N",
                    "",
                    "-C",
                    "sp-ray",
                    "-f",
                    key.toString())
                .inheritIO()
                .start()
                .waitFor();
      } catch (IOException e) {
        throw new Failure(ErrorCode.INVALID_CONFIG, "ssh-keygen can't be run")
            .because(e.getMessage())
            .suggesting("install OpenSSH");
      }
      if (code != 0) {
        throw new Failure(ErrorCode.INVALID_CONFIG, "ssh-keygen made no key " + key);
      }
    }
    return key;
  }
}
