package dev.spray.cli.command;

import dev.spray.api.platform.Workspace;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.PodExec;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The ssh server of a pod: it talks through the streams of an exec and ends with it, so that no
 * port is open.
 *
 * @param exec in the container where it is
 */
record SshServer(PodExec exec) {
  /** Puts the server's path into {@code s}; ends with 127 where there is none. */
  private static final String FOUND =
      """
      s=
      for c in %s/bin/sshd /usr/sbin/sshd; do
        if [ -x "$c" ]; then s=$c; break; fi
      done
      [ -n "$s" ] || exit 127
      """
          .formatted(Workspace.TOOLS);

  /** The workspace's own server takes any name; OpenSSH's only that of whom it runs as. */
  private static final String WHOM =
      FOUND
          + """
          case $s in %s/*) echo workspace ;; *) id -un ;; esac
          """
              .formatted(Workspace.TOOLS);

  /**
   * Runs as whoever the container runs as, and lets in only the key that it is given. {@code $1}:
   * that key.
   */
  private static final String TALKING =
      FOUND
          + """
          case $s in %s/*) exec "$s" "$1" ;; esac
          umask 077
          d=/tmp/.sp-ray-ssh
          mkdir -p "$d"
          [ -f "$d/host" ] || ssh-keygen -q -t ed25519 -N '' -f "$d/host" >&2 || exit 127
          printf '%%s\\n' "$1" >"$d/keys.$$"
          [ "$(id -u)" != 0 ] || mkdir -p /run/sshd
          exec "$s" -i -e -f /dev/null -o "HostKey=$d/host" -o "AuthorizedKeysFile=$d/keys.$$" -o StrictModes=no \
            -o PasswordAuthentication=no -o KbdInteractiveAuthentication=no -o PermitRootLogin=yes -o PidFile=none \
            -o LogLevel=QUIET -o 'Subsystem=sftp internal-sftp'
          """
              .formatted(Workspace.TOOLS);

  /**
   * Name of the user whom it lets in: the container's own, as it can't become another.
   *
   * @throws Failure when there is no server, or its user has no name
   */
  String user() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int code = run(null, out, WHOM);
    String user = out.toString(StandardCharsets.UTF_8).strip();
    if (code == 0 && !user.isEmpty()) {
      return user;
    }
    throw new Failure(ErrorCode.INVALID_CONFIG, "there is no way into " + exec.pod() + " by ssh")
        .because(
            code == 0 || code == 1
                ? "the user of its container has no name, which an ssh server asks for"
                : "it has no workspace with an ssh server, and its image no OpenSSH server")
        .suggesting(
            "sp-ray exec for a shell, sp-ray cp for files, sp-ray code for an editor; or a workspace beside the head: sp-ray update cluster NAME --ssh");
  }

  /** Has it talk with a client until the one or the other ends; returns its exit code. */
  int talk(InputStream in, OutputStream out, String publicKey) {
    return run(in, out, TALKING, publicKey);
  }

  private int run(InputStream in, OutputStream out, String script, String... arguments) {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
    command.addAll(List.of(arguments));
    return exec.run(
        in,
        out,
        new FileOutputStream(FileDescriptor.err),
        false,
        watch -> {},
        command.toArray(String[]::new));
  }
}
