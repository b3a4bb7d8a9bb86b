package dev.spray.e2e.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spray.e2e.testbed.Testbed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code cli/bin/sp-ray} as a process, with what {@code make cli} built. */
final class SpRayCli {
  private static final Path LAUNCHER = Testbed.ROOT.resolve("cli/bin/sp-ray");

  private final Path kubeconfig;
  private final String namespace;

  SpRayCli(Path kubeconfig, String namespace) {
    if (!Files.exists(Testbed.ROOT.resolve("cli/target/dist/sp-ray-cli.jar"))) {
      throw new IllegalStateException("sp-ray is not built: run make cli");
    }
    this.kubeconfig = kubeconfig;
    this.namespace = namespace;
  }

  /**
   * What a run came to.
   *
   * @param out standard output
   * @param err standard error
   */
  record Result(int exitCode, String out, String err) {}

  /** Runs it to its end. */
  Result run(String... arguments) {
    return start(arguments).result();
  }

  /** Runs it with something to read. */
  Result runWith(String input, String... arguments) {
    Running running = start(arguments);
    try (var stdin = running.process().getOutputStream()) {
      stdin.write(input.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return running.result();
  }

  /** Starts it. */
  Running start(String... arguments) {
    try {
      Path out = Files.createTempFile("sp-ray-cli-", ".out");
      Path err = Files.createTempFile("sp-ray-cli-", ".err");
      // Where these tests run in the background of a shell, children are born deaf to Ctrl-C.
      List<String> command =
          new ArrayList<>(List.of("env", "--default-signal=INT", LAUNCHER.toString()));
      command.addAll(List.of(arguments));
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().put("KUBECONFIG", kubeconfig.toString());
      builder.environment().put("SP_RAY_NAMESPACE", namespace);
      builder.environment().put("SP_RAY_CONFIG", "/nonexistent");
      return new Running(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that runs. */
  record Running(Process process, Path out, Path err) {
    private static final long LONGEST_MINUTES = 10;

    /** Waits for its end. */
    Result result() {
      try {
        process.getOutputStream().close();
        if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
          process.destroyForcibly();
          throw new AssertionError("sp-ray doesn't end: " + Files.readString(err));
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    /** What it has said so far on standard error. */
    String said() {
      try {
        return Files.readString(err);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Ctrl-C. */
    void interrupt() {
      var _ = Testbed.execute(List.of("kill", "-INT", Long.toString(process.pid())));
    }
  }
}
