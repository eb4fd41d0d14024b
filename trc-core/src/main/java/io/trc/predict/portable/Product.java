package io.trc.predict.portable;

/**
 * Matrix times columns, in the order of ggml's AVX2 kernel: eight accumulators a row, each of them
 * fed by four weights of every block, whose exact integer sum is scaled by one fused multiply-add.
 *
 * <p>Integers are computed in floats: no sum here exceeds 2<sup>24</sup>, so all of it is exact.
 */
final class Product {
  private static final int BLOCK = QuantisedRows.BLOCK;
  private static final int ACCUMULATORS = 8;
  private static final float INTEGER = 0x1.8p23f;
  private static final float INVERSE = 1f / Matrix.RADIX;
  private static final float RADIX = Matrix.RADIX;

  private final float[][] sums = new float[ACCUMULATORS][Matrix.CHUNK];
  private final float[] factor = new float[Matrix.CHUNK];
  private final float[] result = new float[Matrix.CHUNK];

  /**
   * Puts the matrix times each of the first {@code count} columns into {@code target}, from its
   * element {@code first} on.
   */
  void multiply(Matrix matrix, QuantisedColumns columns, int count, float[][] target, int first) {
    for (int chunk = 0; chunk < matrix.chunks; chunk++) {
      for (int column = 0; column < count; column++) {
        single(
            matrix, chunk, columns.values[column], columns.scales[column], target[first + column]);
      }
    }
  }

  private void single(Matrix matrix, int chunk, float[] x, float[] scales, float[] target) {
    int height = matrix.height(chunk);
    for (float[] sum : sums) {
      java.util.Arrays.fill(sum, 0, height, 0f);
    }
    for (int block = 0; block < matrix.blocks; block++) {
      scale(factor, matrix.scale(chunk, block), scales[block], height);
      for (int i = 0; i < ACCUMULATORS; i++) {
        int k = block * BLOCK + 4 * i;
        packed(
            sums[i],
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
    add(result, sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7], height);
    System.arraycopy(result, 0, target, chunk * Matrix.CHUNK, height);
  }

  private static void scale(float[] target, float[] scales, float scale, int n) {
    for (int i = 0; i < n; i++) {
      target[i] = scales[i] * scale;
    }
  }

  /**
   * Adds {@code factor * (w0 x0 + w1 x1 + w2 x2 + w3 x3)}. A pair p = w0 + 257 w1 is not split in
   * two: p x0 + w1 (x1 - 257 x0) needs w1 only, which is p / 257 rounded.
   */
  private static void packed(
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
      int n) {
    for (int i = 0; i < n; i++) {
      y[i] = ((a0[i] + a4[i]) + (a2[i] + a6[i])) + ((a1[i] + a5[i]) + (a3[i] + a7[i]));
    }
  }
}
