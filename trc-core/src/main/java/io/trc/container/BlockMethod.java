package io.trc.container;

import org.jspecify.annotations.Nullable;

/** How the payload of a block came from its plain bytes. */
public enum BlockMethod {
  /** The payload is the plain bytes. */
  STORED(1, false),
  /** A raw LZMA2 stream. */
  LZMA2(2, false),
  /** Tokens predicted by the model, in Huffman codes. */
  HUFFMAN(3, true),
  /** Tokens predicted by the model, range coded. */
  RANGE(4, true),
  /** Tokens predicted by the model and by what the text itself has shown, range coded. */
  MIXED(5, true),
  /** Bytes predicted by what the text itself has shown, range coded. */
  BYTES(6, false);

  private final int id;
  private final boolean needsModel;

  BlockMethod(int id, boolean needsModel) {
    this.id = id;
    this.needsModel = needsModel;
  }

  /** The number that stands for this method in a block, 1 to 31. */
  public int id() {
    return id;
  }

  /** Whether the payload can only be decoded with the model that the header names. */
  public boolean needsModel() {
    return needsModel;
  }

  /** Whether a block of this method can start from what another one has taught. */
  public boolean learns() {
    return this == MIXED || this == BYTES;
  }

  /** The method of a number, or null if this version knows none. */
  static @Nullable BlockMethod ofId(int id) {
    for (BlockMethod method : values()) {
      if (method.id == id) {
        return method;
      }
    }
    return null;
  }
}
