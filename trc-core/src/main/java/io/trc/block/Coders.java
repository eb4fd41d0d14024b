package io.trc.block;

import io.trc.entropy.EntropyCoder;
import io.trc.entropy.huffman.HuffmanCoder;
import io.trc.entropy.range.RangeCoder;

/** The entropy coder behind each coding of tokens. */
final class Coders {
  private static final EntropyCoder HUFFMAN = new HuffmanCoder();
  private static final EntropyCoder RANGE = new RangeCoder();

  private Coders() {}

  static EntropyCoder of(Coding coding) {
    return switch (coding) {
      case HUFFMAN -> HUFFMAN;
      case RANGE -> RANGE;
      case STORED, LZMA2 -> throw new IllegalArgumentException(coding + " codes no tokens");
    };
  }
}
