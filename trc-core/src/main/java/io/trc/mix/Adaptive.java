package io.trc.mix;

/**
 * Probabilities that learn: 22 bits of probability above 10 bits that count what was learnt. The
 * more there was, the less the next changes.
 */
public final class Adaptive {
  private static final int COUNT_BITS = 10;
  private static final int COUNT = (1 << COUNT_BITS) - 1;
  private static final int LEAST = 64;

  /** No count goes beyond this, so that old ones still learn. */
  private static final int LIMIT = 255;

  private Adaptive() {}

  /** A probability of 22 bits with a count. */
  public static int of(int p22, int count) {
    return (p22 << COUNT_BITS) | count;
  }

  /** The probability, in 22 bits. */
  public static int p22(int adaptive) {
    return adaptive >>> COUNT_BITS;
  }

  /** The probability, in 16 bits. */
  public static int p16(int adaptive) {
    return adaptive >>> 16;
  }

  /** Learns that the bit was this. */
  public static void learn(int[] all, int index, int bit) {
    int value = all[index];
    int count = value & COUNT;
    int p = value >>> COUNT_BITS;
    p += (int) ((((bit << 22) - p) * (long) Tables.reciprocal(count)) >> 16);
    p = Math.max(LEAST, Math.min(Tables.ONE - LEAST, p));
    all[index] = (p << COUNT_BITS) | (count < LIMIT ? count + 1 : count);
  }
}
