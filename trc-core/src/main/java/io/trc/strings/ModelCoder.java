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
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Codes the tokens of a string as a language model predicts them. Before each token but the first
 * stands a decision, whether the string ends: the model takes the end for the end of a line.
 *
 * <p>Several strings go through the model side by side, those of a length together. Safe for use by
 * several threads; the model sees to it that its contexts are shared.
 */
public final class ModelCoder implements StringCoder {
  /** The window in tokens, or that of the model if it is less. */
  static final int WINDOW = 512;

  /** The columns of a batch: enough for the weights to be used well, few enough to be idle. */
  private static final int COLUMNS = 64;

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

  /** What predicts a string of each lane. */
  private TokenWalk[] walks(int lanes) {
    TokenWalk[] walks = new TokenWalk[lanes];
    Arrays.setAll(walks, lane -> dictionary == null ? new TokenWalk(tree) : dictionary.newWalk());
    return walks;
  }

  @Override
  public boolean[] encode(byte[][] texts, RangeEncoder[] encoders, int[] limits)
      throws IOException {
    int[][] tokens = new int[texts.length][];
    boolean[] whole = new boolean[texts.length];
    for (int i = 0; i < texts.length; i++) {
      tokens[i] = tokens(texts[i]);
      whole[i] = tokens[i].length > 0;
    }
    int[] order = order(texts.length, i -> tokens[i].length);
    int lanes = model.numerics().mostLanes(Math.min(texts.length, Lanes.MAX_LANES));
    for (int from = 0; from < order.length; from += lanes) {
      int[] group = Arrays.copyOfRange(order, from, Math.min(order.length, from + lanes));
      encode(group, tokens, encoders, limits, whole);
    }
    return whole;
  }

  /** The tokens that are coded for a text; none if the vocabulary cannot say it. */
  private int[] tokens(byte[] text) {
    int @Nullable [] tokens = vocabulary.tokenize(text, 0, text.length);
    return tokens == null ? new int[0] : Arrays.stream(tokens).map(tree::canonical).toArray();
  }

  private static int[] order(int count, IntUnaryOperator length) {
    return IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparingInt(length::applyAsInt))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private void encode(
      int[] group, int[][] tokens, RangeEncoder[] encoders, int[] limits, boolean[] whole)
      throws IOException {
    int count = group.length;
    // The logits after the last token tell how likely the end is.
    int steps = tokens[group[count - 1]].length + 1;
    int[] input = new int[steps * count];
    Arrays.fill(input, vocabulary.startToken());
    for (int lane = 0; lane < count; lane++) {
      int[] text = tokens[group[lane]];
      for (int step = 0; step < text.length; step++) {
        input[(step + 1) * count + lane] = text[step];
      }
    }
    TokenWalk[] walks = walks(count);
    Arrays.stream(walks).forEach(TokenWalk::start);
    ModelShare share = new ModelShare(tree);
    float[] logits = new float[vocabulary.size()];
    int batch = model.numerics().mostSteps(Math.min(window, Math.max(1, COLUMNS / count)));
    try (Lanes lanes = model.openLanes(count, window, batch)) {
      SlidingWindow sliding = new SlidingWindow(lanes);
      int done = 0;
      while (anyIsOpen(group, tokens, whole, done)) {
        Interruption.check();
        int taken = sliding.advance(input, done * count, steps - done);
        for (int lane = 0; lane < count; lane++) {
          int i = group[lane];
          for (int step = done; step < Math.min(done + taken, tokens[i].length + 1); step++) {
            if (whole[i] && encoders[i].size() > limits[i]) {
              whole[i] = false;
            }
            if (whole[i]) {
              lanes.logits((step - done) * count + lane, logits);
              share.set(logits);
              encodeStep(walks[lane], share, encoders[i], step, tokens[i]);
            }
          }
        }
        done += taken;
      }
    }
  }

  /** Whether there is a text that is not given up and has a step from this on. */
  private static boolean anyIsOpen(int[] group, int[][] tokens, boolean[] whole, int step) {
    return Arrays.stream(group).anyMatch(i -> whole[i] && step <= tokens[i].length);
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
    int[] order = order(decoders.length, i -> most[i]);
    int lanes = model.numerics().mostLanes(Math.min(decoders.length, Lanes.MAX_LANES));
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
    TokenWalk[] walks = walks(count);
    Arrays.stream(walks).forEach(TokenWalk::start);
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
