package io.trc.block;

import io.trc.TrcCorruptedException;
import io.trc.entropy.EntropyDecoder;
import io.trc.entropy.EntropyEncoder;
import io.trc.predict.TokenDistribution;

/**
 * A token in terms of an entropy coder: the symbol that it belongs to, then its rank among those.
 */
final class TokenCoding {
  /**
   * A payload byte stands for at most so many tokens, so that a few bytes cost little to refuse.
   */
  private static final int TOKENS_PER_BYTE = 64;

  private TokenCoding() {}

  /** The greatest number of tokens that a payload of so many bytes may stand for. */
  static int mostTokens(int payloadBytes) {
    return (int) Math.min(Integer.MAX_VALUE, (payloadBytes + 4L) * TOKENS_PER_BYTE);
  }

  static void encode(TokenDistribution distribution, int token, EntropyEncoder encoder) {
    int symbol = distribution.symbolOf(token);
    encoder.encode(distribution.frequencies(), distribution.symbols(), symbol);
    int tokens = distribution.tokensIn(symbol);
    if (tokens > 1) {
      encoder.encodeUniform(distribution.rankOf(token), tokens);
    }
  }

  static int decode(TokenDistribution distribution, EntropyDecoder decoder)
      throws TrcCorruptedException {
    int symbol = decoder.decode(distribution.frequencies(), distribution.symbols());
    int tokens = distribution.tokensIn(symbol);
    return distribution.token(symbol, tokens > 1 ? decoder.decodeUniform(tokens) : 0);
  }
}
