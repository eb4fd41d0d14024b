package io.trc.block;

import io.trc.container.BlockMethod;
import io.trc.entropy.huffman.HuffmanCoder;
import io.trc.entropy.range.RangeCoder;
import io.trc.mix.MixSize;
import io.trc.predict.Vocabulary;
import io.trc.text.DistributionCoder;
import io.trc.text.TokenCoder;

/**
 * How blocks are coded.
 *
 * @param method of text
 * @param mixing how large the mixer of tokens is
 * @param alone how large the mixer of bytes is
 * @param level 0 to 9, for LZMA2
 * @param patience how many tokens a byte may take that the model saves
 * @param verify true if every block is to be decoded and compared
 */
public record Coding(
    BlockMethod method, MixSize mixing, MixSize alone, int level, int patience, boolean verify) {
  /** How a method codes tokens by their logits alone. */
  static TokenCoder tokens(BlockMethod method, Vocabulary vocabulary) {
    return switch (method) {
      case HUFFMAN -> new DistributionCoder(new HuffmanCoder(), vocabulary.size());
      case RANGE -> new DistributionCoder(new RangeCoder(), vocabulary.size());
      default -> throw new IllegalArgumentException(method + " does not code by logits alone");
    };
  }

  /** The memory in bytes that what a text teaches takes, or 0 where nothing is learnt. */
  public long memory() {
    return method.learns() ? Math.max(mixing.memory(), alone.memory()) : 0;
  }
}
