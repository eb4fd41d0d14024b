package io.trc.text;

/** Writes the tokens of one text in few bits, each by logits that the decoder will know too. */
public interface TokenEncoder {
  /**
   * The token that a decoder gives for a token: itself, or another one with the same bytes. It is
   * what the model must be given when encoding, too.
   */
  default int canonical(int token) {
    return token;
  }

  /**
   * Writes a token.
   *
   * @param logits one for each token of the vocabulary; read, not kept
   */
  void encode(float[] logits, int token);

  /** The bytes that are certain so far, a lower bound of what {@link #finish} returns. */
  int size();

  /** Ends the code and returns all of it. Nothing may be encoded after it. */
  byte[] finish();
}
