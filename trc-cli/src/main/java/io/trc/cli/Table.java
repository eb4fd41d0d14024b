package io.trc.cli;

import java.util.ArrayList;
import java.util.List;

/** Columns of text under headings. */
final class Table {
  private final List<String[]> rows = new ArrayList<>();

  Table(String... headings) {
    rows.add(headings);
  }

  void row(String... cells) {
    if (cells.length != rows.get(0).length) {
      throw new IllegalArgumentException(
          cells.length + " cells in " + rows.get(0).length + " columns");
    }
    rows.add(cells);
  }

  /** The table, its first columns (of numbers) aligned to the right. */
  String text(int numbers) {
    int columns = rows.get(0).length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      for (int i = 0; i < columns; i++) {
        String padding = " ".repeat(widths[i] - row[i].length());
        text.append(i < numbers ? padding + row[i] : row[i]);
        if (i < columns - 1) {
          text.append(i < numbers ? "" : padding).append("  ");
        }
      }
      text.append(System.lineSeparator());
    }
    return text.toString();
  }
}
