package dev.spray.cli.view;

import dev.spray.cli.term.Table;
import dev.spray.cli.term.Terminal;

/** Text in rows: a label, 24 columns wide with its indentation, and a value. */
record Rows(Terminal terminal) {
  private static final int LABEL = 24;

  /** A label and its value; a value that is not known leaves the label alone. */
  void row(String indent, String label, String value) {
    int room = Math.max(1, LABEL - indent.length() - label.length());
    line(indent + label + (value == null || value.isEmpty() ? "" : " ".repeat(room) + value));
  }

  /** A row, if its value is known. */
  void known(String indent, String label, String value) {
    if (value != null && !value.isEmpty()) {
      row(indent, label, value);
    }
  }

  void line(String text) {
    terminal.out().println(text);
  }

  /** A part with a heading, after an empty line. */
  void heading(String text) {
    line("");
    line(text);
  }

  void table(Table table) {
    table.print(terminal, "  ", true);
  }
}
