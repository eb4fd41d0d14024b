package io.trc.strings;

import io.trc.TrcEngine;
import io.trc.mix.ModelShare;
import io.trc.mix.TokenTree;
import io.trc.models.Model;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.SlidingWindow;
import io.trc.predict.Vocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the states {@code bytes-1.bin} and {@code tokens-1.bin}, which dictionaries start from, of
 * messages: every one is learnt as a dictionary of the others would have met it. For bytes these
 * are small, since a large one learns enough itself; for tokens, which dictionaries do not learn
 * from, small and large ones take turns.
 *
 * <p>Arguments: FILE of one message a line, FOLDER for the states.
 */
final class StateTraining {
  private static final int SMALL = 200;
  private static final int MOST_LENGTH = 200;

  private StateTraining() {}

  public static void main(String[] args) throws IOException {
    List<byte[]> all = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      if (bytes.length > 0 && bytes.length <= MOST_LENGTH) {
        all.add(bytes);
      }
    }
    byte[] large = Samples.join(all);
    List<byte[]> texts = new ArrayList<>();
    for (int from = 0; from + SMALL <= all.size(); from += SMALL) {
      texts.add(Samples.join(all.subList(from, from + SMALL)));
    }
    Path folder = Path.of(args[1]);
    Files.write(folder.resolve("bytes-1.bin"), byBytes(texts));
    Files.write(folder.resolve("tokens-1.bin"), byTokens(large, texts));
  }

  private static byte[] byBytes(List<byte[]> small) {
    MixState state = new MixState();
    MessageModel first = new MessageModel(new Samples(small.get(0)), state, true);
    for (byte[] text : small) {
      MessageModel model = new MessageModel(new Samples(text), state, true);
      model.shareUses(first.uses());
      int[] starts = Samples.starts(text);
      for (int i = 0; i < starts.length; i++) {
        int end = (i + 1 < starts.length ? starts[i + 1] : text.length) - 1;
        model.start(starts[i], end + 1);
        new DictionaryTraining.Walk(model, true).go(text, starts[i], end);
        model.start(starts[i], end + 1);
        new DictionaryTraining.Walk(model, false).go(text, starts[i], end);
      }
    }
    return StateCode.encode(state, new MixState(), first.uses());
  }

  private static byte[] byTokens(byte[] large, List<byte[]> small) throws IOException {
    LanguageModel model = Model.embedded().get(0).choose(TrcEngine.AUTO).model();
    Vocabulary vocabulary = model.vocabulary();
    TokenTree tree = TokenTree.of(vocabulary);
    MixState state = new MixState();
    for (int set = 0; set < MixState.SETS; set++) {
      for (int row = 0; row < MixState.ROWS[set]; row++) {
        state.weights[set][row * MixState.INPUTS + MixState.MODEL] = 45_000;
      }
    }
    MessageModel big =
        new MessageModel(new Samples(new Samples(large), tree, vocabulary), state, true);
    MixedWalk bigWalk = new MixedWalk(tree, big);
    ModelShare share = new ModelShare(tree);
    float[] logits = new float[vocabulary.size()];
    int done = 0;
    for (byte[] text : small) {
      MessageModel little =
          new MessageModel(new Samples(new Samples(text), tree, vocabulary), state, true);
      little.shareUses(big.uses());
      MixedWalk littleWalk = new MixedWalk(tree, little);
      int[] starts = Samples.starts(text);
      for (int i = 0; i < starts.length; i++) {
        int end = (i + 1 < starts.length ? starts[i + 1] : text.length) - 1;
        int[] places = Samples.places(text, starts[i], end, tree, vocabulary);
        if (places.length == 0) {
          continue;
        }
        int[] input = new int[places.length + 1];
        input[0] = vocabulary.startToken();
        for (int k = 0; k < places.length; k++) {
          input[k + 1] = tree.token(places[k]);
        }
        MixedWalk walk = i % 2 == 0 ? littleWalk : bigWalk;
        int from = i % 2 == 0 ? starts[i] : done + starts[i];
        int to = from + end - starts[i];
        walk.start(from, to + 1);
        walk.count(places, true);
        walk.start(from, to + 1);
        try (Lanes lanes = model.openLanes(1, ModelCoder.WINDOW, 64)) {
          SlidingWindow sliding = new SlidingWindow(lanes);
          for (int step = 0; step < input.length; ) {
            int taken = sliding.advance(input, step, input.length - step);
            for (int k = 0; k < taken; k++, step++) {
              lanes.logits(k, logits);
              share.set(logits);
              if (step > 0) {
                walk.end((outcome, p) -> outcome, share, step == places.length);
              }
              if (step < places.length) {
                walk.token((outcome, p) -> outcome, share, places[step]);
              }
            }
          }
        }
      }
      done += text.length - 1;
    }
    return StateCode.encode(state, new MixState(), big.uses());
  }
}
