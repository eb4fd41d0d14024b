package io.trc.text;

import io.trc.TrcCorruptedException;
import io.trc.entropy.EntropyCoder;
import io.trc.entropy.EntropyDecoder;
import io.trc.entropy.EntropyEncoder;
import io.trc.predict.TokenDistribution;

/**
 * Codes every token by its own logits and nothing else: the symbol of the {@link TokenDistribution}
 * that it belongs to, then its rank among the tokens of that symbol.
 */
public final class DistributionCoder implements TokenCoder {
  private final EntropyCoder coder;
  private final TokenDistribution distribution;

  /** A coder for a vocabulary of so many tokens. */
  public DistributionCoder(EntropyCoder coder, int vocabularySize) {
    this.coder = coder;
    this.distribution = new TokenDistribution(vocabularySize);
  }

  /** An upper estimate of the memory in bytes that one takes with all that it makes. */
  public static long memory(int vocabularySize) {
    return 64L * vocabularySize;
  }

  @Override
  public TokenEncoder newEncoder() {
    EntropyEncoder encoder = coder.newEncoder();
    return new TokenEncoder() {
      @Override
      public void encode(float[] logits, int token) {
        distribution.set(logits);
        int symbol = distribution.symbolOf(token);
        encoder.encode(distribution.frequencies(), distribution.symbols(), symbol);
        int tokens = distribution.tokensIn(symbol);
        if (tokens > 1) {
          encoder.encodeUniform(distribution.rankOf(token), tokens);
        }
      }

      @Override
      public int size() {
        return encoder.size();
      }

      @Override
      public byte[] finish() {
        return encoder.finish();
      }
    };
  }

  @Override
  public TokenDecoder newDecoder(byte[] code) {
    EntropyDecoder decoder = coder.newDecoder(code);
    return new TokenDecoder() {
      @Override
      public int decode(float[] logits) throws TrcCorruptedException {
        distribution.set(logits);
        int symbol = decoder.decode(distribution.frequencies(), distribution.symbols());
        int tokens = distribution.tokensIn(symbol);
        return distribution.token(symbol, tokens > 1 ? decoder.decodeUniform(tokens) : 0);
      }

      @Override
      public void finish() throws TrcCorruptedException {
        decoder.finish();
      }
    };
  }
}
