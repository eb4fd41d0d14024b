package io.trc.predict;

/**
 * The tokens of a model, as the bytes they stand for, and a way to cut bytes into tokens.
 *
 * <p>Which tokens a text is cut into is no part of the format: any sequence whose bytes, put
 * together, are the text decodes to it. Implementations are immutable and safe for use by several
 * threads.
 */
public interface Vocabulary {
  /** The number of tokens; token identifiers are {@code 0..size()-1}. */
  int size();

  /** The token that a window starts with, before any text: BOS, or what stands for it. */
  int startToken();

  /**
   * The bytes that a token stands for; empty for control and unknown tokens, which never stand for
   * text. The array is shared and must not be changed.
   */
  byte[] bytes(int token);

  /**
   * Whether a token stands for a byte that no other token says. Where one does, the byte's token
   * was hardly ever seen in training.
   */
  boolean isByteToken(int token);

  /**
   * Cuts bytes into tokens, the way the model was trained to see them where that is lossless and
   * into byte tokens elsewhere. The bytes of the tokens put together are the input, always: this is
   * checked before returning.
   *
   * @return the tokens, or null if some byte of the input cannot be said in this vocabulary
   */
  int @org.jspecify.annotations.Nullable [] tokenize(byte[] text, int offset, int length);
}
