package io.trc.predict.portable;

import java.util.List;

/**
 * Quantised matrices stacked upon each other and turned, so that output rows lie side by side:
 * every row is then a SIMD lane of its own. Weights of a row that stand next to each other share an
 * element of an array, as {@link Packing} says.
 *
 * <p>Read-only and safe for use by several threads.
 */
final class Matrix {
  /** Loops over fewer rows lose time at their ends; more spill the accumulators from the cache. */
  static final int CHUNK = 1024;

  /** Above 2 * 128, so that even a pair of -128 and -128 rounds to its second weight. */
  static final float RADIX = 257f;

  private static final int BLOCK = QuantisedRows.BLOCK;

  final int rows;
  final int columns;

  /** The number of chunks of up to {@link #CHUNK} rows. */
  final int chunks;

  /** The number of blocks of a row. */
  final int blocks;

  final Packing packing;

  /**
   * A float a row, for columns k and k + 1 of chunk {@code c} at (c * columns + k) / 2; or none.
   */
  private final float[][] pairs;

  /** An int a row, for columns k to k + 3 of chunk {@code c} at (c * columns + k) / 4; or none. */
  private final int[][] words;

  /** A float a row, for block {@code b} of chunk {@code c} at c * blocks + b. */
  private final float[][] scales;

  private Matrix(int rows, int columns, Packing packing) {
    this.rows = rows;
    this.columns = columns;
    this.packing = packing;
    chunks = (rows + CHUNK - 1) / CHUNK;
    blocks = columns / BLOCK;
    int arrays = chunks * columns / packing.weights;
    pairs = new float[packing == Packing.PAIRS ? arrays : 0][];
    words = new int[packing == Packing.WORDS ? arrays : 0][];
    scales = new float[chunks * blocks][];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = new float[height(i * packing.weights / columns)];
    }
    for (int i = 0; i < words.length; i++) {
      words[i] = new int[height(i * packing.weights / columns)];
    }
    for (int i = 0; i < scales.length; i++) {
      scales[i] = new float[height(i / blocks)];
    }
  }

  /** Stacks matrices of as many columns each. */
  static Matrix stack(List<QuantisedRows> parts, Packing packing) {
    int height = 0;
    for (QuantisedRows part : parts) {
      height += part.rows();
    }
    Matrix matrix = new Matrix(height, parts.get(0).columns(), packing);
    int first = 0;
    for (QuantisedRows part : parts) {
      matrix.fill(first, part);
      first += part.rows();
    }
    return matrix;
  }

  private void fill(int first, QuantisedRows part) {
    int[] weights = new int[BLOCK];
    for (int row = 0; row < part.rows(); row++) {
      int chunk = (first + row) / CHUNK;
      int at = (first + row) % CHUNK;
      for (int b = 0; b < blocks; b++) {
        int block = chunk * blocks + b;
        scales[block][at] = part.scale(row * blocks + b);
        part.weights(row * blocks + b, weights);
        for (int i = 0; i < BLOCK; i += packing.weights) {
          int array = (block * BLOCK + i) / packing.weights;
          if (packing == Packing.PAIRS) {
            pairs[array][at] = weights[i] + RADIX * weights[i + 1];
          } else {
            words[array][at] =
                (weights[i] & 255)
                    | (weights[i + 1] & 255) << 8
                    | (weights[i + 2] & 255) << 16
                    | weights[i + 3] << 24;
          }
        }
      }
    }
  }

  /** The number of rows of a chunk. */
  int height(int chunk) {
    return Math.min(CHUNK, rows - chunk * CHUNK);
  }

  /** For the rows of a chunk: weights {@code column} and the next one, in {@link Packing#PAIRS}. */
  float[] pair(int chunk, int column) {
    return pairs[(chunk * columns + column) / Packing.PAIRS.weights];
  }

  /** For the rows of a chunk: four weights from {@code column} on, in {@link Packing#WORDS}. */
  int[] word(int chunk, int column) {
    return words[(chunk * columns + column) / Packing.WORDS.weights];
  }

  /** For the rows of a chunk: the scale of a block. */
  float[] scale(int chunk, int block) {
    return scales[chunk * blocks + block];
  }

  /** The memory in bytes of a matrix of that shape, an upper estimate. */
  static long memory(long rows, long columns, Packing packing) {
    long height = Math.min(rows, CHUNK);
    long elements = rows * columns / packing.weights + rows * columns / BLOCK;
    return 4 * elements + elements / height * 24;
  }
}
