package io.trc.mix;

/**
 * Compares the number that is being read with the last one at such a place of a line, and with what
 * would follow if the two went on as the two before.
 */
final class Numbers {
  // The states of a comparison: equal so far, greater by one in the last digit that was read, ...
  private static final int EQUAL = 0;

  private static final int ONE_MORE = 1;
  private static final int GREATER = 2;
  private static final int LESS = 3;
  private static final int BEHIND_ONE_MORE = 4;

  /** No longer numbers are subtracted. */
  private static final int MOST_DIGITS = 17;

  private static final int NO_DIGIT = 300;

  private final History history;
  private final int bits;

  // Of the last number at each place: its position, its digits, its difference to the one before,
  // and how often in a row the difference was the same.
  private final int[] positions;
  private final int[] lengths;
  private final long[] differences;
  private final int[] repeats;

  /** The places where the next number would be looked for: by the line so far, and by its field. */
  private int place;

  private int secondPlace;

  // Of the number that is being read.
  private int start;
  private int digits;
  private int startPlace;
  private int secondStartPlace;
  private int state;

  // Of the last number at its place, and of the one that would follow.
  private int old;
  private int oldLength;
  private final int[] next = new int[MOST_DIGITS + 2];
  private int nextLength;
  private int nextRepeats;
  private boolean asNext;

  private int runs;

  Numbers(History history, int bits) {
    this.history = history;
    this.bits = bits;
    positions = new int[1 << bits];
    lengths = new int[1 << bits];
    differences = new long[1 << bits];
    repeats = new int[1 << bits];
  }

  Numbers(Numbers other, History history) {
    this.history = history;
    bits = other.bits;
    positions = other.positions.clone();
    lengths = other.lengths.clone();
    differences = other.differences.clone();
    repeats = other.repeats.clone();
    place = other.place;
    secondPlace = other.secondPlace;
    start = other.start;
    digits = other.digits;
    startPlace = other.startPlace;
    secondStartPlace = other.secondStartPlace;
    state = other.state;
    old = other.old;
    oldLength = other.oldLength;
    System.arraycopy(other.next, 0, next, 0, next.length);
    nextLength = other.nextLength;
    nextRepeats = other.nextRepeats;
    asNext = other.asNext;
    runs = other.runs;
  }

  /** About as many bytes as it takes. */
  static long memory(int bits) {
    return (3L * Integer.BYTES + Long.BYTES) << bits;
  }

  /** A digit of the old number, the byte behind it, or 0 beyond. */
  private int oldDigit(int index) {
    return index <= oldLength ? history.at(old + index) : 0;
  }

  /** The next digits of the last number and how this one compares to it, or 0 if there is none. */
  int comparison() {
    if (old == 0) {
      return 0;
    }
    int pair = (oldDigit(digits) << 8) | oldDigit(digits + 1);
    return Hash.of(1 + state * 16 + pair * 64, Hash.of(oldLength - digits, oldDigit(digits + 2)));
  }

  /** The next digit of the number that would follow, or 0 if there is none. */
  int continuation() {
    if (old == 0 || nextLength == 0 || !asNext || digits > nextLength) {
      return 0;
    }
    int digit = digits < nextLength ? next[digits] : NO_DIGIT;
    return Hash.of(1 + (Math.min(3, nextRepeats) << 8), digit);
  }

  /** Takes note of a byte that was added to the history, in a line of this template and field. */
  void add(int b, int template, int fieldNumber) {
    if (Bytes.isDigit(b)) {
      addDigit(b);
      return;
    }
    if (digits > 0) {
      int end = history.length() - 1;
      store(startPlace, end);
      if (secondStartPlace != startPlace) {
        store(secondStartPlace, end);
      }
      runs++;
    }
    if (b == '\n' || Bytes.isSeparator(b)) {
      runs = 0;
    }
    digits = 0;
    state = EQUAL;
    asNext = true;
    place = Hash.place(Hash.of(template, 7), bits);
    secondPlace = Hash.place(Hash.of(fieldNumber * 16 + runs, 0x10000), bits);
    look();
  }

  private void addDigit(int b) {
    if (digits == 0) {
      start = history.length() - 1;
      startPlace = place;
      secondStartPlace = secondPlace;
    }
    if (old > 0) {
      if (state == EQUAL) {
        int was = digits < oldLength ? history.at(old + digits) : 255;
        state = b == was ? EQUAL : b == was + 1 ? ONE_MORE : b > was ? GREATER : LESS;
      } else if (state == ONE_MORE) {
        state = BEHIND_ONE_MORE;
      }
      asNext &= digits < nextLength && next[digits] == b;
    }
    digits++;
    if (digits > oldLength) {
      old = 0;
    }
  }

  private void look() {
    int at = positions[place] > 0 ? place : secondPlace;
    old = positions[at];
    nextLength = 0;
    if (old == 0) {
      return;
    }
    oldLength = lengths[at];
    nextRepeats = repeats[at];
    if (oldLength > MOST_DIGITS) {
      return;
    }
    long value = value(old, oldLength) + differences[at];
    if (value < 0) {
      return;
    }
    int length = 0;
    for (long rest = value; rest > 0 || length == 0; rest /= 10) {
      length++;
    }
    if (history.at(old) == '0') {
      length = Math.max(length, oldLength);
    }
    for (int i = length - 1; i >= 0; i--) {
      next[i] = (int) ('0' + value % 10);
      value /= 10;
    }
    nextLength = length;
  }

  private long value(int position, int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value = value * 10 + history.at(position + i) - '0';
    }
    return value;
  }

  private void store(int at, int end) {
    int length = end - start;
    int before = positions[at];
    if (length <= MOST_DIGITS && before > 0 && lengths[at] <= MOST_DIGITS) {
      long difference = value(start, length) - value(before, lengths[at]);
      repeats[at] = difference == differences[at] ? repeats[at] + 1 : 0;
      differences[at] = difference;
    }
    positions[at] = start;
    lengths[at] = length;
  }
}
