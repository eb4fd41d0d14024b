package io.trc.strings;

import io.trc.TrcCorruptedException;
import io.trc.entropy.range.RangeCoder;
import io.trc.entropy.range.RangeDecoder;
import io.trc.entropy.range.RangeEncoder;
import io.trc.mix.Adaptive;
import io.trc.mix.Tables;
import java.util.Arrays;

/**
 * A {@link MixState} in few bytes: differences from what is known without it, rounded, in a range
 * code. Rows of weights that training hardly used differ as those of their set do in the mean.
 *
 * <p>Reading and writing go through the same steps; {@link #number} does either.
 */
abstract class StateCode {
  /** Weights are multiples of this. */
  private static final int WEIGHT_STEP = 256;

  /** Stretches of maps are multiples of this, 2^4. */
  private static final int STRETCH_STEP = 16;

  /** A map's confidence is a multiple of this. */
  private static final int COUNT_STEP = 16;

  private static final int MOST_COUNT = 255;

  /** A row used less than this has the mean's weights. */
  private static final int LEAST_USES = 64;

  /** The greatest magnitude of a number, so that none overflows. */
  private static final int MOST_BITS = 20;

  private static final int KINDS = 3;
  private static final int BITS_PER_KIND = 64;

  /** The probabilities of the bits of numbers, by kind. */
  private final int[] bits = new int[KINDS * BITS_PER_KIND];

  StateCode() {
    Arrays.fill(bits, Adaptive.of(Tables.ONE / 2, 0));
  }

  /**
   * The code of a state after training.
   *
   * @param known what the reader knows without it
   * @param uses how often each row of weights was used in training
   */
  static byte[] encode(MixState state, MixState known, int[][] uses) {
    RangeEncoder encoder = new RangeCoder().newEncoder();
    StateCode code =
        new StateCode() {
          @Override
          boolean decision(boolean value, int probability) {
            encoder.encodeDecision(value, probability, Tables.ONE);
            return value;
          }
        };
    try {
      code.go(new MixState(state), known, uses);
    } catch (TrcCorruptedException e) {
      throw new AssertionError("nothing is read", e);
    }
    return encoder.finish();
  }

  /** The state of a code, by what was known without it. */
  static MixState decode(byte[] bytes, MixState known) throws TrcCorruptedException {
    RangeDecoder decoder = new RangeCoder().newDecoder(bytes);
    StateCode code =
        new StateCode() {
          @Override
          boolean decision(boolean value, int probability) throws TrcCorruptedException {
            return decoder.decodeDecision(probability, Tables.ONE);
          }
        };
    MixState state = new MixState();
    int[][] uses = new int[MixState.SETS][];
    Arrays.setAll(uses, set -> new int[MixState.ROWS[set]]);
    code.go(state, known, uses);
    decoder.finish();
    return state;
  }

  /** Writes the value, or reads one. */
  abstract boolean decision(boolean value, int probability) throws TrcCorruptedException;

  private boolean bit(boolean value, int at) throws TrcCorruptedException {
    boolean coded = decision(value, Tables.probability(Adaptive.p22(bits[at])));
    Adaptive.learn(bits, at, coded ? 1 : 0);
    return coded;
  }

  /** A number, the likelier the nearer it is to 0: its bits' count in unary, its bits, its sign. */
  private int number(int value, int kind) throws TrcCorruptedException {
    int from = kind * BITS_PER_KIND;
    int magnitude = Math.abs(value);
    int wanted = Integer.SIZE - Integer.numberOfLeadingZeros(magnitude);
    int count = 0;
    while (count < MOST_BITS && bit(count < wanted, from + count)) {
      count++;
    }
    int coded = count == 0 ? 0 : 1;
    for (int i = count - 2; i >= 0; i--) {
      boolean one = (magnitude >> i & 1) != 0;
      boolean first = i == count - 2;
      boolean read = first ? bit(one, from + 32 + count) : decision(one, Tables.ONE / 2);
      coded = 2 * coded + (read ? 1 : 0);
    }
    return coded != 0 && decision(value < 0, Tables.ONE / 2) ? -coded : coded;
  }

  private void go(MixState state, MixState known, int[][] uses) throws TrcCorruptedException {
    map(state.counts, known.counts);
    map(state.matches, known.matches);
    for (int set = 0; set < MixState.SETS; set++) {
      weights(state.weights[set], known.weights[set], MixState.INPUTS, uses[set]);
    }
    weights(state.finalWeights, known.finalWeights, MixState.FINAL_INPUTS, uses[0]);
  }

  private void map(int[] map, int[] known) throws TrcCorruptedException {
    for (int i = 0; i < map.length; i++) {
      int before = count(known[i]);
      int count = before + number(count(map[i]) - before, 0);
      int difference = count == 0 ? 0 : number(stretch(map[i]) - stretch(known[i]), 1);
      if (count == before && difference == 0) {
        map[i] = known[i];
      } else {
        int after = Tables.clampStretch(stretch(known[i]) + difference);
        int p22 = Tables.squash22(Tables.clampStretch(after * STRETCH_STEP));
        map[i] = Adaptive.of(p22, Math.max(0, Math.min(MOST_COUNT, count * COUNT_STEP)));
      }
    }
  }

  private static int count(int adaptive) {
    return Math.min(MOST_COUNT, adaptive & 1023) / COUNT_STEP;
  }

  private static int stretch(int adaptive) {
    return (Tables.stretch(Adaptive.p16(adaptive)) + STRETCH_STEP / 2) >> 4;
  }

  private void weights(int[] weights, int[] known, int inputs, int[] uses)
      throws TrcCorruptedException {
    int rows = weights.length / inputs;
    int[] mean = new int[inputs];
    for (int k = 0; k < inputs; k++) {
      long sum = 0;
      long used = 0;
      for (int row = 0; row < rows; row++) {
        int at = row * inputs + k;
        sum += ((long) weights[at] - known[at]) * uses[row];
        used += uses[row];
      }
      int difference = used == 0 ? 0 : (int) (sum / used / WEIGHT_STEP);
      mean[k] = number(difference, 2) * WEIGHT_STEP;
    }
    for (int row = 0; row < rows; row++) {
      boolean own = bit(uses[row] >= LEAST_USES, 31);
      for (int k = 0; k < inputs; k++) {
        int at = row * inputs + k;
        int rest = own ? number((weights[at] - known[at] - mean[k]) / WEIGHT_STEP, 2) : 0;
        weights[at] = known[at] + mean[k] + rest * WEIGHT_STEP;
      }
    }
  }
}
