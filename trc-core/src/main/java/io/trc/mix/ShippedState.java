package io.trc.mix;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.StringTokenizer;

/**
 * What a mixer knows before the first byte: how much its inputs are to be trusted. It is learnt
 * from texts like those that the models were trained on, and is the same for every model, but not
 * without one.
 */
final class ShippedState {
  private static final int[] VALUES = read();

  /** Where the state of mixers without a model begins. */
  private static final int OF_BYTES =
      Mixer.SETS * DecisionModel.inputs(Contexts.COUNT)
          + Mixer.FINAL_INPUTS
          + DecisionModel.MATCH_STATES
          + DecisionModel.TEMPLATE_STATES
          + DecisionModel.MODEL_MAPS * Tables.POINTS;

  private ShippedState() {}

  private static int[] read() {
    try (InputStream in = ShippedState.class.getResourceAsStream("mixer-1.txt")) {
      if (in == null) {
        throw new IllegalStateException("mixer-1.txt is missing");
      }
      StringBuilder text = new StringBuilder();
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          text.append(line).append(' ');
        }
      }
      StringTokenizer words = new StringTokenizer(text.toString());
      int[] values = new int[words.countTokens()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (int) Long.parseLong(words.nextToken());
      }
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives a model of an empty text the state, as far as it has the contexts. */
  static void load(DecisionModel model) {
    Mixer mixer = model.mixer;
    int next = model.byModel() ? 0 : OF_BYTES;
    for (int set = 0; set < Mixer.SETS; set++) {
      mixer.setWeights(set, VALUES, next, model.inputs());
      next += DecisionModel.inputs(Contexts.COUNT);
    }
    mixer.setFinalWeights(VALUES, next);
    next += Mixer.FINAL_INPUTS;
    next = take(next, model.matchMap);
    next = take(next, model.templateMap);
    if (model.byModel()) {
      take(next, model.modelMaps.points);
    }
  }

  private static int take(int from, int[] target) {
    System.arraycopy(VALUES, from, target, 0, target.length);
    return from + target.length;
  }
}
