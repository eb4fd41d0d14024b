package io.trc;

import io.trc.block.Coding;
import io.trc.container.BlockMethod;

/**
 * The container's block methods and the block codec's codings, which know nothing of each other.
 */
final class BlockCodings {
  private BlockCodings() {}

  static BlockMethod method(Coding coding) {
    return switch (coding) {
      case STORED -> BlockMethod.STORED;
      case LZMA2 -> BlockMethod.LZMA2;
      case HUFFMAN -> BlockMethod.HUFFMAN;
      case RANGE -> BlockMethod.RANGE;
    };
  }

  static Coding coding(BlockMethod method) {
    return switch (method) {
      case STORED -> Coding.STORED;
      case LZMA2 -> Coding.LZMA2;
      case HUFFMAN -> Coding.HUFFMAN;
      case RANGE -> Coding.RANGE;
    };
  }
}
