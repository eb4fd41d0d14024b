package io.trc.strings;

/** Where in the samples the last bytes of a message stand. */
final class MatchIndex {
  /** The bytes that must be the same at least. */
  static final int LEAST = 5;

  /** The bytes that are compared at most, and the places that are looked at. */
  private static final int MOST = 32;

  private static final int PLACES = 8;
  private static final int BITS = 18;

  private final byte[] text;
  private final int[] newest = new int[1 << BITS];
  private final int[] older;

  /** An index of samples; {@link Samples} has their layout. */
  MatchIndex(byte[] text) {
    this.text = text;
    older = new int[text.length + 1];
    for (int end = LEAST; end <= text.length; end++) {
      int hash = hash(text, end);
      older[end] = newest[hash];
      newest[hash] = end;
    }
  }

  private static int hash(byte[] bytes, int end) {
    long last = 0;
    for (int i = end - LEAST; i < end; i++) {
      last = last << 8 | (bytes[i] & 0xff);
    }
    return (int) ((last * 0x9E37_79B9_7F4A_7C15L) >>> (Long.SIZE - BITS));
  }

  /** The bytes, up to some, that are the same before two places. */
  int length(byte[] message, int length, int place) {
    int same = 0;
    int most = Math.min(MOST, Math.min(length, place));
    while (same < most && message[length - 1 - same] == text[place - 1 - same]) {
      same++;
    }
    return same;
  }

  /**
   * The place behind the longest match, or 0; of those as long, the last.
   *
   * @param from matches that end behind this, and
   * @param to not behind this, do not count
   */
  int find(byte[] message, int length, int from, int to) {
    if (length < LEAST) {
      return 0;
    }
    int best = 0;
    int longest = LEAST - 1;
    int place = newest[hash(message, length)];
    for (int i = 0; place > 0 && i < PLACES; place = older[place]) {
      if (place <= from || place > to) {
        int same = length(message, length, place);
        if (same > longest) {
          longest = same;
          best = place;
        }
        i++;
      }
    }
    return best;
  }
}
