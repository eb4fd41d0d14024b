package io.trc.gguf;

import java.util.Arrays;

/**
 * The symbols of a word, a chain of neighbouring pieces of text that merge into greater ones. A
 * symbol has one right neighbour, so one pair that it may start: pairs lie in a binary heap, and
 * those that have changed since are dropped when they come up.
 */
final class Symbols {
  /** The order of a pair that does not merge. */
  static final long NEVER = Long.MAX_VALUE;

  private final byte[] text;
  private int size;
  private int[] start = new int[64];
  private int[] end = new int[64];
  private int[] token = new int[64];
  private int[] next = new int[64];
  private int[] previous = new int[64];
  private long[] pair = new long[64];
  private long[] heap = new long[64];
  private int heapSize;

  Symbols(byte[] text) {
    this.text = text;
  }

  byte[] text() {
    return text;
  }

  int start(int symbol) {
    return start[symbol];
  }

  int end(int symbol) {
    return end[symbol];
  }

  /** The token that the symbol is, or -1. */
  int token(int symbol) {
    return token[symbol];
  }

  /** The right neighbour, or -1. */
  int next(int symbol) {
    return next[symbol];
  }

  void clear() {
    size = 0;
    heapSize = 0;
  }

  /** Appends a symbol at the right end. */
  void append(int from, int to, int token) {
    if (size == start.length) {
      int capacity = size * 2;
      start = Arrays.copyOf(start, capacity);
      end = Arrays.copyOf(end, capacity);
      this.token = Arrays.copyOf(this.token, capacity);
      next = Arrays.copyOf(next, capacity);
      previous = Arrays.copyOf(previous, capacity);
      pair = Arrays.copyOf(pair, capacity);
    }
    start[size] = from;
    end[size] = to;
    this.token[size] = token;
    previous[size] = size - 1;
    next[size] = -1;
    if (size > 0) {
      next[size - 1] = size;
    }
    size++;
  }

  /** Merges pairs until none is left that merges. */
  void merge(Tokenizer rules) {
    for (int i = 0; i < size; i++) {
      look(rules, i);
    }
    while (heapSize > 0) {
      long best = poll();
      int left = (int) best;
      if (pair[left] == NEVER || pair[left] >> 32 != best >> 32) {
        continue;
      }
      int right = next[left];
      end[left] = end[right];
      token[left] = (int) pair[left];
      next[left] = next[right];
      pair[right] = NEVER;
      if (next[left] >= 0) {
        previous[next[left]] = left;
      }
      look(rules, left);
      if (previous[left] >= 0) {
        look(rules, previous[left]);
      }
    }
  }

  private void look(Tokenizer rules, int left) {
    pair[left] = next[left] < 0 ? NEVER : rules.merged(this, left, next[left]);
    if (pair[left] != NEVER) {
      offer((pair[left] & 0xFFFFFFFF00000000L) | left);
    }
  }

  private void offer(long key) {
    if (heapSize == heap.length) {
      heap = Arrays.copyOf(heap, heapSize * 2);
    }
    int at = heapSize++;
    while (at > 0 && heap[(at - 1) >>> 1] > key) {
      heap[at] = heap[(at - 1) >>> 1];
      at = (at - 1) >>> 1;
    }
    heap[at] = key;
  }

  private long poll() {
    long top = heap[0];
    long last = heap[--heapSize];
    int at = 0;
    while (2 * at + 1 < heapSize) {
      int child = 2 * at + 1;
      if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= last) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
