package io.trc.strings;

import io.trc.mix.TokenTree;
import io.trc.predict.LanguageModel;

/**
 * A dictionary whose samples are counted as a language model's tokens, so that both can predict a
 * string together. Immutable and safe for use by several threads.
 */
final class MixedDictionary {
  private final TokenTree tree;
  private final Samples samples;

  MixedDictionary(Dictionary dictionary, LanguageModel model) {
    tree = TokenTree.of(model.vocabulary());
    samples = new Samples(dictionary.samples(), tree, model.vocabulary());
  }

  /** What predicts a string, for one thread. */
  TokenWalk newWalk() {
    return new MixedWalk(tree, new MessageModel(samples, MixState.byModel(), false));
  }
}
