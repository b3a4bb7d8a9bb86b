package dev.spray.cli.command;

import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
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

/**
 * The ProxyCommand of ssh: an ssh server in the pod that talks through pods/exec and ends with it.
 */
@Command(name = "ssh-proxy", hidden = true, description = "What ssh talks through.")
final class SshProxy extends Action {
  private static final int NO_SERVER = 127;

  /**
   * The server runs as whoever the container runs as, and lets in only the key that it is given.
   */
  private static final String SERVER =
      """
      umask 077
      d=/tmp/.sp-ray-ssh
      mkdir -p "$d"
      s=
      for c in /opt/sp-ray-tools/sshd /opt/sp-ray-tools/sbin/sshd /usr/sbin/sshd; do
        if [ -x "$c" ]; then s=$c; break; fi
      done
      [ -n "$s" ] || exit 127
      k=$(dirname "$s")/ssh-keygen
      [ -x "$k" ] || k=ssh-keygen
      [ -f "$d/host" ] || "$k" -q -t ed25519 -N '' -f "$d/host" >&2 || exit 127
      printf '%s\\n' "$1" >"$d/keys.$$"
      [ "$(id -u)" != 0 ] || mkdir -p /run/sshd
      exec "$s" -i -e -f /dev/null -o "HostKey=$d/host" -o "AuthorizedKeysFile=$d/keys.$$" -o StrictModes=no \
        -o PasswordAuthentication=no -o KbdInteractiveAuthentication=no -o PermitRootLogin=yes -o PidFile=none \
        -o LogLevel=QUIET -o 'Subsystem=sftp internal-sftp'
      """;

  @Parameters(paramLabel = "CLUSTER")
  private String name;

  @Mixin private NodeOption node;

  @Option(names = "--key", required = true, paramLabel = "FILE")
  private Path key;

  @Override
  int run() throws IOException {
    Cluster cluster = cluster(name);
    PodExec exec =
        PodExec.inRayContainer(session().client(), cluster.namespace(), node.pod(this, cluster));
    int code =
        exec.run(
            terminal().in(),
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            false,
            watch -> {},
            "/bin/sh",
            "-c",
            SERVER,
            "sh",
            Files.readString(key).strip());
    if (code == NO_SERVER) {
      throw new Failure(
              ErrorCode.INVALID_CONFIG, "the image of " + exec.pod() + " has no ssh server")
          .suggesting("sp-ray exec " + name + ", or a cluster with --ssh");
    }
    return code;
  }
}
