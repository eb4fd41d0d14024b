package io.trc.entropy.huffman;

import io.trc.entropy.EntropyCoder;
import io.trc.entropy.EntropyDecoder;
import io.trc.entropy.EntropyEncoder;

/**
 * A canonical Huffman code, built anew from the frequencies of each symbol; equally likely values
 * are coded in truncated binary. A symbol takes a whole number of bits: none if it is the only one,
 * else at least one.
 *
 * <p>Cost: sorting and merging all frequencies for each symbol, about 20 ns per frequency; no
 * allocation but that of the growing output. Stateless, safe for use by several threads.
 *
 * <p>Source: D. A. Huffman, A Method for the Construction of Minimum-Redundancy Codes, 1952.
 */
public final class HuffmanCoder implements EntropyCoder {
  /** Creates the coder. */
  public HuffmanCoder() {}

  @Override
  public EntropyEncoder newEncoder() {
    return new HuffmanEncoder();
  }

  @Override
  public EntropyDecoder newDecoder(byte[] code) {
    return new HuffmanDecoder(new BitReader(code));
  }
}
