package io.trc.text;

/**
 * A way of coding tokens by the logits that a model gave for each: a factory of encoders and
 * decoders that match.
 *
 * <p>An encoder or decoder may keep state from token to token, of its own text only. Coders are
 * confined to one thread together with all that they made, which may share their buffers.
 */
public interface TokenCoder {
  /** A new encoder, empty. */
  TokenEncoder newEncoder();

  /** A decoder of a code, which it reads but does not copy. */
  TokenDecoder newDecoder(byte[] code);
}
