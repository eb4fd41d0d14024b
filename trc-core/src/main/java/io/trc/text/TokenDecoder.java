package io.trc.text;

import io.trc.TrcCorruptedException;

/**
 * Reads what a {@link TokenEncoder} of the same {@link TokenCoder} wrote, given the same logits in
 * the same order.
 */
public interface TokenDecoder {
  /**
   * Reads a token.
   *
   * @param logits one for each token of the vocabulary; read, not kept
   * @throws TrcCorruptedException if the bits are no code of any token, or have run out
   */
  int decode(float[] logits) throws TrcCorruptedException;

  /**
   * Checks that the code ends here: what is left is only the padding that the encoder writes.
   *
   * @throws TrcCorruptedException if there is more
   */
  void finish() throws TrcCorruptedException;
}
