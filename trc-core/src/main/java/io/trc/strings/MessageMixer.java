package io.trc.strings;

import io.trc.mix.Tables;

/**
 * Adds up what contexts say of a decision, by weights for several states of the message; a final
 * set of weights adds up the sums. As the mixer of blocks, but with sets and rates for short
 * messages.
 *
 * <p>Source: M. Mahoney, Adaptive Weighing of Context Models for Lossless Data Compression, 2005.
 */
final class MessageMixer {
  private static final int INPUTS = MixState.INPUTS;

  final int[] x = new int[INPUTS];
  final int[] rows = new int[MixState.SETS];
  private final int[] stretches = new int[MixState.SETS];
  private int finalRow;
  private int stretch;

  /** The stretch of the inputs, by the rows chosen. */
  int mix(MixState state, int finalRow) {
    this.finalRow = finalRow * MixState.FINAL_INPUTS;
    int sum = 0;
    for (int set = 0; set < MixState.SETS; set++) {
      int s = Tables.clampStretch(dot(state.weights[set], rows[set] * INPUTS) >> 8);
      stretches[set] = s;
      sum += (state.finalWeights[this.finalRow + set] * s) >> 8;
    }
    stretch = Tables.clampStretch(sum >> 8);
    return stretch;
  }

  private int dot(int[] w, int from) {
    int sum = 0;
    for (int i = 0; i < INPUTS; i++) {
      sum += (w[from + i] * x[i]) >> 8;
    }
    return sum;
  }

  /** Learns what became of the decision: each set at a rate of its own, in 16ths of 2^-14. */
  void learn(MixState state, int bit, int rate) {
    int step = error(bit, stretch) >> 2;
    for (int set = 0; set < MixState.SETS; set++) {
      state.finalWeights[finalRow + set] += (stretches[set] * step + (1 << 15)) >> 16;
      train(state.weights[set], rows[set] * INPUTS, (error(bit, stretches[set]) * rate) >> 4);
    }
  }

  private void train(int[] w, int from, int step) {
    for (int i = 0; i < INPUTS; i++) {
      w[from + i] += (x[i] * step + (1 << 13)) >> 14;
    }
  }

  private static int error(int bit, int stretch) {
    return (bit << 16) - Tables.squash16(stretch);
  }
}
