package io.trc.mix;

import java.util.Arrays;

/**
 * Adds up inputs by weights that learn. Each of several sets of weights has a row for every state
 * of something small; what they say is added up once more.
 *
 * <p>Source: M. Mahoney, Adaptive Weighing of Context Models for Lossless Data Compression, 2005.
 */
final class Mixer {
  /** The rows of each set. */
  private static final int[] ROWS = {256, 256, 256, 256, 256, 288, 256};

  /** The number of sets. */
  static final int SETS = ROWS.length;

  private static final int MOST_ROWS = 288;
  private static final int FINAL_ROWS = 256;
  private static final int MOST = (1 << 19) - 1;
  private static final int RATE = 4;

  /** The rate is greater by so much at first, and by half of that once a row was used 64 times. */
  private static final int FIRST_RATE = 24;

  private static final int MOST_USES = 65535;

  final int inputs;
  final int[] x;
  final int[][] weights = new int[SETS][];
  final int[] finalWeights;
  private final int[][] uses = new int[SETS][];
  private final int[] rows = new int[SETS];
  private final int[] stretches = new int[SETS];
  private int finalRow;
  private int stretch;

  /** A mixer of so many inputs, of which the first is the model's if there is one. */
  Mixer(int inputs, boolean byModel) {
    this.inputs = inputs;
    x = new int[inputs];
    for (int set = 0; set < SETS; set++) {
      weights[set] = new int[ROWS[set] * inputs];
      uses[set] = new int[ROWS[set]];
      Arrays.fill(weights[set], 14_000);
      for (int row = 0; row < ROWS[set]; row++) {
        weights[set][row * inputs] = byModel ? 45_000 : 0;
      }
    }
    finalWeights = new int[FINAL_ROWS * SETS];
    Arrays.fill(finalWeights, 65_536 / SETS);
  }

  /** The same, apart from the other. */
  Mixer(Mixer other) {
    inputs = other.inputs;
    x = other.x.clone();
    for (int set = 0; set < SETS; set++) {
      weights[set] = other.weights[set].clone();
      uses[set] = other.uses[set].clone();
    }
    finalWeights = other.finalWeights.clone();
  }

  /** About as many bytes as a mixer of so many inputs takes. */
  static long memory(int inputs) {
    return (long) Integer.BYTES * SETS * (MOST_ROWS * (inputs + 1L) + FINAL_ROWS);
  }

  /** The number of rows of a set. */
  static int rows(int set) {
    return ROWS[set];
  }

  /** Chooses the row of a set for the next decision. */
  void select(int set, int row) {
    rows[set] = row;
  }

  /** The stretch of the inputs {@link #x}, by the rows selected and the final mixer's row. */
  int mix(int finalRow) {
    this.finalRow = finalRow * SETS;
    int sum = 0;
    for (int set = 0; set < SETS; set++) {
      int s = Tables.clampStretch(dot(weights[set], rows[set] * inputs) >> 8);
      stretches[set] = s;
      sum += (s * finalWeights[this.finalRow + set]) >> 8;
    }
    stretch = Tables.clampStretch(sum >> 8);
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

  /** Learns what became of the decision. */
  void learn(int bit) {
    int error = (bit << 16) - Tables.squash16(stretch);
    for (int set = 0; set < SETS; set++) {
      int s = stretches[set];
      finalWeights[finalRow + set] += (s * (error >> 2) + (1 << 15)) >> 16;
      int row = rows[set];
      int used = uses[set][row];
      uses[set][row] = Math.min(used + 1, MOST_USES);
      int rate = RATE + FIRST_RATE * 64 / (64 + used);
      train(weights[set], row * inputs, (((bit << 16) - Tables.squash16(s)) * rate) >> 4);
    }
  }

  private void train(int[] w, int from, int step) {
    int[] x = this.x;
    for (int i = 0; i < x.length; i++) {
      int weight = w[from + i] + ((x[i] * step + (1 << 13)) >> 14);
      w[from + i] = Math.max(-MOST, Math.min(MOST, weight));
    }
  }
}
