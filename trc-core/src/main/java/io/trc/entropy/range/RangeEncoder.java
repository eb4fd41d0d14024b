package io.trc.entropy.range;

import io.trc.entropy.EntropyEncoder;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Objects;

/** The interval is {@code [low, low + width)}, to be appended to the bytes already written. */
public final class RangeEncoder implements EntropyEncoder {
  private byte[] bytes = new byte[256];
  private int written;
  private int certain;
  private long low;
  private long width = RangeCoder.WHOLE;
  private boolean finished;

  RangeEncoder() {}

  @Override
  public void encode(int[] frequencies, int count, int symbol) {
    Objects.checkIndex(symbol, count);
    int total = RangeCoder.total(frequencies, count);
    int below = 0;
    for (int other = 0; other < symbol; other++) {
      below += frequencies[other];
    }
    narrow(below, frequencies[symbol], total);
  }

  @Override
  public void encodeUniform(int value, int bound) {
    Objects.checkIndex(value, bound);
    RangeCoder.checkBound(bound);
    narrow(value, 1, bound);
  }

  /**
   * Writes a binary decision.
   *
   * @param frequency of true, 1 to {@code total - 1}
   * @param total 2 to {@link RangeCoder#MAX_TOTAL}
   */
  public void encodeDecision(boolean decision, int frequency, int total) {
    RangeCoder.checkDecision(frequency, total);
    narrow(decision ? 0 : frequency, decision ? frequency : total - frequency, total);
  }

  private void narrow(int below, int frequency, int total) {
    if (finished) {
      throw new IllegalStateException("the code is finished; reset() begins another");
    }
    long unit = width / total;
    raise(unit * below);
    width = unit * frequency;
    while (width < RangeCoder.LEAST_WIDTH) {
      shift();
      width <<= 8;
    }
  }

  private void raise(long by) {
    low += by;
    if (low >= RangeCoder.WHOLE) {
      low -= RangeCoder.WHOLE;
      carry();
    }
  }

  /**
   * Adds one to the bytes written. The sum stays below 1 as a fraction, so it ends before them, and
   * the byte it ends at receives no second carry.
   */
  private void carry() {
    int i = written - 1;
    while (++bytes[i] == 0) {
      i--;
    }
    certain = Math.max(certain, i + 1);
  }

  private void shift() {
    if (written == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * written);
    }
    byte b = (byte) (low >>> (8 * (RangeCoder.STATE_BYTES - 1)));
    bytes[written++] = b;
    low = low << 8 & (RangeCoder.WHOLE - 1);
    if (b != 0 && b != (byte) 0xFF) {
      certain = written;
    }
  }

  /** Up to the last byte that neither is zero nor may become so by a carry. */
  @Override
  public int size() {
    return certain;
  }

  /** The numbers that decode to what was encoded so far; it may go on. */
  public Interval interval() {
    byte[] lower = Arrays.copyOf(bytes, written + RangeCoder.STATE_BYTES);
    for (int i = 0; i < RangeCoder.STATE_BYTES; i++) {
      lower[written + i] = (byte) (low >>> (8 * (RangeCoder.STATE_BYTES - 1 - i)));
    }
    BigInteger least = new BigInteger(1, lower);
    return new Interval(least, least.add(BigInteger.valueOf(width)), lower.length);
  }

  @Override
  public byte[] finish() {
    if (!finished) {
      raise(RangeCoder.finalOffset(low, width));
      for (int i = 0; i < RangeCoder.STATE_BYTES; i++) {
        shift();
      }
      while (written > 0 && bytes[written - 1] == 0) {
        written--;
      }
      certain = written;
      finished = true;
    }
    return Arrays.copyOf(bytes, written);
  }

  @Override
  public void reset() {
    written = 0;
    certain = 0;
    low = 0;
    width = RangeCoder.WHOLE;
    finished = false;
  }
}
