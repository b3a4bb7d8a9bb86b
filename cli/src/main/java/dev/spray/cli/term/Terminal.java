package dev.spray.cli.term;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.util.Map;

/**
 * Where a command reads and writes.
 *
 * @param out standard output; empty when the command fails
 * @param err standard error: failures, progress, questions
 * @param in standard input
 * @param asks whether a person can answer: standard input and standard error are a terminal
 * @param outIsTerminal whether a person reads standard output
 * @param errIsTerminal whether a person reads standard error
 * @param colours whether colours are welcome
 * @param width columns of the terminal; {@link #ENDLESS} in a pipe
 */
public record Terminal(
    PrintWriter out,
    PrintWriter err,
    InputStream in,
    boolean asks,
    boolean outIsTerminal,
    boolean errIsTerminal,
    boolean colours,
    int width) {

  /** Lines are as long as they are. */
  public static final int ENDLESS = Integer.MAX_VALUE;

  private static final int CUSTOMARY_WIDTH = 80;

  /**
   * The process's own.
   *
   * @param kind which of the descriptors 0, 1 and 2 are terminals, for example {@code 02}; the
   *     launcher knows, Java can't ask for each
   * @param columns of the terminal; empty when unknown
   */
  public static Terminal system(String kind, String columns, Map<String, String> environment) {
    boolean out = kind.contains("1");
    boolean err = kind.contains("2");
    boolean dumb = "dumb".equals(environment.get("TERM"));
    boolean colours = !dumb && environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(
        writer(FileDescriptor.out),
        writer(FileDescriptor.err),
        System.in,
        kind.contains("0") && err,
        out,
        err && !dumb,
        colours,
        out ? width(columns) : ENDLESS);
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(new FileOutputStream(descriptor), true, UTF_8);
  }

  private static int width(String columns) {
    try {
      int width = Integer.parseInt(columns.strip());
      return width > 0 ? width : CUSTOMARY_WIDTH;
    } catch (NumberFormatException e) {
      return CUSTOMARY_WIDTH;
    }
  }

  /** The same, where lines are as long as they are: for whoever asked for all of it. */
  public Terminal endless() {
    return new Terminal(out, err, in, asks, outIsTerminal, errIsTerminal, colours, ENDLESS);
  }

  /** Text for standard output, in colour where that is welcome. */
  public String paint(Style style, String text) {
    return outIsTerminal && colours && !text.isEmpty() ? style.paint(text) : text;
  }

  /** Text for standard error, in colour where that is welcome. */
  public String paintError(Style style, String text) {
    return errIsTerminal && colours && !text.isEmpty() ? style.paint(text) : text;
  }

  /** Asks a person; no is the answer of who just presses return. */
  public boolean agreed(String question) {
    err.print(question + " [y/N] ");
    err.flush();
    try {
      String answer = new BufferedReader(new InputStreamReader(in, UTF_8)).readLine();
      return answer != null
          && (answer.strip().equalsIgnoreCase("y") || answer.strip().equalsIgnoreCase("yes"));
    } catch (IOException e) {
      return false;
    }
  }
}
