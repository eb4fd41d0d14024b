package io.trc.mix;

import io.trc.TrcEngine;
import io.trc.models.Model;
import io.trc.predict.LanguageModel;
import io.trc.predict.Vocabulary;
import io.trc.text.TextEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Makes the state that mixers start from, {@code mixer-1.txt}: OUT FOLDER...
 *
 * <p>Every text in the folders is coded from the state so far by each kind of mixer, which have
 * states of their own; after each the state moves a part of the way to where the text has led the
 * weights. So it becomes one that is near to what any text asks for (A. Nichol and others, On
 * First-Order Meta-Learning Algorithms, 2018). The part falls from text to text, and short texts
 * move less. The texts are taken in the order of their files' names whatever their folders, which
 * mixes the kinds.
 */
final class StateTraining {
  private static final int WINDOW = 512;
  private static final int TABLE_BITS = 14;

  /** The part of the way at first and at last, and the bytes of a text that moves all of it. */
  private static final double FIRST_PART = 0.5;

  private static final double LAST_PART = 0.02;
  private static final double FULL_LENGTH = 20_000;

  /** A row that was used more often counts no more than this in an average. */
  private static final int MOST_USES = 20;

  /** What adaptive probabilities have learnt counts no more than so many decisions of a text. */
  private static final int MOST_COUNT = 30;

  /** The low bits of an adaptive probability. */
  private static final int COUNT = 1023;

  private final TextEncoder encoder;
  private final Vocabulary vocabulary;
  private final Map<DecisionModel.Kind, State> states = new EnumMap<>(DecisionModel.Kind.class);

  private StateTraining(LanguageModel model) {
    encoder = new TextEncoder(model, WINDOW);
    vocabulary = model.vocabulary();
    for (DecisionModel.Kind kind : DecisionModel.Kind.values()) {
      states.put(kind, new State(kind));
    }
  }

  /** A row for each set, one for the final sets, and the maps as they are. */
  private static final class State {
    private final MixSize size;
    private final boolean byModel;
    private final double[][] weights;
    private final double[] finalWeights;
    private final int[] matchMap;
    private final int[] templateMap;
    private final int[] modelMap;

    State(DecisionModel.Kind kind) {
      size = new MixSize(kind.mostContexts(), TABLE_BITS);
      byModel = kind.byModel();
      weights = new double[kind.sets()][];
      DecisionModel first = new DecisionModel(byModel, size.contexts(), MixSize.LEAST_BITS);
      for (int set = 0; set < weights.length; set++) {
        weights[set] = row(first.mixer.weights[set], first.inputs());
      }
      finalWeights = row(first.mixer.finalWeights, first.mixer.finalInputs());
      matchMap = first.matchMap;
      templateMap = first.templateMap;
      modelMap = first.modelMaps.points;
    }

    private static double[] row(int[] rows, int inputs) {
      return Arrays.stream(rows).limit(inputs).asDoubleStream().toArray();
    }

    /** What a text of so many bytes starts from. */
    MixStart start(int length) {
      MixSize forText = size.forText(length);
      DecisionModel model = new DecisionModel(byModel, forText.contexts(), forText.tableBits());
      for (int set = 0; set < weights.length; set++) {
        model.mixer.setWeights(set, rounded(weights[set]), 0, model.inputs());
      }
      model.mixer.setFinalWeights(rounded(finalWeights), 0);
      System.arraycopy(matchMap, 0, model.matchMap, 0, matchMap.length);
      System.arraycopy(templateMap, 0, model.templateMap, 0, templateMap.length);
      System.arraycopy(modelMap, 0, model.modelMaps.points, 0, modelMap.length);
      return new Learnt(model, forText, byModel);
    }

    /** Follows a text to what was learnt from it. */
    void follow(Learnt learnt, double part) {
      DecisionModel model = learnt.newModel(byModel);
      Mixer mixer = model.mixer;
      for (int set = 0; set < weights.length; set++) {
        move(weights[set], mixer.weights[set], mixer.x.length, mixer.uses[set], part);
      }
      // The rows of the final sets are chosen as those of sets 0 and 2 are.
      move(finalWeights, mixer.finalWeights, mixer.finalInputs(), mixer.uses[0], part / 2);
      move(finalWeights, mixer.secondFinalWeights, mixer.finalInputs(), mixer.uses[2], part / 2);
      System.arraycopy(model.matchMap, 0, matchMap, 0, matchMap.length);
      System.arraycopy(model.templateMap, 0, templateMap, 0, templateMap.length);
      System.arraycopy(model.modelMaps.points, 0, modelMap, 0, modelMap.length);
    }

    /** Moves a row a part of the way to the average of others, which count by their uses. */
    private static void move(double[] row, int[] others, int width, int[] uses, double part) {
      double[] away = new double[row.length];
      double all = 0;
      for (int other = 0; other < uses.length; other++) {
        int count = Math.min(uses[other], MOST_USES);
        all += count;
        for (int i = 0; count > 0 && i < row.length; i++) {
          away[i] += count * (others[other * width + i] - row[i]);
        }
      }
      for (int i = 0; all > 0 && i < row.length; i++) {
        row[i] += part * away[i] / all;
      }
    }

    private static int[] rounded(double[] row) {
      return Arrays.stream(row).mapToInt(w -> (int) Math.round(w)).toArray();
    }

    /** The lines that FORMAT.md describes. */
    String lines() {
      StringBuilder lines = new StringBuilder();
      for (double[] row : weights) {
        lines.append(line(Arrays.stream(rounded(row)).asLongStream()));
      }
      lines.append(line(Arrays.stream(rounded(finalWeights)).asLongStream()));
      lines.append(line(adaptive(matchMap))).append(line(adaptive(templateMap)));
      return byModel ? lines.append(line(adaptive(modelMap))).toString() : lines.toString();
    }

    /** Adaptive probabilities that go on learning. */
    private static LongStream adaptive(int[] map) {
      return Arrays.stream(map)
          .map(a -> (a & ~COUNT) | Math.min(a & COUNT, MOST_COUNT))
          .mapToLong(Integer::toUnsignedLong);
    }

    private static String line(LongStream values) {
      return values.mapToObj(Long::toString).collect(Collectors.joining(" ", "", "\n"));
    }
  }

  private void learn(byte[] text, double part) throws IOException {
    for (State state : states.values()) {
      if (state.byModel) {
        MixCoder coder = new MixCoder(vocabulary, state.start(text.length));
        MixCoder.MixEncoder tokens = coder.newEncoder();
        if (encoder.encode(text, Integer.MAX_VALUE, List.of(tokens)) != null) {
          state.follow(tokens.learnt(), part);
        }
      } else {
        ByteMixer bytes = new ByteMixer(state.start(text.length));
        bytes.encode(text, text.length, Integer.MAX_VALUE);
        state.follow(bytes.learnt(), part);
      }
    }
  }

  private static List<Path> files(String[] folders) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder : folders) {
      try (Stream<Path> found = Files.walk(Path.of(folder))) {
        found.filter(Files::isRegularFile).forEach(files::add);
      }
    }
    files.sort(Comparator.comparing(Path::getFileName).thenComparing(Comparator.naturalOrder()));
    return files;
  }

  /** Writes the state: OUT FOLDER... */
  public static void main(String[] args) throws IOException {
    StateTraining training =
        new StateTraining(Model.embedded().get(0).choose(TrcEngine.AUTO).model());
    List<Path> files = files(Arrays.copyOfRange(args, 1, args.length));
    for (int i = 0; i < files.size(); i++) {
      double done = (double) i / files.size();
      byte[] text = Files.readAllBytes(files.get(i));
      if (text.length > 0) {
        double part = FIRST_PART * StrictMath.pow(LAST_PART / FIRST_PART, done);
        training.learn(text, part * Math.sqrt(Math.min(1, text.length / FULL_LENGTH)));
      }
    }
    Files.writeString(
        Path.of(args[0]),
        training.states.values().stream().map(State::lines).collect(Collectors.joining()),
        StandardCharsets.US_ASCII);
    System.out.println(files.size() + " texts: " + args[0]);
  }
}
