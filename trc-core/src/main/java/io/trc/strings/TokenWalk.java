package io.trc.strings;

import io.trc.TrcCorruptedException;
import io.trc.mix.ModelShare;
import io.trc.mix.Tables;
import io.trc.mix.TokenTree;

/** The decisions of a string's tokens, as the language model alone predicts them. */
class TokenWalk {
  /** The end of a string is never less likely than this stretch, nor more than its negative. */
  private static final int LEAST_END = -1600;

  final TokenTree tree;
  private final int firstLine;
  private final int lastLine;

  TokenWalk(TokenTree tree) {
    this.tree = tree;
    int place = tree.first();
    while (place < tree.size() && tree.bytes(place)[0] < '\n' && tree.bytes(place)[0] >= 0) {
      place++;
    }
    firstLine = place;
    while (place < tree.size() && tree.bytes(place)[0] == '\n') {
      place++;
    }
    lastLine = place;
  }

  /** Begins a string. */
  void start() {
    // Nothing was learnt from the one before.
  }

  /** How likely the model takes the end for the end of a line. */
  final int endStretch(ModelShare share) {
    int stretch = share.stretch(firstLine, lastLine);
    return Math.max(LEAST_END, Math.min(-LEAST_END, stretch));
  }

  /** Takes the decision whether the string ends, which it does not before its first token. */
  boolean end(Decisions decisions, ModelShare share, boolean end) throws TrcCorruptedException {
    return decisions.take(end ? 1 : 0, Tables.squash22(endStretch(share))) != 0;
  }

  /** Takes the decisions of a token, by its place or, to read one, -1. Returns its place. */
  int token(Decisions decisions, ModelShare share, int place) throws TrcCorruptedException {
    int node = tree.root();
    while (node >= 0) {
      int outcome = place < 0 ? 0 : tree.outcome(node, place);
      node = tree.next(node, decisions.take(outcome, Tables.squash22(share.stretch(node))));
    }
    return ~node;
  }
}
