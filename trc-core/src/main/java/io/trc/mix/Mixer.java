package io.trc.mix;

import java.util.Arrays;

/**
 * Adds up inputs by weights that learn. Each of several sets of weights has a row for every state
 * of something small; what they say is added up once more, by two final sets.
 *
 * <p>Source: M. Mahoney, Adaptive Weighing of Context Models for Lossless Data Compression, 2005.
 */
final class Mixer {
  /** The rows of each set. */
  private static final int[] ROWS = {256, 256, 256, 256, 256, 288, 256};

  /** The greatest number of sets. */
  static final int MOST_SETS = ROWS.length;

  private static final int FINAL_ROWS = 256;

  /** The inputs of a row are a multiple of this, as vectors of the processor are. */
  private static final int LANES = 8;

  private static final int RATE = 4;

  /** The rate is greater by so much at first, and by half of that once a row was used 64 times. */
  private static final int FIRST_RATE = 24;

  private static final int MOST_USES = 65535;

  /** From an error less than this, in 2^-16, nothing is learnt. */
  private static final int LEAST_ERROR = 128;

  /** The inputs, and zeros up to a multiple of the lanes. */
  final int[] x;

  private final int sets;

  final int[][] weights;
  final int[] finalWeights;
  final int[] secondFinalWeights;
  final int[][] uses;
  private final int[] rows;
  private final int[] stretches;
  private int finalRow;
  private int secondFinalRow;
  private int finalStretch;
  private int secondFinalStretch;
  private int stretch;

  /** A mixer of so many inputs, of which the first is the model's if there is one. */
  Mixer(int inputs, int sets, boolean byModel) {
    this.sets = sets;
    int width = width(inputs);
    x = new int[width];
    weights = new int[sets][];
    uses = new int[sets][];
    rows = new int[sets];
    stretches = new int[finalInputs()];
    for (int set = 0; set < sets; set++) {
      weights[set] = new int[ROWS[set] * width];
      uses[set] = new int[ROWS[set]];
      Arrays.fill(weights[set], 14_000);
      for (int row = 0; row < ROWS[set]; row++) {
        weights[set][row * width] = byModel ? 45_000 : 0;
      }
    }
    finalWeights = new int[FINAL_ROWS * finalInputs()];
    for (int i = 0; i < finalWeights.length; i++) {
      finalWeights[i] = i % finalInputs() < sets ? 65_536 / sets : 0;
    }
    secondFinalWeights = finalWeights.clone();
  }

  /** The same, apart from the other. */
  Mixer(Mixer other) {
    sets = other.sets;
    x = other.x.clone();
    weights = new int[sets][];
    uses = new int[sets][];
    rows = new int[sets];
    stretches = new int[finalInputs()];
    for (int set = 0; set < sets; set++) {
      weights[set] = other.weights[set].clone();
      uses[set] = other.uses[set].clone();
    }
    finalWeights = other.finalWeights.clone();
    secondFinalWeights = other.secondFinalWeights.clone();
  }

  /** The number of sets. */
  int sets() {
    return sets;
  }

  /** The inputs of a final set: what the sets say, and the mixer's first input. */
  int finalInputs() {
    return sets + 1;
  }

  private static int width(int inputs) {
    return (inputs + LANES - 1) / LANES * LANES;
  }

  /** About as many bytes as a mixer of so many inputs takes. */
  static long memory(int inputs) {
    long rows = Arrays.stream(ROWS).sum();
    return Integer.BYTES * (rows * (width(inputs) + 1) + 2L * FINAL_ROWS * (MOST_SETS + 1));
  }

  /** Gives all rows of a set the same weights. */
  void setWeights(int set, int[] values, int from, int length) {
    for (int row = 0; row < ROWS[set]; row++) {
      System.arraycopy(values, from, weights[set], row * x.length, length);
    }
  }

  /** Gives all rows of both final sets the same weights. */
  void setFinalWeights(int[] values, int from) {
    int width = finalInputs();
    for (int row = 0; row < FINAL_ROWS; row++) {
      System.arraycopy(values, from, finalWeights, row * width, width);
      System.arraycopy(values, from, secondFinalWeights, row * width, width);
    }
  }

  /** Chooses the row of a set for the next decision. */
  void select(int set, int row) {
    rows[set] = row;
  }

  /** The stretch of the inputs {@link #x}, by the rows selected and those of the final sets. */
  int mix(int finalRow, int secondFinalRow) {
    this.finalRow = finalRow * finalInputs();
    this.secondFinalRow = secondFinalRow * finalInputs();
    for (int set = 0; set < sets; set++) {
      stretches[set] = Tables.clampStretch(dot(weights[set], rows[set] * x.length) >> 8);
    }
    stretches[sets] = x[0];
    finalStretch = mixFinally(finalWeights, this.finalRow);
    secondFinalStretch = mixFinally(secondFinalWeights, this.secondFinalRow);
    stretch = (finalStretch + secondFinalStretch) >> 1;
    return stretch;
  }

  private int dot(int[] w, int from) {
    int[] x = this.x;
    int sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (w[from + i] * x[i]) >> 8;
    }
    return sum;
  }

  private int mixFinally(int[] w, int from) {
    int sum = 0;
    for (int i = 0; i < stretches.length; i++) {
      sum += (w[from + i] * stretches[i]) >> 8;
    }
    return Tables.clampStretch(sum >> 8);
  }

  /** Learns what became of the decision. */
  void learn(int bit) {
    if (Math.abs(error(bit, stretch)) < LEAST_ERROR) {
      return;
    }
    trainFinally(finalWeights, finalRow, error(bit, finalStretch));
    trainFinally(secondFinalWeights, secondFinalRow, error(bit, secondFinalStretch));
    for (int set = 0; set < sets; set++) {
      int row = rows[set];
      int used = uses[set][row];
      uses[set][row] = Math.min(used + 1, MOST_USES);
      int rate = RATE + FIRST_RATE * 64 / (64 + used);
      train(weights[set], row * x.length, (error(bit, stretches[set]) * rate) >> 4);
    }
  }

  private static int error(int bit, int stretch) {
    return (bit << 16) - Tables.squash16(stretch);
  }

  private void train(int[] w, int from, int step) {
    int[] x = this.x;
    for (int i = 0; i < x.length; i++) {
      w[from + i] += (x[i] * step + (1 << 13)) >> 14;
    }
  }

  private void trainFinally(int[] w, int from, int error) {
    int step = (error * 3) >> 3;
    for (int i = 0; i < stretches.length; i++) {
      w[from + i] += (stretches[i] * step + (1 << 15)) >> 16;
    }
  }
}
