package io.trc.predict.portable;

import java.util.Arrays;

/**
 * Matrix times columns, in the order of ggml's AVX2 kernel: eight accumulators a row, each of them
 * fed by four weights of every block, whose exact integer sum is scaled by one fused multiply-add.
 *
 * <p>Integers are computed in floats: no sum here exceeds 2<sup>24</sup>, so all of it is exact.
 *
 * <p>What C2 (JDK 17 to 25) vectorises shapes the loops: one array is written, all arrays have the
 * same index, and the body is short. Otherwise a loop takes five times as long.
 */
final class Product {
  private static final int BLOCK = QuantisedRows.BLOCK;
  private static final int ACCUMULATORS = 8;
  private static final float INTEGER = 0x1.8p23f;
  private static final float RADIX = Matrix.RADIX;
  private static final float INVERSE = 1f / RADIX;

  /** Columns that share the unpacking of weights; their accumulators fit the second-level cache. */
  private static final int GROUP = 16;

  /** Rows done together: their unpacked weights fit the first-level cache. */
  private static final int ROWS = 512;

  /** From this many columns on it pays to unpack weights. */
  private static final int MANY = 3;

  private final float[][][] sums;
  private final float[] factor = new float[Matrix.CHUNK];
  private final float[] result = new float[Matrix.CHUNK];
  private final float[][] weights = new float[4][Matrix.CHUNK];

  /** Products with up to that many columns at once. */
  Product(int columns) {
    sums = new float[Math.min(columns, GROUP)][ACCUMULATORS][Matrix.CHUNK];
  }

  /** The memory in bytes, an upper estimate. */
  static long memory() {
    return 4L * Matrix.CHUNK * (GROUP * ACCUMULATORS + 6) + 4096;
  }

  /**
   * Puts the matrix times each of the first {@code count} columns into {@code target}, from its
   * element {@code first} on.
   */
  void multiply(Matrix matrix, QuantisedColumns columns, int count, float[][] target, int first) {
    for (int chunk = 0; chunk < matrix.chunks; chunk++) {
      if (count < MANY) {
        for (int c = 0; c < count; c++) {
          single(matrix, chunk, columns.values[c], columns.scales[c]);
          finish(sums[0], 0, matrix.height(chunk), target[first + c], chunk);
        }
        continue;
      }
      for (int from = 0; from < matrix.height(chunk); from += ROWS) {
        int to = Math.min(from + ROWS, matrix.height(chunk));
        for (int c = 0; c < count; c += GROUP) {
          many(matrix, chunk, from, to, columns, c, Math.min(GROUP, count - c));
          for (int i = c; i < Math.min(c + GROUP, count); i++) {
            finish(sums[i - c], from, to, target[first + i], chunk);
          }
        }
      }
    }
  }

  /** A single column, with packed weights. */
  private void single(Matrix matrix, int chunk, float[] x, float[] scales) {
    int height = matrix.height(chunk);
    for (float[] sum : sums[0]) {
      Arrays.fill(sum, 0, height, 0f);
    }
    for (int block = 0; block < matrix.blocks; block++) {
      scale(factor, matrix.scale(chunk, block), scales[block], height);
      for (int a = 0; a < ACCUMULATORS; a++) {
        int k = block * BLOCK + 4 * a;
        if (matrix.packing == Packing.WORDS) {
          words(
              sums[0][a],
              factor,
              matrix.word(chunk, k),
              x[k],
              x[k + 1],
              x[k + 2],
              x[k + 3],
              height);
          continue;
        }
        pairs(
            sums[0][a],
            factor,
            matrix.pair(chunk, k),
            matrix.pair(chunk, k + 2),
            x[k],
            x[k + 1] - RADIX * x[k],
            x[k + 2],
            x[k + 3] - RADIX * x[k + 2],
            height);
      }
    }
  }

  /** Several columns, which share the work of unpacking. */
  private void many(
      Matrix matrix, int chunk, int from, int to, QuantisedColumns columns, int first, int count) {
    for (int a = 0; a < ACCUMULATORS; a++) {
      for (int c = 0; c < count; c++) {
        Arrays.fill(sums[c][a], from, to, 0f);
      }
      for (int block = 0; block < matrix.blocks; block++) {
        int k = block * BLOCK + 4 * a;
        unpack(matrix, chunk, k, from, to);
        float[] scales = matrix.scale(chunk, block);
        for (int c = 0; c < count; c++) {
          float[] x = columns.values[first + c];
          unpacked(
              sums[c][a],
              scales,
              columns.scales[first + c][block],
              weights[0],
              weights[1],
              weights[2],
              weights[3],
              x[k],
              x[k + 1],
              x[k + 2],
              x[k + 3],
              from,
              to);
        }
      }
    }
  }

  /** Puts weights {@code k} to {@code k + 3} into {@link #weights}. */
  private void unpack(Matrix matrix, int chunk, int k, int from, int to) {
    if (matrix.packing == Packing.WORDS) {
      for (int i = 0; i < 4; i++) {
        octet(weights[i], matrix.word(chunk, k), 24 - 8 * i, from, to);
      }
    } else {
      for (int i = 0; i < 4; i += 2) {
        second(weights[i + 1], matrix.pair(chunk, k + i), from, to);
        first(weights[i], matrix.pair(chunk, k + i), weights[i + 1], from, to);
      }
    }
  }

  private void finish(float[][] sum, int from, int to, float[] target, int chunk) {
    add(result, sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7], from, to);
    System.arraycopy(result, from, target, chunk * Matrix.CHUNK + from, to - from);
  }

  private static void scale(float[] target, float[] scales, float scale, int n) {
    for (int i = 0; i < n; i++) {
      target[i] = scales[i] * scale;
    }
  }

  /** A byte of each word, which {@code left} moves to the upper end. */
  private static void octet(float[] target, int[] word, int left, int from, int to) {
    for (int i = from; i < to; i++) {
      target[i] = word[i] << left >> 24;
    }
  }

  /** The second weight of each pair: the pair divided by the radix and rounded. */
  private static void second(float[] target, float[] pair, int from, int to) {
    for (int i = from; i < to; i++) {
      target[i] = Fma.exact(pair[i], INVERSE, INTEGER) - INTEGER;
    }
  }

  /** The first weight of each pair: what the second leaves. */
  private static void first(float[] target, float[] pair, float[] second, int from, int to) {
    for (int i = from; i < to; i++) {
      target[i] = Fma.exact(second[i], -RADIX, pair[i]);
    }
  }

  /** Adds {@code scales * scale * (w0 x0 + w1 x1 + w2 x2 + w3 x3)}. */
  private static void unpacked(
      float[] sum,
      float[] scales,
      float scale,
      float[] w0,
      float[] w1,
      float[] w2,
      float[] w3,
      float x0,
      float x1,
      float x2,
      float x3,
      int from,
      int to) {
    for (int i = from; i < to; i++) {
      sum[i] =
          Fma.fma(
              scales[i] * scale,
              Fma.exact(w3[i], x3, Fma.exact(w2[i], x2, Fma.exact(w1[i], x1, w0[i] * x0))),
              sum[i]);
    }
  }

  /**
   * Adds {@code factor * (w0 x0 + w1 x1 + w2 x2 + w3 x3)}. A pair p = w0 + 257 w1 is not split in
   * two: p x0 + w1 (x1 - 257 x0) needs w1 only, the second weight.
   */
  private static void pairs(
      float[] sum,
      float[] factor,
      float[] p,
      float[] q,
      float x0,
      float y1,
      float x2,
      float y3,
      int n) {
    for (int i = 0; i < n; i++) {
      float w1 = Fma.exact(p[i], INVERSE, INTEGER) - INTEGER;
      float w3 = Fma.exact(q[i], INVERSE, INTEGER) - INTEGER;
      sum[i] =
          Fma.fma(
              factor[i],
              Fma.exact(w3, y3, Fma.exact(w1, y1, Fma.exact(q[i], x2, p[i] * x0))),
              sum[i]);
    }
  }

  /** Adds {@code factor * (w0 x0 + w1 x1 + w2 x2 + w3 x3)}; a word is w3 w2 w1 w0. */
  private static void words(
      float[] sum, float[] factor, int[] word, float x0, float x1, float x2, float x3, int n) {
    for (int i = 0; i < n; i++) {
      int w = word[i];
      sum[i] =
          Fma.fma(
              factor[i],
              Fma.exact(
                  w >> 24,
                  x3,
                  Fma.exact(w << 8 >> 24, x2, Fma.exact(w << 16 >> 24, x1, (w << 24 >> 24) * x0))),
              sum[i]);
    }
  }

  private static void add(
      float[] y,
      float[] a0,
      float[] a1,
      float[] a2,
      float[] a3,
      float[] a4,
      float[] a5,
      float[] a6,
      float[] a7,
      int from,
      int to) {
    for (int i = from; i < to; i++) {
      y[i] = ((a0[i] + a4[i]) + (a2[i] + a6[i])) + ((a1[i] + a5[i]) + (a3[i] + a7[i]));
    }
  }
}
