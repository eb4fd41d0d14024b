package io.trc.mix;

/** Follows the longest earlier text that ends like the text so far, from six bytes on. */
final class LongestMatch {
  private static final int LEAST = 6;
  private static final int MOST = 400;

  /** A match of this length is followed without looking for a longer one. */
  private static final int LONG = 16;

  private final History history;
  private final int bits;
  private final int[] table;
  private int position;
  private int length;

  /** A search in a history, by a table of so many bits. */
  LongestMatch(History history, int bits) {
    this.history = history;
    this.bits = bits;
    table = new int[1 << bits];
  }

  /** Goes on as another would, in a copy of its history. */
  LongestMatch(LongestMatch other, History history) {
    this.history = history;
    bits = other.bits;
    table = other.table.clone();
    position = other.position;
    length = other.length;
  }

  /** The bytes that agreed, or 0. */
  int length() {
    return length;
  }

  /** The next byte if it goes on as it went before, or 256 if there is no match. */
  int expected() {
    return length > 0 ? history.at(position) : 256;
  }

  /** The length in 32 classes. */
  int lengthClass() {
    int l = length;
    return l < 16
        ? l
        : l < 32
            ? 16 + (l - 16) / 4
            : l < 64 ? 20 + (l - 32) / 8 : Math.min(30, 24 + (l - 64) / 64);
  }

  /** Takes note of a byte that was added to the history. */
  void add(int b) {
    length = length > 0 && history.at(position) == b ? length + 1 : 0;
    position++;
    int n = history.length();
    if (n < LEAST) {
      return;
    }
    int hash = 0;
    for (int i = 1; i <= LEAST; i++) {
      hash = hash * 0x2F0B_4C47 + history.at(n - i) + 1;
    }
    int place = Hash.place(hash, bits);
    if (length < LONG) {
      int candidate = table[place];
      if (candidate > 0) {
        int same = history.same(candidate, n, MOST);
        if (same >= LEAST && same > length) {
          length = same;
          position = candidate;
        }
      }
    }
    table[place] = n;
  }
}
