package io.trc.mix;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.TrcEngine;
import io.trc.models.Model;
import io.trc.predict.Logits;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ModelShareTest {
  private static TokenTree tree() throws IOException {
    return TokenTree.of(Model.embedded().get(0).choose(TrcEngine.PORTABLE).model().vocabulary());
  }

  /** The stretch at a node, by all weights in their order. */
  private static int expected(TokenTree tree, float[] finite, int node) {
    float[] weights = new float[finite.length];
    ModelShare.weigh(finite, Logits.greatest(finite), weights);
    long[] sides = new long[2];
    for (int place = tree.low(node); place < tree.high(node); place++) {
      sides[tree.outcome(node, place)] += (long) (weights[tree.ids()[place]] - (1 << 23));
    }
    return Tables.stretch(sides[1] + 1, sides[0] + 1);
  }

  private static void check(TokenTree tree, float[] logits) {
    ModelShare share = new ModelShare(tree);
    share.set(logits);
    float[] finite = Logits.finite(logits);
    assertThat(share.likeliest()).isEqualTo(tree.placeOf(Logits.likeliest(finite)));
    Random random = new Random(1);
    for (int walk = 0; walk < 20; walk++) {
      for (int node = tree.root(); node >= 0; node = tree.next(node, random.nextInt(2))) {
        assertThat(share.stretch(node)).isEqualTo(expected(tree, finite, node));
      }
    }
  }

  @Test
  void aNodeHasTheWeightsOfItsSides() throws IOException {
    TokenTree tree = tree();
    Random random = new Random(2);
    for (float offset : new float[] {0, 30, -200, 1e6f}) {
      float[] logits = new float[tree.size()];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = (float) random.nextGaussian() * 3 + offset;
      }
      check(tree, logits);
    }
    check(tree, new float[tree.size()]);
  }

  @Test
  void infinityAndNanAreTheGreatestAndTheLeastNumbers() throws IOException {
    TokenTree tree = tree();
    float negativeNan = Float.intBitsToFloat(0xffc00000);
    float[] odd = {Float.NaN, negativeNan, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY};
    Random random = new Random(3);
    for (int kinds = 1; kinds < 1 << odd.length; kinds++) {
      float[] logits = new float[tree.size()];
      for (int i = 0; i < logits.length; i++) {
        int kind = random.nextInt(40);
        boolean there = kind < odd.length && (kinds >> kind & 1) != 0;
        logits[i] = there ? odd[kind] : (float) random.nextGaussian();
      }
      check(tree, logits);
    }
    float[] last = new float[tree.size()];
    last[tree.ids()[tree.size() - 1]] = negativeNan;
    check(tree, last);
  }
}
