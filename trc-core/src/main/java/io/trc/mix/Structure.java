package io.trc.mix;

/** What structured text is like: the elements of markup, numbers, and what follows three bytes. */
final class Structure {
  private static final int THREE_BITS = 16;
  private static final int THREE = 0xff_ffff;

  private final History history;
  private final Tags tags;
  private final Numbers numbers;

  /** What followed each three bytes the last two times. */
  private final char[] followedThree;

  /** The structure of an empty text, with numbers found by a table of so many bits. */
  Structure(History history, int bits) {
    this.history = history;
    tags = new Tags();
    numbers = new Numbers(history, bits);
    followedThree = new char[1 << THREE_BITS];
  }

  /** Goes on as another would, in a copy of its history. */
  Structure(Structure other, History history) {
    this.history = history;
    tags = new Tags(other.tags);
    numbers = new Numbers(other.numbers, history);
    followedThree = other.followedThree.clone();
  }

  /** About as many bytes as it takes. */
  static long memory(int bits) {
    return Numbers.memory(bits) + ((long) Character.BYTES << THREE_BITS);
  }

  /** The element that is open, with the word so far. */
  int element(int word) {
    return Hash.of(tags.hash(), word);
  }

  /** What followed the last three bytes before. */
  int afterThree() {
    int three = history.word(0) & THREE;
    return Hash.of(followedThree[Hash.place(three, THREE_BITS)], three & 0xff);
  }

  /**
   * The number as it compares to the last one at such a place; without one, the last three bytes.
   */
  int number() {
    int comparison = numbers.comparison();
    int three = history.word(0) & THREE;
    return comparison != 0 ? comparison : Hash.of(three, three & 0xff);
  }

  /** The number that would follow the last two at such a place, or 0. */
  int nextNumber() {
    return numbers.continuation();
  }

  /** Takes note of a byte that was added to the history, in a line of this template and field. */
  void add(int b, int template, int fieldNumber) {
    int three = Hash.place(history.word(1) & THREE, THREE_BITS);
    followedThree[three] = (char) ((followedThree[three] << 8) | b);
    numbers.add(b, template, fieldNumber);
    tags.add(b, history.back(2));
  }
}
