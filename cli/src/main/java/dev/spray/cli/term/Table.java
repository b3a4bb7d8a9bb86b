package dev.spray.cli.term;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Columns under headings, as kubectl prints them; cells of a terminal that is too narrow are cut.
 */
public final class Table {
  private static final String GAP = "   ";
  private static final int NARROWEST = 8;

  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... headings) {
    this.headings = List.of(headings);
  }

  public Table(List<String> headings) {
    this.headings = List.copyOf(headings);
  }

  /** Adds a row; empty cells are shown as such. */
  public void row(String... cells) {
    row(Arrays.asList(cells));
  }

  /** Adds a row; absent cells are shown as empty. */
  public void row(List<String> cells) {
    rows.add(cells.stream().map(cell -> cell == null ? "" : cell).toList());
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Prints it. */
  public void print(Terminal terminal) {
    print(terminal, "", true);
  }

  /** Prints it with something before each line, and with or without its headings. */
  public void print(Terminal terminal, String indent, boolean withHeadings) {
    int[] widths = fitted(terminal.width() - indent.length());
    if (withHeadings) {
      terminal.out().println(indent + terminal.paint(Style.TITLE, line(headings, widths)));
    }
    for (List<String> row : rows) {
      terminal.out().println(indent + coloured(terminal, row, widths));
    }
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(i == 0 ? "" : GAP).append(padded(cut(cells.get(i), widths[i]), widths[i]));
    }
    return line.toString().stripTrailing();
  }

  private static String coloured(Terminal terminal, List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      String cell = cut(row.get(i), widths[i]);
      String painted = States.paint(terminal, cell);
      line.append(i == 0 ? "" : GAP)
          .append(painted)
          .append(" ".repeat(Math.max(0, widths[i] - cell.length())));
    }
    return line.toString().stripTrailing();
  }

  private static String padded(String cell, int width) {
    return cell + " ".repeat(Math.max(0, width - cell.length()));
  }

  private static String cut(String cell, int width) {
    return cell.length() <= width ? cell : cell.substring(0, width - 1) + "…";
  }

  /** Widths that fit: the widest columns give way first. */
  private int[] fitted(int room) {
    int[] widths = new int[headings.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = headings.get(i).length();
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    long total = Arrays.stream(widths).sum() + (long) GAP.length() * (widths.length - 1);
    while (total > room) {
      int widest = 0;
      for (int i = 1; i < widths.length; i++) {
        widest = widths[i] > widths[widest] ? i : widest;
      }
      if (widths[widest] <= NARROWEST) {
        break;
      }
      widths[widest]--;
      total--;
    }
    return widths;
  }
}
