package io.trc.block;

/**
 * Tells text from what is plainly no text, so that no time is spent on predicting a ZIP file. Text
 * is what is mostly printable in UTF-8 or an 8-bit code; runs of NUL count for nothing either way,
 * since a tar of texts is full of them.
 */
public final class PlainText {
  /** Of the bytes that count, at most one in so many may be odd. */
  private static final int ODD_SHARE = 8;

  /** NULs in a row from this number on are padding. */
  private static final int PADDING_RUN = 8;

  /** Where so many pieces of this length are twice as odd as text can be, the rest is not read. */
  private static final int PIECES = 32;

  private static final int PIECE = 128;

  private PlainText() {}

  /** True if the bytes may be text; false if they are plainly none. */
  public static boolean maybe(byte[] bytes, int offset, int length) {
    if (length > 4 * PIECES * PIECE && isPlainlyOdd(bytes, offset, length)) {
      return false;
    }
    Count count = count(bytes, offset, length);
    return count.counted > 0 && (long) count.odd * ODD_SHARE <= count.counted;
  }

  private static boolean isPlainlyOdd(byte[] bytes, int offset, int length) {
    int counted = 0;
    int odd = 0;
    for (int piece = 0; piece < PIECES; piece++) {
      int from = offset + (int) ((long) piece * (length - PIECE) / (PIECES - 1));
      Count count = count(bytes, from, PIECE);
      counted += count.counted;
      odd += count.odd;
    }
    return (long) odd * ODD_SHARE > 2L * counted;
  }

  /** How many bytes or UTF-8 sequences count, and how many of them are odd. */
  private record Count(int counted, int odd) {}

  private static Count count(byte[] bytes, int offset, int length) {
    int counted = 0;
    int odd = 0;
    int end = offset + length;
    int i = offset;
    while (i < end) {
      int b = bytes[i] & 0xff;
      if (b == 0) {
        int run = i;
        while (run < end && bytes[run] == 0) {
          run++;
        }
        if (run - i < PADDING_RUN) {
          counted += run - i;
          odd += run - i;
        }
        i = run;
        continue;
      }
      int sequence = b < 0x80 ? 1 : utf8Length(bytes, i, end);
      boolean strange = b < 0x80 ? isControl(b) : sequence == 0;
      counted++;
      odd += strange ? 1 : 0;
      i += Math.max(1, sequence);
    }
    return new Count(counted, odd);
  }

  private static boolean isControl(int b) {
    return (b < 0x20 && !(b >= 0x08 && b <= 0x0d) && b != 0x1b) || b == 0x7f;
  }

  /** The length of the UTF-8 sequence at {@code i}, or 0 if there is none; overlong forms pass. */
  private static int utf8Length(byte[] bytes, int i, int end) {
    int lead = bytes[i] & 0xff;
    int length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    for (int k = 1; k < length && i + k < end; k++) {
      if ((bytes[i + k] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }
}
