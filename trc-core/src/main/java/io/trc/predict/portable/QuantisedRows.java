package io.trc.predict.portable;

import io.trc.gguf.GgmlType;
import java.nio.ByteBuffer;

/**
 * A matrix as ggml stores it: rows of blocks of 32 small integers that share a scale. Read-only and
 * safe for use by several threads.
 */
final class QuantisedRows {
  /** The number of weights that share a scale. */
  static final int BLOCK = 32;

  private final ByteBuffer data;
  private final GgmlType type;
  private final int columns;
  private final int rows;

  /** Rows of Q8_0 or Q5_0 blocks in little-endian {@code data}. */
  QuantisedRows(ByteBuffer data, GgmlType type, int columns, int rows) {
    this.data = data;
    this.type = type;
    this.columns = columns;
    this.rows = rows;
  }

  int columns() {
    return columns;
  }

  int rows() {
    return rows;
  }

  /** The memory in bytes that the rows take. */
  long memory() {
    return data.capacity();
  }

  /** The scale of a block, counted from the first of the matrix. */
  float scale(int block) {
    return Binary16.toFloat(data.getShort(block * bytes()));
  }

  /** Puts the 32 weights of a block, -128 to 127 each, into {@code target}. */
  void weights(int block, int[] target) {
    int at = block * bytes() + 2;
    if (type == GgmlType.Q8_0) {
      for (int i = 0; i < BLOCK; i++) {
        target[i] = data.get(at + i);
      }
    } else { // Q5_0: the fifth bits, then the lower four of weights 0 to 15 and of 16 to 31
      int fifth = data.getInt(at);
      for (int i = 0; i < BLOCK / 2; i++) {
        int four = data.get(at + 4 + i);
        target[i] = ((four & 15) | ((fifth >>> i) & 1) << 4) - 16;
        target[i + BLOCK / 2] = ((four >>> 4 & 15) | ((fifth >>> (i + BLOCK / 2)) & 1) << 4) - 16;
      }
    }
  }

  /** Puts a row, each weight times its scale, into {@code target}. */
  void row(int row, float[] target) {
    int[] weights = new int[BLOCK];
    int blocks = columns / BLOCK;
    for (int b = 0; b < blocks; b++) {
      int block = row * blocks + b;
      float scale = scale(block);
      weights(block, weights);
      for (int i = 0; i < BLOCK; i++) {
        target[b * BLOCK + i] = scale * weights[i];
      }
    }
  }

  private int bytes() {
    return type.blockBytes();
  }
}
