package io.trc.mix;

/** The hashes of contexts. */
public final class Hash {
  private static final int GOLDEN = 0x9E37_79B1;

  private Hash() {}

  /** A hash of two values. */
  public static int of(int a, int b) {
    int h = a * 0x2C1B_3C6D + b * 0x297A_2D39 + 0x9E37_79B9;
    h ^= h >>> 15;
    h *= 0x85EB_CA6B;
    h ^= h >>> 13;
    h *= 0xC2B2_AE35;
    return h ^ (h >>> 16);
  }

  /** A hash's place in a table of so many bits. */
  public static int place(int hash, int bits) {
    return (hash * GOLDEN) >>> (Integer.SIZE - bits);
  }
}
