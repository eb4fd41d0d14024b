package io.trc.entropy;

/**
 * Writes symbols in few bits, each by frequencies that the decoder will know too.
 *
 * <pre>{@code
 * EntropyEncoder encoder = coder.newEncoder();
 * encoder.encode(new int[] {900, 90, 10}, 3, 0); // a likely symbol: few bits
 * encoder.encodeUniform(5, 12);
 * byte[] payload = encoder.finish();
 * }</pre>
 *
 * <p>Frequencies are at least 1 each and sum to at most {@link EntropyCoder#MAX_TOTAL}. Instances
 * are confined to one thread.
 */
public interface EntropyEncoder {
  /**
   * Writes {@code symbol}, one of {@code 0..count-1}, whose frequency is {@code
   * frequencies[symbol]}.
   */
  void encode(int[] frequencies, int count, int symbol);

  /**
   * Writes {@code value}, one of {@code 0..bound-1}, all equally likely; 1 &lt;= bound &lt;= 2^20.
   */
  void encodeUniform(int value, int bound);

  /** The bytes that are certain so far, a lower bound of what {@link #finish} returns. */
  int size();

  /** Ends the code and returns all of it. Nothing may be encoded after it until {@link #reset}. */
  byte[] finish();

  /** Forgets everything, so that the next code can be written with the same buffers. */
  void reset();
}
