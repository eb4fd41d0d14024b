package io.trc.entropy.range;

import io.trc.entropy.EntropyCoder;
import io.trc.entropy.EntropyDecoder;

/**
 * A range coder: all symbols together are one number, and each takes as much of its precision as
 * its frequency says, fractions of a bit included. The loss against the ideal code is below 0.00003
 * bits a symbol, and at most one byte at the end.
 *
 * <p>The code is the shortest of all numbers that decode to the same symbols, without its trailing
 * zero bytes; behind its end the decoder reads zeros. There is exactly one code for each sequence
 * of symbols, and {@link EntropyDecoder#finish} accepts no other.
 *
 * <p>Cost: one addition per frequency and one division for each symbol. Stateless, safe for use by
 * several threads.
 *
 * <p>Source: G. N. N. Martin, Range encoding: an algorithm for removing redundancy from a digitised
 * message, 1979; carries are propagated into the bytes already written.
 */
public final class RangeCoder implements EntropyCoder {
  /** The number of bytes in which the interval's lower end and width are kept. */
  static final int STATE_BYTES = 6;

  /** One more than the greatest lower end: 2^48; also the first width. */
  static final long WHOLE = 1L << (8 * STATE_BYTES);

  /** The least width with which a symbol is coded: 2^40. */
  static final long LEAST_WIDTH = WHOLE >>> 8;

  /** The greatest bound of a uniform value: 2^20. */
  static final int MAX_BOUND = 1 << 20;

  /** Creates the coder. */
  public RangeCoder() {}

  @Override
  public RangeEncoder newEncoder() {
    return new RangeEncoder();
  }

  @Override
  public RangeDecoder newDecoder(byte[] code) {
    return new RangeDecoder(code);
  }

  /** The sum of the frequencies, once they were found to be in order. */
  static int total(int[] frequencies, int count) {
    if (count < 1 || count > MAX_SYMBOLS) {
      throw new IllegalArgumentException("count " + count + " is not in 1.." + MAX_SYMBOLS);
    }
    long total = 0;
    int least = Integer.MAX_VALUE;
    for (int symbol = 0; symbol < count; symbol++) {
      total += frequencies[symbol];
      least = Math.min(least, frequencies[symbol]);
    }
    if (least < 1 || total > MAX_TOTAL) {
      throw new IllegalArgumentException(
          "frequencies must be at least 1 each and sum to at most "
              + MAX_TOTAL
              + "; the least is "
              + least
              + ", the sum "
              + total);
    }
    return (int) total;
  }

  /** Throws unless a uniform value's bound is in order. */
  static void checkBound(int bound) {
    if (bound < 1 || bound > MAX_BOUND) {
      throw new IllegalArgumentException("bound " + bound + " is not in 1.." + MAX_BOUND);
    }
  }

  /** Throws unless the frequency of a binary decision is in order. */
  static void checkDecision(int frequency, int total) {
    if (frequency < 1 || frequency >= total || total > MAX_TOTAL) {
      throw new IllegalArgumentException(
          "frequency " + frequency + " of " + total + " is not in 1.." + (total - 1));
    }
  }

  /**
   * How far above the lower end the final number lies: the first number not below it, within the
   * width, that has the most trailing zero bytes.
   */
  static long finalOffset(long low, long width) {
    for (int bytes = STATE_BYTES; ; bytes--) {
      long offset = -low & ((1L << (8 * bytes)) - 1);
      if (offset < width) {
        return offset;
      }
    }
  }
}
