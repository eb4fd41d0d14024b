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
    int next = 0;
    for (DecisionModel.Kind kind : DecisionModel.Kind.values()) {
      if (kind == model.kind()) {
        break;
      }
      next += values(kind);
    }
    for (int set = 0; set < mixer.sets(); set++) {
      mixer.setWeights(set, VALUES, next, model.inputs());
      next += DecisionModel.inputs(model.kind().mostContexts());
    }
    mixer.setFinalWeights(VALUES, next);
    next += mixer.finalInputs();
    next = take(next, model.matchMap);
    next = take(next, model.templateMap);
    if (model.kind().byModel()) {
      take(next, model.modelMaps.points);
    }
  }

  /** The values for models of a kind. */
  private static int values(DecisionModel.Kind kind) {
    return kind.sets() * DecisionModel.inputs(kind.mostContexts())
        + kind.sets()
        + 1
        + DecisionModel.MATCH_STATES
        + DecisionModel.TEMPLATE_STATES
        + (kind.byModel() ? DecisionModel.MODEL_MAPS * Tables.POINTS : 0);
  }

  private static int take(int from, int[] target) {
    System.arraycopy(VALUES, from, target, 0, target.length);
    return from + target.length;
  }
}
