package dev.spray.cli.command;

import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Hands every key on as it is pressed, while it is open. */
final class RawTerminal implements AutoCloseable {
  private static final File TTY = new File("/dev/tty");

  private final String before;
  private final Thread hook = new Thread(this::restore);

  private RawTerminal(String before) {
    this.before = before;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Begins. */
  static RawTerminal open() {
    RawTerminal raw = new RawTerminal(stty("-g"));
    var _ = stty("raw", "-echo");
    return raw;
  }

  /** Tells the other end how large the window is. */
  static void resize(ExecWatch watch) {
    String[] size = stty("size").split(" ", 2);
    if (size.length == 2) {
      watch.resize(Integer.parseInt(size[1]), Integer.parseInt(size[0]));
    }
  }

  private void restore() {
    if (!before.isEmpty()) {
      var _ = stty(before);
    }
  }

  private static String stty(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "stty";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    try {
      Process process = new ProcessBuilder(command).redirectInput(TTY).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() {
    restore();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already.
    }
  }
}
