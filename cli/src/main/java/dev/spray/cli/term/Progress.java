package dev.spray.cli.term;

import java.time.Duration;
import java.time.Instant;

/**
 * What is being waited for: one line of standard error that changes on a terminal, a line for each
 * change elsewhere.
 */
public final class Progress implements AutoCloseable {
  private static final String CLEAR = "\r\u001b[K";

  private final Terminal terminal;
  private final String subject;
  private Instant since;
  private String last = "";

  /**
   * One that has not begun.
   *
   * @param subject what each line begins with
   */
  public Progress(Terminal terminal, String subject) {
    this.terminal = terminal;
    this.subject = subject;
  }

  /** The same, from now on. */
  public Progress begun() {
    Progress begun = new Progress(terminal, subject);
    begun.since = Instant.now();
    return begun;
  }

  /** Shows what is being waited for now. */
  public void phase(String phase) {
    if (terminal.errIsTerminal()) {
      String line =
          subject + ": " + phase + " (" + Ages.brief(Duration.between(since, Instant.now())) + ")";
      int room = terminal.width() == Terminal.ENDLESS ? line.length() : terminal.width() - 1;
      terminal.err().print(CLEAR + (line.length() > room ? line.substring(0, room) : line));
      terminal.err().flush();
    } else if (!phase.equals(last)) {
      terminal.err().println(subject + ": " + phase);
    }
    last = phase;
  }

  @Override
  public void close() {
    if (terminal.errIsTerminal() && !last.isEmpty()) {
      terminal.err().print(CLEAR);
      terminal.err().flush();
    }
  }
}
