package dev.spray.e2e.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spray.e2e.testbed.Testbed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code cli/bin/sp-ray} as a process, with what {@code make cli} built. */
final class SpRayCli {
  private static final Path LAUNCHER = Testbed.ROOT.resolve("cli/bin/sp-ray");

  private final Path kubeconfig;
  private final String namespace;
  private final Map<String, String> more;

  SpRayCli(Path kubeconfig, String namespace) {
    this(kubeconfig, namespace, Map.of());
  }

  /**
   * @param more variables of its environment
   */
  SpRayCli(Path kubeconfig, String namespace, Map<String, String> more) {
    if (!Files.exists(Testbed.ROOT.resolve("cli/target/dist/sp-ray-cli.jar"))) {
      throw new IllegalStateException("sp-ray is not built: run make cli");
    }
    this.kubeconfig = kubeconfig;
    this.namespace = namespace;
    this.more = more;
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
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    command.addAll(List.of(arguments));
    return start(command);
  }

  /** Starts it on a terminal, whose keyboard is its input, and both of whose outputs are one. */
  Running startOnTerminal(String... arguments) {
    return start(
        List.of("script", "-qefc", LAUNCHER + " " + String.join(" ", arguments), "/dev/null"));
  }

  /** Runs it as a plugin of kubectl. */
  Result runAsPlugin(String... arguments) {
    List<String> command = new ArrayList<>(List.of(Testbed.tool("kubectl"), "sp-ray"));
    command.addAll(List.of(arguments));
    return start(command).result();
  }

  /** Starts another program in its environment. */
  Running start(List<String> program) {
    try {
      Path out = Files.createTempFile("sp-ray-cli-", ".out");
      Path err = Files.createTempFile("sp-ray-cli-", ".err");
      // Where these tests run in the background of a shell, children are born deaf to Ctrl-C.
      List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
      command.addAll(program);
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().put("KUBECONFIG", kubeconfig.toString());
      builder.environment().put("SP_RAY_NAMESPACE", namespace);
      builder.environment().put("SP_RAY_CONFIG", "/nonexistent");
      builder.environment().put("SP_RAY_EDITOR", "sed -i 's/replicas: 1/replicas: 2/'");
      builder.environment().merge("PATH", LAUNCHER.getParent().toString(), (a, b) -> b + ":" + a);
      builder.environment().putAll(more);
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
      return read(err);
    }

    /** What it has printed so far on standard output. */
    String printed() {
      return read(out);
    }

    private static String read(Path file) {
      try {
        // While it is written, half a letter may be its last.
        return new String(Files.readAllBytes(file), UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Types something, and lets it go on. */
    void type(String text) {
      try {
        process.getOutputStream().write(text.getBytes(UTF_8));
        process.getOutputStream().flush();
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
