package io.trc.block;

import io.trc.TrcException;
import io.trc.container.BlockMethod;
import io.trc.entropy.huffman.HuffmanCoder;
import io.trc.entropy.range.RangeCoder;
import io.trc.predict.LanguageModel;
import io.trc.predict.Vocabulary;
import io.trc.text.DistributionCoder;
import io.trc.text.TextEncoder;
import io.trc.text.TokenCoder;

/**
 * What predicts the text of blocks, and how their tokens are coded.
 *
 * @param window the context window in tokens
 * @param method one that needs a model
 */
public record Prediction(LanguageModel model, int window, BlockMethod method) {
  /** Loads the model when the first text needs it. */
  public interface Source {
    /**
     * The same at every call.
     *
     * @throws TrcException if the model cannot be loaded
     */
    Prediction get() throws TrcException;
  }

  TextEncoder encoder() {
    return new TextEncoder(model, window, coder(method, model.vocabulary()));
  }

  /** How a method codes tokens. */
  static TokenCoder coder(BlockMethod method, Vocabulary vocabulary) {
    return switch (method) {
      case HUFFMAN -> new DistributionCoder(new HuffmanCoder(), vocabulary.size());
      case RANGE -> new DistributionCoder(new RangeCoder(), vocabulary.size());
      default -> throw new IllegalArgumentException(method + " codes no tokens");
    };
  }
}
