package io.trc.block;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Tells what LZMA2 could not shrink, such as a ZIP file or a photograph, without trying it on all
 * of it: twenty times quicker.
 */
final class Incompressible {
  /** What is shorter is simply tried. */
  static final int LEAST = 1 << 16;

  /** Bits a byte that the bytes, each on its own, must have. */
  private static final double NOISE = 7.9;

  /** The part that is tried. */
  private static final int SAMPLE = 1 << 15;

  private static final int TABLE_LOG2 = 17;

  /** One place in so many is looked at for a repetition: those whose bytes have a certain hash. */
  private static final int SPARSE_LOG2 = 6;

  /** One repetition in so many places that were looked at shows that there is something to find. */
  private static final int REPETITIVE = 100;

  private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Incompressible() {}

  /** True if the bytes are plainly of that kind; false if LZMA2 is to be tried. */
  static boolean plainly(byte[] bytes, int offset, int length) {
    if (length < LEAST || entropy(bytes, offset, length) < NOISE) {
      return false;
    }
    if (repeats(bytes, offset, length)) {
      return false;
    }
    int middle = offset + (length - SAMPLE) / 2;
    return Lzma2.quickSize(bytes, middle, SAMPLE) > SAMPLE - SAMPLE / 100;
  }

  /**
   * The entropy of single bytes, in bits. For a choice only, so it need not be the same anywhere.
   */
  private static double entropy(byte[] bytes, int offset, int length) {
    int[] counts = new int[256];
    for (int i = offset; i < offset + length; i++) {
      counts[bytes[i] & 0xff]++;
    }
    double bits = 0;
    for (int count : counts) {
      if (count > 0) {
        bits -= count * StrictMath.log((double) count / length);
      }
    }
    return bits / length / StrictMath.log(2);
  }

  /** True if stretches of eight bytes come again, however far apart. */
  private static boolean repeats(byte[] bytes, int offset, int length) {
    long[] seen = new long[1 << TABLE_LOG2];
    int looked = 0;
    int again = 0;
    for (int i = offset; i <= offset + length - Long.BYTES; i++) {
      long word = (long) WORDS.get(bytes, i);
      long hash = word * MULTIPLIER;
      if (hash >>> (Long.SIZE - SPARSE_LOG2) != 0) {
        continue;
      }
      looked++;
      int slot = (int) (hash >>> (Long.SIZE - SPARSE_LOG2 - TABLE_LOG2)) & (seen.length - 1);
      again += seen[slot] == word ? 1 : 0;
      seen[slot] = word;
    }
    return (long) again * REPETITIVE > looked;
  }
}
