package io.trc.entropy;

import io.trc.TrcCorruptedException;

/**
 * Reads what an {@link EntropyEncoder} of the same {@link EntropyCoder} wrote, given the same
 * frequencies in the same order. Instances are confined to one thread.
 */
public interface EntropyDecoder {
  /**
   * Reads a symbol.
   *
   * @return one of {@code 0..count-1}
   * @throws TrcCorruptedException if the bits are no code of any symbol, or have run out
   */
  int decode(int[] frequencies, int count) throws TrcCorruptedException;

  /**
   * Reads a value of {@code 0..bound-1}, all equally likely.
   *
   * @throws TrcCorruptedException if the bits are no code of any value, or have run out
   */
  int decodeUniform(int bound) throws TrcCorruptedException;

  /**
   * Checks that the code ends here: what is left is only the padding that the encoder writes.
   *
   * @throws TrcCorruptedException if there is more
   */
  void finish() throws TrcCorruptedException;
}
