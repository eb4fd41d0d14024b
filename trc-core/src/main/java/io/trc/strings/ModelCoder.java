package io.trc.strings;

import io.trc.TrcCorruptedException;
import io.trc.entropy.range.RangeDecoder;
import io.trc.entropy.range.RangeEncoder;
import io.trc.mix.ModelShare;
import io.trc.mix.Tables;
import io.trc.mix.TokenTree;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.SlidingWindow;
import io.trc.predict.Vocabulary;
import io.trc.text.Interruption;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Codes the tokens of a string as a language model predicts them. Before each token but the first
 * stands a decision, whether the string ends: the model takes the end for the end of a line.
 *
 * <p>A string is encoded in batches of its tokens; several go through the model side by side where
 * they are decoded, those of a length together. Safe for use by several threads; the model sees to
 * it that its contexts are shared.
 */
public final class ModelCoder implements StringCoder {
  /** The window in tokens, or that of the model if it is less. */
  static final int WINDOW = 512;

  /** The tokens of a text that are evaluated at once: most have fewer. */
  private static final int STEPS = 64;

  /** The codes that are read side by side: with more, their contexts leave the caches. */
  private static final int LANES = 4;

  private final LanguageModel model;
  private final Vocabulary vocabulary;
  private final int window;
  private final TokenTree tree;
  private final @Nullable MixedDictionary dictionary;

  /** A coder by a model alone, which must stay open. */
  public ModelCoder(LanguageModel model) {
    this(model, null);
  }

  /** A coder by a model, which must stay open, and a dictionary. */
  public ModelCoder(LanguageModel model, @Nullable Dictionary dictionary) {
    this.model = model;
    vocabulary = model.vocabulary();
    window = Math.min(WINDOW, Integer.highestOneBit(model.trainedWindow()));
    tree = TokenTree.of(vocabulary);
    this.dictionary = dictionary == null ? null : new MixedDictionary(dictionary, model);
  }

  /** What predicts a string, for one lane. */
  private TokenWalk newWalk() {
    return dictionary == null ? new TokenWalk(tree) : dictionary.newWalk();
  }

  @Override
  public boolean[] encode(byte[][] texts, RangeEncoder[] encoders, int[] limits)
      throws IOException {
    TokenWalk walk = newWalk();
    ModelShare share = new ModelShare(tree);
    float[] logits = new float[vocabulary.size()];
    boolean[] whole = new boolean[texts.length];
    int batch = model.numerics().mostSteps(Math.min(window, STEPS));
    try (Lanes lanes = model.openLanes(1, window, batch)) {
      SlidingWindow sliding = new SlidingWindow(lanes);
      for (int i = 0; i < texts.length; i++) {
        int[] tokens = tokens(texts[i]);
        int[] input = new int[tokens.length + 1];
        input[0] = vocabulary.startToken();
        System.arraycopy(tokens, 0, input, 1, tokens.length);
        sliding.clear();
        walk.start();
        // The logits after the last token tell how likely the end is.
        int done = 0;
        while (done < input.length && tokens.length > 0 && encoders[i].size() <= limits[i]) {
          Interruption.check();
          int taken = sliding.advance(input, done, input.length - done);
          for (int step = done; step < done + taken; step++) {
            lanes.logits(step - done, logits);
            share.set(logits);
            encodeStep(walk, share, encoders[i], step, tokens);
          }
          done += taken;
        }
        whole[i] = done == input.length;
      }
    }
    return whole;
  }

  /** The tokens that are coded for a text; none if the vocabulary cannot say it. */
  private int[] tokens(byte[] text) {
    int @Nullable [] tokens = vocabulary.tokenize(text, 0, text.length);
    return tokens == null ? new int[0] : Arrays.stream(tokens).map(tree::canonical).toArray();
  }

  private void encodeStep(
      TokenWalk walk, ModelShare share, RangeEncoder encoder, int step, int[] tokens)
      throws TrcCorruptedException {
    Decisions decisions =
        (outcome, probability) -> {
          encoder.encodeDecision(outcome != 0, probability, Tables.ONE);
          return outcome;
        };
    boolean end = step == tokens.length;
    if (step > 0) {
      walk.end(decisions, share, end);
    }
    if (!end) {
      walk.token(decisions, share, tree.placeOf(tokens[step]));
    }
  }

  @Override
  public byte[][] decode(RangeDecoder[] decoders, int[] most) throws IOException {
    byte[][] texts = new byte[decoders.length][];
    int[] order =
        IntStream.range(0, decoders.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> most[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int lanes = model.numerics().mostLanes(Math.min(decoders.length, LANES));
    for (int from = 0; from < order.length; from += lanes) {
      decode(
          Arrays.copyOfRange(order, from, Math.min(order.length, from + lanes)),
          decoders,
          most,
          texts);
    }
    return texts;
  }

  private void decode(int[] group, RangeDecoder[] decoders, int[] most, byte[][] texts)
      throws IOException {
    int count = group.length;
    Bytes[] plain = new Bytes[count];
    Arrays.setAll(plain, lane -> new Bytes(most[group[lane]]));
    TokenWalk[] walks = new TokenWalk[count];
    for (int lane = 0; lane < count; lane++) {
      walks[lane] = newWalk();
      walks[lane].start();
    }
    ModelShare share = new ModelShare(tree);
    float[] logits = new float[vocabulary.size()];
    int[] tokens = new int[count];
    Arrays.fill(tokens, vocabulary.startToken());
    int open = count;
    try (Lanes lanes = model.openLanes(count, window, 1)) {
      SlidingWindow sliding = new SlidingWindow(lanes);
      for (int step = 0; open > 0; step++) {
        Interruption.check();
        sliding.advance(tokens, 0, 1);
        for (int lane = 0; lane < count; lane++) {
          int i = group[lane];
          if (texts[i] != null) {
            continue; // its lane marches on with the last token, so that all stay in step
          }
          lanes.logits(lane, logits);
          share.set(logits);
          RangeDecoder decoder = decoders[i];
          Decisions decisions =
              (outcome, probability) -> decoder.decodeDecision(probability, Tables.ONE) ? 1 : 0;
          if (step > 0 && walks[lane].end(decisions, share, false)) {
            texts[i] = plain[lane].toArray();
            open--;
          } else {
            tokens[lane] = tree.token(walks[lane].token(decisions, share, -1));
            plain[lane].add(vocabulary.bytes(tokens[lane]));
          }
        }
      }
    }
  }
}
