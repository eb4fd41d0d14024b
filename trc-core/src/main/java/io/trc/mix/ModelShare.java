package io.trc.mix;

import io.trc.predict.Logits;

/**
 * The logits of a token as weights of places in the {@link TokenTree}: integers, so that sums of
 * them are the same in any order.
 */
final class ModelShare {
  private static final int GREATEST_WEIGHT = 1 << 23;

  /** A float from this up to twice this holds an integer in its low bits. */
  private static final float INTEGER = 1 << 23;

  private static final int INTEGER_BITS = Float.floatToRawIntBits(INTEGER);

  private final TokenTree tree;

  /** The weights of the tokens, each beyond {@link #INTEGER}. */
  private final float[] weights;

  /** The bits of the weights before each place, and all, as integers. */
  private final long[] sums;

  private int likeliest;

  ModelShare(TokenTree tree) {
    this.tree = tree;
    weights = new float[tree.size()];
    sums = new long[tree.size() + 1];
  }

  /** Takes the logits of the next token. */
  void set(float[] logits) {
    int token = greatest(logits);
    if (token < 0 || Float.isInfinite(logits[token])) {
      set(Logits.finite(logits));
      return;
    }
    likeliest = tree.placeOf(token);
    weigh(logits, logits[token], weights);
    add(weights, tree.ids(), tree.first(), sums);
  }

  /** The first token with the greatest logit; negative if a logit is NaN. */
  private static int greatest(float[] x) {
    float greatest = Float.NEGATIVE_INFINITY;
    int token = 0;
    int i = 0;
    // Almost no group of eight has a new greatest or a NaN, so one branch, well predicted, skips
    // it.
    for (; i < x.length - 7; i += 8) {
      if (x[i] <= greatest
          && x[i + 1] <= greatest
          && x[i + 2] <= greatest
          && x[i + 3] <= greatest
          && x[i + 4] <= greatest
          && x[i + 5] <= greatest
          && x[i + 6] <= greatest
          && x[i + 7] <= greatest) {
        continue;
      }
      token = greatest(x, i, i + 8, token, greatest);
      if (token < 0) {
        return token;
      }
      greatest = x[token];
    }
    return greatest(x, i, x.length, token, greatest);
  }

  private static int greatest(float[] x, int from, int to, int before, float greatestBefore) {
    int token = before;
    float greatest = greatestBefore;
    for (int i = from; i < to; i++) {
      if (x[i] > greatest) {
        token = i;
        greatest = x[i];
      } else if (Float.isNaN(x[i])) {
        return -1;
      }
    }
    return token;
  }

  /**
   * exp(logit - greatest) as 64th power of an approximation near 1: only sums, products and
   * quotients, which are the same everywhere, and which a processor does for many at once.
   */
  static void weigh(float[] logits, float greatest, float[] weights) {
    for (int i = 0; i < weights.length; i++) {
      float u = (greatest - logits[i]) * (1 / 64f);
      float e = 1 / (1 + u * (1 + u * (0.5f + u * (1 / 6f))));
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      weights[i] = e * GREATEST_WEIGHT + INTEGER;
    }
  }

  /** Adds the weights up in the order of places. */
  private static void add(float[] weights, int[] ids, int first, long[] sums) {
    long sum = 0;
    for (int place = first; place < ids.length; place++) {
      sums[place] = sum;
      sum += Float.floatToRawIntBits(weights[ids[place]]);
    }
    sums[ids.length] = sum;
  }

  /** The place of the token with the greatest logit. */
  int likeliest() {
    return likeliest;
  }

  /** The stretch of that token. */
  int likeliestStretch() {
    int last = tree.size();
    long all = sums[last] - (long) INTEGER_BITS * (last - tree.first());
    long weight = likeliest >= tree.first() ? GREATEST_WEIGHT : 0;
    return Tables.stretch(weight + 1, all - weight + 1);
  }

  /** The stretch of an outcome of 1 at a node. */
  int stretch(int node) {
    return Tables.stretch(weight(node, 1) + 1, weight(node, 0) + 1);
  }

  private long weight(int node, int outcome) {
    return tree.side(node, outcome, sums) - (long) INTEGER_BITS * tree.places(node, outcome);
  }
}
