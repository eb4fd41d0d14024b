package io.trc.member;

import io.trc.block.BlockEncoder;
import io.trc.container.BlockMethod;

/**
 * Whether it is worth while to ask the model about the next group of text, after it was asked about
 * those before. Even a forecast costs more than LZMA2; so the more often the model lost, the more
 * groups pass until it is asked again, unless they look different.
 *
 * <p>Confined to one thread.
 */
final class Prospects {
  /** At most so many groups pass; fewer where it was a near thing. */
  private static final int MOST_DIM = 63;

  private static final int MOST_DIM_WHEN_NEAR = 7;

  /** The share, one in so many, by which the frequencies of bytes differ in other kinds of data. */
  private static final int DIFFERENT = 8;

  private int[] lost = new int[256];
  private BlockMethod winner = BlockMethod.LZMA2;
  private int losses;
  private int toPass;

  /** True if the group is to pass without asking; counts it then. */
  boolean areDim(byte[] text) {
    if (toPass == 0 || differs(lost, frequencies(text))) {
      return false;
    }
    toPass--;
    return true;
  }

  /** What won when it was asked last. */
  BlockMethod winner() {
    return winner;
  }

  /**
   * Takes note of what was found about a group.
   *
   * @param predicting the method that takes time
   */
  void learn(byte[] text, BlockEncoder.Verdict verdict, BlockMethod predicting) {
    winner = verdict.method();
    if (winner == predicting) {
      losses = 0;
      toPass = 0;
      return;
    }
    losses++;
    int most = verdict.plainly() ? MOST_DIM : MOST_DIM_WHEN_NEAR;
    toPass = Math.min(most, (1 << Math.min(losses, 6)) - 1);
    lost = frequencies(text);
  }

  /** How often each byte occurs, in millionths. */
  private static int[] frequencies(byte[] text) {
    int[] counts = new int[256];
    for (byte b : text) {
      counts[b & 0xff]++;
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] = (int) (counts[i] * 1_000_000L / text.length);
    }
    return counts;
  }

  private static boolean differs(int[] one, int[] other) {
    int difference = 0;
    for (int i = 0; i < one.length; i++) {
      difference += Math.abs(one[i] - other[i]);
    }
    return difference / 2 > 1_000_000 / DIFFERENT;
  }
}
