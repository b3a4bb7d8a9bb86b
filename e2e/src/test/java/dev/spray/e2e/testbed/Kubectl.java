package dev.spray.e2e.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** kubectl, as users have it. */
public final class Kubectl {

  /**
   * What a run came to.
   *
   * @param output standard output and standard error
   */
  public record Result(int exitCode, String output) {}

  static Result run(Testbed testbed, String namespace, String input, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Testbed.tool("kubectl"),
                "--kubeconfig",
                testbed.kubeconfig().toString(),
                "--namespace",
                namespace));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(UTF_8));
      } catch (IOException e) {
        // It ended before it read all of it: its words and its exit code say why.
      }
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Kubectl() {}
}
