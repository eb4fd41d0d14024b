package io.trc.strings;

import io.trc.TrcCorruptedException;
import io.trc.TrcException;
import io.trc.entropy.range.RangeDecoder;
import io.trc.entropy.range.RangeEncoder;
import java.io.IOException;

/**
 * A way of coding strings so that the code itself tells where a string ends.
 *
 * <p>Safe for use by several threads. What a string becomes depends on nothing but the string.
 */
public interface StringCoder {
  /**
   * Appends strings to codes that have begun.
   *
   * @param texts in UTF-8, at least one byte each
   * @param encoders one for each text
   * @param limits work on a text may end once its code has more bytes than this
   * @return for each text whether its code is whole
   * @throws TrcException if the engine fails
   */
  boolean[] encode(byte[][] texts, RangeEncoder[] encoders, int[] limits) throws IOException;

  /**
   * Reads strings.
   *
   * @param most the bytes that each may have at most
   * @return the bytes of each, which need not be UTF-8 where a code was damaged
   * @throws TrcCorruptedException if a code is none of a string of so few bytes
   */
  byte[][] decode(RangeDecoder[] decoders, int[] most) throws IOException;
}
