package io.trc.entropy.huffman;

/**
 * Truncated binary (phased-in) codes: with {@code k = floor(log2(bound))}, the first {@code 2^(k+1)
 * - bound} values take {@code k} bits, the others {@code k + 1}.
 */
final class TruncatedBinary {
  /** The greatest bound: 2^20. */
  private static final int MAX_BOUND = 1 << 20;

  private TruncatedBinary() {}

  /** The length in bits of the shorter codes. */
  static int shortLength(int bound) {
    if (bound < 1 || bound > MAX_BOUND) {
      throw new IllegalArgumentException("bound " + bound + " is not in 1.." + MAX_BOUND);
    }
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(bound);
  }

  /** The number of values with a shorter code. */
  static int shortCodes(int bound) {
    return (2 << shortLength(bound)) - bound;
  }
}
