package io.trc.bench;

import io.trc.entropy.EntropyCoder;
import io.trc.entropy.huffman.HuffmanCoder;
import io.trc.entropy.range.RangeCoder;
import io.trc.mix.MixCoder;
import io.trc.mix.MixSize;
import io.trc.predict.LanguageModel;
import io.trc.text.DistributionCoder;
import io.trc.text.TextEncoder;
import io.trc.text.TokenEncoder;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/**
 * How many bytes several coders make of a text whose tokens one language model predicts; all are
 * empty if it has no tokens for the text.
 *
 * @param ideal the model alone, by a coder that loses nothing
 * @param range the model alone, by the range coder
 * @param huffman the model alone, by the Huffman coder
 * @param mixed the model as the mixer corrects it
 */
record ModelCodes(OptionalInt ideal, OptionalInt range, OptionalInt huffman, OptionalInt mixed) {
  /** Codes a text as one block. The model goes over it once, and all coders see the same logits. */
  static ModelCodes of(byte[] text, LanguageModel model, int window, MixSize mixing)
      throws IOException {
    Measured ideal = new Measured(new IdealEncoder());
    Measured range = new Measured(alone(new RangeCoder(), model));
    Measured huffman = new Measured(alone(new HuffmanCoder(), model));
    Measured mixed = new Measured(new MixCoder(model.vocabulary(), mixing).newEncoder());
    new TextEncoder(model, window)
        .encode(text, Integer.MAX_VALUE, List.of(ideal, range, huffman, mixed));
    return new ModelCodes(ideal.length, range.length, huffman.length, mixed.length);
  }

  private static TokenEncoder alone(EntropyCoder coder, LanguageModel model) {
    return new DistributionCoder(coder, model.vocabulary().size()).newEncoder();
  }

  /** An encoder that remembers how long its code became: of several, only the shortest is kept. */
  private static final class Measured implements TokenEncoder {
    private final TokenEncoder encoder;
    private OptionalInt length = OptionalInt.empty();

    Measured(TokenEncoder encoder) {
      this.encoder = encoder;
    }

    @Override
    public int canonical(int token) {
      return encoder.canonical(token);
    }

    @Override
    public void encode(float[] logits, int token) {
      encoder.encode(logits, token);
    }

    @Override
    public int size() {
      return encoder.size();
    }

    @Override
    public byte[] finish() {
      byte[] code = encoder.finish();
      length = OptionalInt.of(code.length);
      return code;
    }
  }
}
