package io.trc.predict.portable;

import io.trc.gguf.LlamaShape;
import java.util.Arrays;

/**
 * Flash attention of ggml on a CPU: one query against the cells it sees, in their order, with a
 * running maximum and an accumulator of halves.
 *
 * <p>Scores are computed with cells as SIMD lanes, values summed with dimensions as lanes.
 */
final class Attention {
  private static final int SUMS = 32;

  /**
   * Cells that are summed between looks at the accumulator, which tell whether it might overflow.
   */
  private static final int STRETCH = 256;

  /** What rounding up {@value #STRETCH} times may add: (1 + 2^-11)^256. */
  private static final float GROWTH = 1.14f;

  private final int headSize;
  private final int sharing;
  private final float scale;
  private final float[][] sums = new float[4][];
  private final float[][] partial = new float[8][];
  private final float[] scores;
  private final float[] query;
  private final float[] accumulator;
  private final float[][] rows;
  private final float[] weights;
  private final float[] rescale;

  Attention(LlamaShape shape, int window) {
    headSize = shape.headSize();
    sharing = shape.heads() / shape.sharedHeads();
    scale = 1.0f / (float) Math.sqrt(headSize);
    for (int i = 0; i < sums.length; i++) {
      sums[i] = new float[window];
    }
    for (int i = 0; i < partial.length; i++) {
      partial[i] = new float[window];
    }
    scores = new float[window];
    query = new float[headSize];
    accumulator = new float[headSize];
    rows = new float[window][];
    weights = new float[window];
    rescale = new float[window];
  }

  /** Attends with the query of a head that lies in {@code source}; puts the result into target. */
  void attend(
      LaneCache cache, CellOrder.Runs runs, int head, float[] source, int at, float[] target) {
    for (int i = 0; i < headSize; i++) {
      query[i] = Binary16.roundAny(source[at + i]);
    }
    int shared = head / sharing;
    for (int run = 0; run < runs.count(); run++) {
      score(cache, shared, runs.from(run), runs.to(run));
    }
    float inverse = 1.0f / weigh(cache.values(shared), runs);
    sum(count(runs), cache.greatestValue());
    for (int i = 0; i < headSize; i++) {
      target[head * headSize + i] = accumulator[i] * inverse;
    }
  }

  private static int count(CellOrder.Runs runs) {
    int count = 0;
    for (int run = 0; run < runs.count(); run++) {
      count += runs.to(run) - runs.from(run);
    }
    return count;
  }

  /** Query times key, for each cell: 32 sums, put together in the order of ggml_vec_dot_f16. */
  private void score(LaneCache cache, int shared, int from, int to) {
    int whole = headSize / SUMS * SUMS;
    if (whole == 0) {
      Arrays.fill(scores, from, to, 0f);
    }
    for (int j = 0; j < 8 && headSize == 2 * SUMS; j++) {
      quarterOf64(
          partial[j],
          cache.keys(shared, j),
          cache.keys(shared, j + 8),
          cache.keys(shared, j + 16),
          cache.keys(shared, j + 24),
          cache.keys(shared, j + 32),
          cache.keys(shared, j + 40),
          cache.keys(shared, j + 48),
          cache.keys(shared, j + 56),
          query[j],
          query[j + 8],
          query[j + 16],
          query[j + 24],
          query[j + 32],
          query[j + 40],
          query[j + 48],
          query[j + 56],
          from,
          to);
    }
    for (int j = 0; j < 8 && whole > 0 && headSize != 2 * SUMS; j++) {
      for (int part = 0; part < 4; part++) {
        int i = j + 8 * part;
        first(sums[part], cache.keys(shared, i), query[i], from, to);
        for (i += SUMS; i < whole; i += SUMS) {
          next(sums[part], cache.keys(shared, i), query[i], from, to);
        }
      }
      quarter(partial[j], sums[0], sums[1], sums[2], sums[3], from, to);
    }
    if (whole > 0) {
      total(
          scores,
          partial[0],
          partial[1],
          partial[2],
          partial[3],
          partial[4],
          partial[5],
          partial[6],
          partial[7],
          from,
          to);
    }
    if (whole < headSize) {
      tail(cache, shared, whole, from, to);
    }
    for (int cell = from; cell < to; cell++) {
      scores[cell] *= scale;
    }
  }

  private static void first(float[] sum, float[] key, float query, int from, int to) {
    for (int cell = from; cell < to; cell++) {
      sum[cell] = key[cell] * query;
    }
  }

  private static void next(float[] sum, float[] key, float query, int from, int to) {
    for (int cell = from; cell < to; cell++) {
      sum[cell] = Fma.fma(key[cell], query, sum[cell]);
    }
  }

  private static void quarter(
      float[] t, float[] s0, float[] s1, float[] s2, float[] s3, int from, int to) {
    for (int cell = from; cell < to; cell++) {
      t[cell] = (s0[cell] + s2[cell]) + (s1[cell] + s3[cell]);
    }
  }

  /** The same for heads of 64 numbers, the most common ones, in one loop. */
  private static void quarterOf64(
      float[] t,
      float[] k0,
      float[] k1,
      float[] k2,
      float[] k3,
      float[] k4,
      float[] k5,
      float[] k6,
      float[] k7,
      float q0,
      float q1,
      float q2,
      float q3,
      float q4,
      float q5,
      float q6,
      float q7,
      int from,
      int to) {
    for (int i = from; i < to; i++) {
      float s0 = Fma.fma(k4[i], q4, k0[i] * q0);
      float s1 = Fma.fma(k5[i], q5, k1[i] * q1);
      float s2 = Fma.fma(k6[i], q6, k2[i] * q2);
      float s3 = Fma.fma(k7[i], q7, k3[i] * q3);
      t[i] = (s0 + s2) + (s1 + s3);
    }
  }

  private static void total(
      float[] score,
      float[] t0,
      float[] t1,
      float[] t2,
      float[] t3,
      float[] t4,
      float[] t5,
      float[] t6,
      float[] t7,
      int from,
      int to) {
    for (int i = from; i < to; i++) {
      float u0 = t0[i] + t4[i];
      float u1 = t1[i] + t5[i];
      float u2 = t2[i] + t6[i];
      float u3 = t3[i] + t7[i];
      score[i] = (u0 + u1) + (u2 + u3);
    }
  }

  /** The dimensions beyond a multiple of 32, added in double precision. */
  private void tail(LaneCache cache, int shared, int whole, int from, int to) {
    for (int cell = from; cell < to; cell++) {
      double sum = scores[cell];
      for (int i = whole; i < headSize; i++) {
        sum += (double) (cache.keys(shared, i)[cell] * query[i]);
      }
      scores[cell] = (float) sum;
    }
  }

  /**
   * Turns scores into weights relative to the greatest score so far, and lists the values of the
   * cells in their order. Where the greatest changes, {@link #rescale} says by what the sum so far
   * must be multiplied first; elsewhere it is 1.
   *
   * @return the sum of the weights
   */
  private float weigh(float[][] values, CellOrder.Runs runs) {
    float greatest = Float.NEGATIVE_INFINITY;
    float sum = 0f;
    int n = 0;
    for (int run = 0; run < runs.count(); run++) {
      for (int cell = runs.from(run); cell < runs.to(run); cell++) {
        float score = scores[cell];
        if (score > greatest) {
          float factor = Libm.expf(greatest - score);
          greatest = score;
          rescale[n] = factor;
          weights[n] = 1f;
          sum = sum * factor;
          sum = sum + 1f;
        } else {
          float weight = Libm.expf(score - greatest);
          rescale[n] = 1f;
          weights[n] = weight;
          sum = sum + weight;
        }
        rows[n++] = values[cell];
      }
    }
    return sum;
  }

  private void sum(int n, float greatestValue) {
    Arrays.fill(accumulator, 0f);
    for (int from = 0; from < n; from += STRETCH) {
      int to = Math.min(n, from + STRETCH);
      float sure = (greatestMagnitude() + greatestValue * STRETCH) * GROWTH;
      if (sure < Binary16.LIMIT) {
        sumSmall(from, to);
      } else {
        sumAny(from, to);
      }
    }
  }

  private float greatestMagnitude() {
    float greatest = 0f;
    for (float number : accumulator) {
      greatest = Math.max(greatest, Math.abs(number));
    }
    return greatest;
  }

  private void sumSmall(int from, int to) {
    for (int i = from; i < to; i++) {
      if (rescale[i] != 1f) {
        multiply(accumulator, rescale[i], headSize);
      }
      add(accumulator, rows[i], weights[i], headSize);
    }
  }

  private static void multiply(float[] sum, float factor, int n) {
    for (int i = 0; i < n; i++) {
      sum[i] = Binary16.round(sum[i] * factor);
    }
  }

  private static void add(float[] sum, float[] value, float weight, int n) {
    for (int i = 0; i < n; i++) {
      sum[i] = Binary16.round(Fma.fma(value[i], weight, sum[i]));
    }
  }

  private void sumAny(int from, int to) {
    for (int k = from; k < to; k++) {
      float[] value = rows[k];
      for (int i = 0; i < headSize; i++) {
        float sum =
            rescale[k] == 1f ? accumulator[i] : Binary16.roundAny(accumulator[i] * rescale[k]);
        accumulator[i] = Binary16.roundAny(Fma.fma(value[i], weights[k], sum));
      }
    }
  }
}
