package io.trc.strings;

import io.trc.TrcCorruptedException;
import io.trc.mix.ModelShare;
import io.trc.mix.TokenTree;
import org.jspecify.annotations.Nullable;

/**
 * The decisions of a string's tokens, as the language model and a dictionary predict them together.
 */
final class MixedWalk extends TokenWalk {
  private final MessageModel model;
  private boolean begun;

  MixedWalk(TokenTree tree, MessageModel model) {
    super(tree);
    this.model = model;
  }

  @Override
  void start() {
    model.start();
    begun = false;
  }

  /** Begins a string that stands among the samples; see {@link MessageModel#start(int, int)}. */
  void start(int from, int to) {
    model.start(from, to);
    begun = false;
  }

  @Override
  boolean end(Decisions decisions, ModelShare share, boolean end) throws TrcCorruptedException {
    return end(decisions, endStretch(share), end);
  }

  private boolean end(Decisions decisions, int stretch, boolean end) throws TrcCorruptedException {
    model.beginByte();
    begun = true;
    return take(decisions, 0, end ? 1 : 0, stretch) != 0;
  }

  @Override
  int token(Decisions decisions, ModelShare share, int place) throws TrcCorruptedException {
    return token(decisions, share, place, false);
  }

  private int token(Decisions decisions, @Nullable ModelShare share, int place, boolean out)
      throws TrcCorruptedException {
    int depth = 0;
    int node = tree.root();
    while (node >= 0) {
      byte[] bytes = tree.bytes(tree.somePlace(node));
      while (depth < tree.depth(node)) {
        model.endTokenByte(bytes[depth++] & 0xff);
        begun = false;
      }
      if (!begun) {
        model.beginByte();
        begun = true;
      }
      int outcome = place < 0 ? 0 : tree.outcome(node, place);
      int decision = tree.decision(node);
      if (share == null) {
        model.count(decision, outcome, out);
        node = tree.next(node, outcome);
      } else {
        node = tree.next(node, take(decisions, decision, outcome, share.stretch(node)));
      }
    }
    byte[] bytes = tree.bytes(~node);
    while (depth < bytes.length) {
      model.endTokenByte(bytes[depth++] & 0xff);
    }
    model.endToken();
    begun = false;
    return ~node;
  }

  private int take(Decisions decisions, int decision, int outcome, int stretch)
      throws TrcCorruptedException {
    int bit = decisions.take(outcome, model.predict(decision, stretch));
    model.learn(bit);
    return bit;
  }

  /**
   * Counts the decisions of a string, which the model was told the start of.
   *
   * @param places of its tokens
   * @param out whether they are taken out of the counts
   */
  void count(int[] places, boolean out) {
    try {
      for (int i = 0; i <= places.length; i++) {
        if (i > 0) {
          model.beginByte();
          begun = true;
          model.count(0, i == places.length ? 1 : 0, out);
        }
        if (i < places.length) {
          token((outcome, probability) -> outcome, null, places[i], out);
        }
      }
    } catch (TrcCorruptedException e) {
      throw new AssertionError("nothing is read", e);
    }
  }
}
