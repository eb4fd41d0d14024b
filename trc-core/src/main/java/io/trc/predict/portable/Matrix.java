package io.trc.predict.portable;

import java.util.List;

/**
 * Quantised matrices stacked upon each other and turned, so that output rows lie side by side:
 * every row is then a SIMD lane of its own. Two weights of a row that stand next to each other
 * share a float as {@code first + 257 * second}, which halves the memory to be streamed.
 *
 * <p>Read-only and safe for use by several threads.
 */
final class Matrix {
  /** Loops over fewer rows lose time at their ends; more spill the accumulators from the cache. */
  static final int CHUNK = 1024;

  /** Weights that share a float. */
  static final int PAIR = 2;

  /** Above 2 * 128, so that even a pair of -128 and -128 rounds to its second weight. */
  static final float RADIX = 257f;

  private static final int BLOCK = QuantisedRows.BLOCK;

  final int rows;
  final int columns;

  /** The number of chunks of up to {@link #CHUNK} rows. */
  final int chunks;

  /** The number of blocks of a row. */
  final int blocks;

  /**
   * A float a row, for the pairs of block {@code b} of chunk {@code c} from (c * blocks + b) * 16.
   */
  private final float[][] pairs;

  /** A float a row, for block {@code b} of chunk {@code c} at c * blocks + b. */
  private final float[][] scales;

  private Matrix(int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
    chunks = (rows + CHUNK - 1) / CHUNK;
    blocks = columns / BLOCK;
    pairs = new float[chunks * columns / PAIR][];
    scales = new float[chunks * blocks][];
    for (int chunk = 0; chunk < chunks; chunk++) {
      int height = height(chunk);
      for (int block = chunk * blocks; block < (chunk + 1) * blocks; block++) {
        scales[block] = new float[height];
        for (int i = 0; i < BLOCK / PAIR; i++) {
          pairs[block * (BLOCK / PAIR) + i] = new float[height];
        }
      }
    }
  }

  /** Stacks matrices of as many columns each. */
  static Matrix stack(List<QuantisedRows> parts) {
    int height = 0;
    for (QuantisedRows part : parts) {
      height += part.rows();
    }
    Matrix matrix = new Matrix(height, parts.get(0).columns());
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
        for (int i = 0; i < BLOCK; i += PAIR) {
          pairs[(block * BLOCK + i) / PAIR][at] = weights[i] + RADIX * weights[i + 1];
        }
      }
    }
  }

  /** The number of rows of a chunk. */
  int height(int chunk) {
    return Math.min(CHUNK, rows - chunk * CHUNK);
  }

  /** For the rows of a chunk: weights {@code column} and the next one. */
  float[] pair(int chunk, int column) {
    return pairs[(chunk * columns + column) / PAIR];
  }

  /** For the rows of a chunk: the scale of a block. */
  float[] scale(int chunk, int block) {
    return scales[chunk * blocks + block];
  }

  /** The memory in bytes of a matrix of that shape, an upper estimate. */
  static long memory(long rows, long columns) {
    long height = Math.min(rows, CHUNK);
    long floats = rows * columns / PAIR + rows * columns / BLOCK;
    return 4 * floats + floats / height * 24;
  }
}
