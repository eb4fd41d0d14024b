package io.trc.mix;

import io.trc.predict.Logits;
import java.util.Arrays;

/**
 * The logits of a token as weights of places in the {@link TokenTree}: integers, so that sums of
 * them are the same in any order.
 */
public final class ModelShare {
  private static final int GREATEST_WEIGHT = 1 << 23;

  /** A float from this up to twice this holds an integer in its low bits. */
  private static final float INTEGER = 1 << 23;

  private static final int INTEGER_BITS = Float.floatToRawIntBits(INTEGER);

  /** Places whose weights are added up when their sum is asked for: few are. */
  private static final int GROUP = 16;

  private static final int GROUP_SHIFT = Integer.numberOfTrailingZeros(GROUP);

  /** No bits beyond these are in the sum of four weights. */
  private static final int OF_FOUR = 8 * GREATEST_WEIGHT - 1;

  private final TokenTree tree;
  private final int[] ids;

  /** The weights of the tokens, each beyond {@link #INTEGER}. */
  private final float[] weights;

  /** The weights before each group of places, and of all whole groups. */
  private final long[] sums;

  private int likeliest;

  /** The places that the last node began, was split and ended at, and the weights before them. */
  private final int[] lastPlaces = new int[3];

  private final long[] lastSums = new long[3];

  /** The share of a model whose tokens are those of a tree. */
  public ModelShare(TokenTree tree) {
    this.tree = tree;
    ids = tree.ids();
    weights = new float[tree.size()];
    sums = new long[tree.size() / GROUP + 1];
  }

  /** Takes the logits of the next token. */
  public void set(float[] logits) {
    int token = Logits.likeliest(logits);
    if (token < 0 || Float.isInfinite(logits[token])) {
      set(Logits.finite(logits));
      return;
    }
    likeliest = tree.placeOf(token);
    weigh(logits, logits[token], weights);
    if (!add(weights, ids, sums)) {
      set(Logits.finite(logits));
      return;
    }
    Arrays.fill(lastPlaces, -1);
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

  /** Adds the weights of whole groups up; false if a weight is NaN. */
  private static boolean add(float[] weights, int[] ids, long[] sums) {
    long sum = 0;
    int all = 0;
    int group = 0;
    for (int p = 0; p < ids.length - (GROUP - 1); p += GROUP) {
      sums[group++] = sum;
      int a = four(weights, ids[p], ids[p + 1], ids[p + 2], ids[p + 3]);
      int b = four(weights, ids[p + 4], ids[p + 5], ids[p + 6], ids[p + 7]);
      int c = four(weights, ids[p + 8], ids[p + 9], ids[p + 10], ids[p + 11]);
      int d = four(weights, ids[p + 12], ids[p + 13], ids[p + 14], ids[p + 15]);
      sum += (a + b) + (c + d);
      all |= (a | b) | (c | d);
    }
    sums[group] = sum;
    for (int p = group * GROUP; p < ids.length; p++) {
      all |= weight(weights[ids[p]]);
    }
    return (all & ~OF_FOUR) == 0;
  }

  /**
   * The sum of four tokens' weights. With the bits of NaN, of either sign, in it, it is negative or
   * too great, in any number of them.
   */
  private static int four(float[] weights, int a, int b, int c, int d) {
    return weight(weights[a]) + weight(weights[b]) + weight(weights[c]) + weight(weights[d]);
  }

  private static int weight(float weight) {
    return Float.floatToRawIntBits(weight) - INTEGER_BITS;
  }

  /** {@link #before}, which is known for the ends of a node that follows the last one. */
  private long beforeEnd(int place) {
    for (int i = 0; i < lastPlaces.length; i++) {
      if (lastPlaces[i] == place) {
        return lastSums[i];
      }
    }
    return before(place);
  }

  /** The sum of the weights at places before one. */
  private long before(int place) {
    int group = place >> GROUP_SHIFT;
    long sum = sums[group];
    for (int p = group * GROUP; p < place; p++) {
      sum += weight(weights[ids[p]]);
    }
    return sum;
  }

  /** The place of the token with the greatest logit. */
  int likeliest() {
    return likeliest;
  }

  /** The stretch of that token. */
  int likeliestStretch() {
    long all = before(tree.size()) - before(tree.first());
    long weight = likeliest >= tree.first() ? GREATEST_WEIGHT : 0;
    return Tables.stretch(weight + 1, all - weight + 1);
  }

  /** The stretch of an outcome of 1 at a node. */
  public int stretch(int node) {
    long low = beforeEnd(tree.low(node));
    long split = before(tree.split(node));
    long high = beforeEnd(tree.high(node));
    note(0, tree.low(node), low);
    note(1, tree.split(node), split);
    note(2, tree.high(node), high);
    long lower = split - low;
    long upper = high - split;
    return tree.isLower(node, 1)
        ? Tables.stretch(lower + 1, upper + 1)
        : Tables.stretch(upper + 1, lower + 1);
  }

  /** The stretch of a token from a range of places, which begins where tokens have bytes. */
  public int stretch(int from, int to) {
    long within = before(to) - before(from);
    long all = before(tree.size()) - before(tree.first());
    return Tables.stretch(within + 1, all - within + 1);
  }

  private void note(int index, int place, long sum) {
    lastPlaces[index] = place;
    lastSums[index] = sum;
  }
}
