package io.trc.predict.portable;

import java.util.Arrays;

/**
 * Which token lies in which cell of the cache. Attention sums in the order of cells, so placement
 * is part of the result: a new token takes the lowest free cell. So does the native cache, whose
 * search starts at cell 0 after every shift, as long as a batch fits into the gap.
 *
 * <p>All lanes march in step, so one order is that of all of them.
 */
final class CellOrder {
  private static final int FREE = -1;

  /** The position of the token in each cell, or {@link #FREE}. */
  private final int[] positions;

  private int length;

  /** No cell below is free. */
  private int lowest;

  CellOrder(int window) {
    positions = new int[window];
    clear();
  }

  /** The number of tokens. */
  int length() {
    return length;
  }

  /** The number of cells. */
  int window() {
    return positions.length;
  }

  /** Places the next token and returns its cell. */
  int append() {
    while (positions[lowest] != FREE) {
      lowest++;
    }
    positions[lowest] = length++;
    return lowest++;
  }

  /** Frees the cells of some tokens; those after them move down by as many positions. */
  void drop(int from, int tokens) {
    for (int cell = 0; cell < positions.length; cell++) {
      if (positions[cell] >= from) {
        positions[cell] = positions[cell] < from + tokens ? FREE : positions[cell] - tokens;
      }
    }
    length -= tokens;
    lowest = 0;
  }

  void clear() {
    Arrays.fill(positions, FREE);
    length = 0;
    lowest = 0;
  }

  /** Lists the cells of the tokens at the positions from one to before another. */
  void between(int from, int to, Runs runs) {
    runs.clear();
    int cell = 0;
    while (cell < positions.length) {
      if (positions[cell] < from || positions[cell] >= to) {
        cell++;
        continue;
      }
      int first = cell;
      while (cell < positions.length && positions[cell] >= from && positions[cell] < to) {
        cell++;
      }
      runs.add(first, cell);
    }
  }

  /** Runs of cells, ascending. */
  static final class Runs {
    private int[] bounds = new int[8];
    private int count;

    /** The number of runs. */
    int count() {
      return count;
    }

    /** The first cell of a run. */
    int from(int run) {
      return bounds[2 * run];
    }

    /** The cell behind a run. */
    int to(int run) {
      return bounds[2 * run + 1];
    }

    private void clear() {
      count = 0;
    }

    private void add(int from, int to) {
      if (2 * count == bounds.length) {
        bounds = Arrays.copyOf(bounds, 2 * bounds.length);
      }
      bounds[2 * count] = from;
      bounds[2 * count + 1] = to;
      count++;
    }
  }
}
