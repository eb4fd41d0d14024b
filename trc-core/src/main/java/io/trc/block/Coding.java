package io.trc.block;

/** How a block's plain bytes were turned into its payload. */
public enum Coding {
  /** The payload is the plain bytes. */
  STORED,
  /** A raw LZMA2 stream. */
  LZMA2,
  /** Tokens predicted by a model, each in a canonical Huffman code of its own. */
  HUFFMAN,
  /** Tokens predicted by a model, in a range code. */
  RANGE;

  /** True if the payload can be decoded only with the model that wrote it. */
  public boolean needsModel() {
    return this == HUFFMAN || this == RANGE;
  }
}
