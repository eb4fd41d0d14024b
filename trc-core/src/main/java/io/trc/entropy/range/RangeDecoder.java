package io.trc.entropy.range;

import io.trc.TrcCorruptedException;
import io.trc.entropy.EntropyDecoder;

/** Follows the encoder's interval; {@code offset} is the code's number less the lower end. */
public final class RangeDecoder implements EntropyDecoder {
  private final byte[] bytes;
  private int position;
  private long low;
  private long width = RangeCoder.WHOLE;
  private long offset;

  RangeDecoder(byte[] bytes) {
    this.bytes = bytes;
    for (int i = 0; i < RangeCoder.STATE_BYTES; i++) {
      shift();
    }
  }

  @Override
  public int decode(int[] frequencies, int count) throws TrcCorruptedException {
    int total = RangeCoder.total(frequencies, count);
    long unit = width / total;
    int target = target(unit, total);
    int symbol = 0;
    int below = 0;
    while (target - below >= frequencies[symbol]) {
      below += frequencies[symbol++];
    }
    narrow(unit, below, frequencies[symbol]);
    return symbol;
  }

  @Override
  public int decodeUniform(int bound) throws TrcCorruptedException {
    RangeCoder.checkBound(bound);
    long unit = width / bound;
    int value = target(unit, bound);
    narrow(unit, value, 1);
    return value;
  }

  /**
   * Reads a binary decision.
   *
   * @param frequency of true, 1 to {@code total - 1}
   * @param total 2 to {@link RangeCoder#MAX_TOTAL}
   * @throws TrcCorruptedException if the bits are no code of either
   */
  public boolean decodeDecision(int frequency, int total) throws TrcCorruptedException {
    RangeCoder.checkDecision(frequency, total);
    long unit = width / total;
    boolean decision = target(unit, total) < frequency;
    narrow(unit, decision ? 0 : frequency, decision ? frequency : total - frequency);
    return decision;
  }

  private int target(long unit, int total) throws TrcCorruptedException {
    long target = offset / unit;
    if (target >= total) {
      throw new TrcCorruptedException("range code lies outside of all symbols");
    }
    return (int) target;
  }

  private void narrow(long unit, int below, int frequency) {
    offset -= unit * below;
    low = low + unit * below & (RangeCoder.WHOLE - 1);
    width = unit * frequency;
    while (width < RangeCoder.LEAST_WIDTH) {
      shift();
      low = low << 8 & (RangeCoder.WHOLE - 1);
      width <<= 8;
    }
  }

  private void shift() {
    offset = offset << 8 | (position < bytes.length ? bytes[position++] & 0xFF : 0);
  }

  @Override
  public void finish() throws TrcCorruptedException {
    if (position != bytes.length) {
      throw new TrcCorruptedException(
          "range code goes on for " + (bytes.length - position) + " bytes after its last symbol");
    }
    boolean shortest = position == 0 || bytes[position - 1] != 0;
    if (offset != RangeCoder.finalOffset(low, width) || !shortest) {
      throw new TrcCorruptedException("range code does not end after its last symbol");
    }
  }
}
