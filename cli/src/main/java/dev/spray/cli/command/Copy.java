package dev.spray.cli.command;

import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.PodExec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Copies files to and from a node, with {@code tar} on both sides. */
@Command(
    name = "cp",
    description = {
      "Copy a file or a directory to or from a node of a cluster.",
      "Its place there is written CLUSTER:PATH, for example my-cluster:/tmp/data."
    })
final class Copy extends Action {
  /** An existing directory takes it in; any other path is what it will be called. */
  private static final String UNPACK =
      """
      t="$1"; n="$2"
      if [ -d "$t" ]; then
        tar -xf - -C "$t"
      else
        d=$(dirname "$t")
        mkdir -p "$d" && x=$(mktemp -d "$d/.sp-ray.XXXXXX") &&
          tar -xf - -C "$x" && mv "$x/$n" "$t" && rmdir "$x"
      fi
      """;

  @Parameters(index = "0", paramLabel = "FROM", description = "What to copy.")
  private String from;

  @Parameters(
      index = "1",
      paramLabel = "TO",
      description = "Where to; what it will be called there.")
  private String to;

  @Mixin private NodeOption node;

  @Override
  int run() throws IOException, InterruptedException {
    boolean up = remote(to);
    if (up == remote(from)) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG,
          "one of the two places has to be CLUSTER:PATH, the other one local");
    }
    String[] there = (up ? to : from).split(":", 2);
    Cluster cluster = cluster(there[0]);
    PodExec exec =
        PodExec.inRayContainer(session().client(), cluster.namespace(), node.pod(this, cluster));
    return up ? upload(exec, Path.of(from), there[1]) : download(exec, there[1], Path.of(to));
  }

  /** A colon before any slash. */
  private static boolean remote(String place) {
    int colon = place.indexOf(':');
    int slash = place.indexOf('/');
    return colon > 0 && (slash < 0 || colon < slash);
  }

  private int upload(PodExec exec, Path local, String remote)
      throws IOException, InterruptedException {
    if (!Files.exists(local)) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "there is no " + local);
    }
    Path whole = local.toAbsolutePath().normalize();
    Process tar =
        new ProcessBuilder(
                "tar",
                "-cf",
                "-",
                "-C",
                whole.getParent().toString(),
                whole.getFileName().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String name = whole.getFileName().toString();
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int code;
    // Who unpacks it may give up before all is packed; then tar waits for nobody.
    try (InputStream packed = tar.getInputStream()) {
      code =
          exec.run(
              packed, said, said, false, watch -> {}, "/bin/sh", "-c", UNPACK, "sh", remote, name);
    }
    return ended(code, tar.waitFor(), said, local + " to " + exec.pod() + ":" + remote);
  }

  private int download(PodExec exec, String remote, Path local)
      throws IOException, InterruptedException {
    Path whole = local.toAbsolutePath().normalize();
    boolean into = Files.isDirectory(whole);
    Path target = into ? whole : Files.createTempDirectory(whole.getParent(), ".sp-ray");
    try {
      Process tar =
          new ProcessBuilder("tar", "-xf", "-", "-C", target.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      int code;
      try (OutputStream out = tar.getOutputStream()) {
        code =
            exec.run(
                null,
                out,
                said,
                false,
                watch -> {},
                "/bin/sh",
                "-c",
                "tar -cf - -C \"$(dirname \"$1\")\" \"$(basename \"$1\")\"",
                "sh",
                remote);
      }
      int unpacked = tar.waitFor();
      if (!into && code == 0 && unpacked == 0) {
        Path name = target.resolve(Path.of(remote).getFileName());
        Files.move(name, whole, StandardCopyOption.REPLACE_EXISTING);
      }
      return ended(code, unpacked, said, exec.pod() + ":" + remote + " to " + local);
    } finally {
      if (!into) {
        delete(target);
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private int ended(int there, int here, ByteArrayOutputStream said, String what) {
    if (there != 0 || here != 0) {
      throw new Failure(ErrorCode.WORKLOAD_FAILED, what + " could not be copied")
          .because(said.toString(StandardCharsets.UTF_8));
    }
    say("Copied " + what);
    return 0;
  }
}
