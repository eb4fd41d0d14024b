package io.trc.predict;

/** What is done with the logits of a token, whatever codes it. */
public final class Logits {
  private Logits() {}

  /** The greatest logit, NaN ignored; negative infinity if there is none. */
  public static float greatest(float[] x) {
    int token = likeliest(x);
    return token < 0 ? Float.NEGATIVE_INFINITY : x[token];
  }

  /** The first token with the greatest logit, NaN ignored; negative if there is only NaN. */
  public static int likeliest(float[] x) {
    int token = -1;
    // Positive numbers are in the order of their bits, whose comparison is quicker. Almost no group
    // of eight has a new greatest, so one branch, well predicted, skips it.
    float greatest = 0;
    int bits = 0;
    int i = 0;
    for (; i < x.length - 7; i += 8) {
      if (Float.floatToRawIntBits(x[i]) > bits
          || Float.floatToRawIntBits(x[i + 1]) > bits
          || Float.floatToRawIntBits(x[i + 2]) > bits
          || Float.floatToRawIntBits(x[i + 3]) > bits
          || Float.floatToRawIntBits(x[i + 4]) > bits
          || Float.floatToRawIntBits(x[i + 5]) > bits
          || Float.floatToRawIntBits(x[i + 6]) > bits
          || Float.floatToRawIntBits(x[i + 7]) > bits) {
        token = likeliest(x, i, i + 8, token, greatest);
        greatest = token < 0 ? 0 : x[token];
        bits = Float.floatToRawIntBits(greatest);
      }
    }
    token = likeliest(x, i, x.length, token, greatest);
    return token < 0 ? notPositive(x) : token;
  }

  private static int likeliest(float[] x, int from, int to, int before, float greatestBefore) {
    int token = before;
    float greatest = greatestBefore;
    for (int i = from; i < to; i++) {
      if (x[i] > greatest) {
        token = i;
        greatest = x[i];
      }
    }
    return token;
  }

  /** The same where no logit is above 0. */
  private static int notPositive(float[] x) {
    int token = -1;
    for (int i = 0; i < x.length; i++) {
      if (token < 0 ? !Float.isNaN(x[i]) : x[i] > x[token]) {
        token = i;
      }
    }
    return token;
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
