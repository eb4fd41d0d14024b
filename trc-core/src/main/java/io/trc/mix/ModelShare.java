package io.trc.mix;

import io.trc.predict.Logits;

/**
 * The logits of a token as weights of places in the {@link TokenTree}: integers, so that sums of
 * them are the same in any order.
 */
final class ModelShare {
  /** The greatest distance from the greatest logit that is told from greater ones, in nats. */
  private static final float REACH = 64;

  /** The weights for a nat. */
  private static final float STEPS = Tables.WEIGHTS / REACH;

  private final TokenTree tree;

  /** The weights before each place, and all. */
  private final long[] sums;

  private int likeliest;

  ModelShare(TokenTree tree) {
    this.tree = tree;
    sums = new long[tree.size() + 1];
  }

  /** Takes the logits of the next token. */
  void set(float[] logits) {
    float greatest = Logits.greatest(logits);
    if (Float.isInfinite(greatest)) {
      set(Logits.finite(logits));
      return;
    }
    int[] ids = tree.ids();
    long[] sums = this.sums;
    long sum = 0;
    int greatestWeight = 0;
    for (int place = tree.first(); place < ids.length; place++) {
      float distance = greatest - logits[ids[place]];
      // NaN is not less, and so gets the least weight.
      int step = distance < REACH ? (int) (distance * STEPS) : Tables.WEIGHTS - 1;
      int weight = Tables.weight(step);
      if (weight > greatestWeight) {
        greatestWeight = weight;
        likeliest = place;
      }
      sums[place] = sum;
      sum += weight;
    }
    sums[ids.length] = sum;
  }

  /** The first place with the greatest weight. */
  int likeliest() {
    return likeliest;
  }

  /** The stretch of that place. */
  int likeliestStretch() {
    long greatest = sums[likeliest + 1] - sums[likeliest];
    return Tables.stretch(greatest, sums[sums.length - 1] - greatest + 1);
  }

  /** The stretch of an outcome of 1 at a node. */
  int stretch(int node) {
    return Tables.stretch(tree.side(node, 1, sums), tree.side(node, 0, sums));
  }
}
