package io.trc.predict;

/** What is done with the logits of a token, whatever codes it. */
public final class Logits {
  private Logits() {}

  /** The greatest logit, NaN ignored; negative infinity if there is none. */
  public static float greatest(float[] x) {
    float greatest = Float.NEGATIVE_INFINITY;
    int i = 0;
    // Almost no group of eight has a new greatest, so one branch, well predicted, skips it.
    for (; i < x.length - 7; i += 8) {
      if (x[i] > greatest
          || x[i + 1] > greatest
          || x[i + 2] > greatest
          || x[i + 3] > greatest
          || x[i + 4] > greatest
          || x[i + 5] > greatest
          || x[i + 6] > greatest
          || x[i + 7] > greatest) {
        greatest = greatest(x, i, i + 8, greatest);
      }
    }
    return greatest(x, i, x.length, greatest);
  }

  private static float greatest(float[] x, int from, int to, float greatest) {
    for (int i = from; i < to; i++) {
      if (x[i] > greatest) {
        greatest = x[i];
      }
    }
    return greatest;
  }

  /** A copy in which infinities are the greatest numbers, and NaN is the least. */
  public static float[] finite(float[] logits) {
    float[] finite = logits.clone();
    for (int i = 0; i < finite.length; i++) {
      // In this order NaN becomes the least.
      finite[i] = finite[i] >= -Float.MAX_VALUE ? finite[i] : -Float.MAX_VALUE;
      finite[i] = finite[i] <= Float.MAX_VALUE ? finite[i] : Float.MAX_VALUE;
    }
    return finite;
  }
}
