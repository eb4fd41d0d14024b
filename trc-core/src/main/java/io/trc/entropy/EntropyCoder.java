package io.trc.entropy;

/** A way of coding symbols by their frequencies: a factory of encoders and decoders that match. */
public interface EntropyCoder {
  /** The greatest sum of the frequencies of one distribution: 2^24. */
  int MAX_TOTAL = 1 << 24;

  /** The greatest number of symbols in one distribution: 4096. */
  int MAX_SYMBOLS = 1 << 12;

  /** A new encoder, empty. */
  EntropyEncoder newEncoder();

  /** A decoder of a code, which it reads but does not copy. */
  EntropyDecoder newDecoder(byte[] code);
}
