package io.trc.member;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How many blocks a thread decodes side by side. Lanes share the work on the weights but keep more
 * of the past in the processor's caches: on some machines they double the speed, on others they
 * halve it. So the clock decides. No byte depends on it.
 *
 * <p>Confined to one thread.
 */
final class LaneChoice {
  /** With fewer blocks a thread, a trial would take most of them. */
  private static final int TRIAL = 4;

  private final int most;

  /** Bytes a nanosecond by a thread with one lane and with several, or 0 before the first group. */
  private double single;

  private double several;

  /** A choice of up to {@code most} lanes. */
  LaneChoice(int most) {
    this.most = most;
  }

  /**
   * The sizes of the groups into which to cut some blocks. Blocks are decoded alone at first; where
   * there are enough, one group tries lanes, and what was quicker is done from then on.
   */
  List<Integer> groups(int blocks, int threads) {
    int lanes = Math.min(most, (blocks + threads - 1) / threads);
    if (lanes == 1 || (several == 0 ? lanes < TRIAL : several < single)) {
      return Collections.nCopies(blocks, 1);
    }
    List<Integer> sizes = new ArrayList<>();
    int left = blocks;
    while (left > 0) {
      int size = several == 0 && !sizes.isEmpty() ? 1 : Math.min(lanes, left);
      sizes.add(size);
      left -= size;
    }
    return sizes;
  }

  /** Notes what a group took. Newer measurements count more. */
  void measured(int lanes, long bytes, long nanos) {
    double speed = bytes / (double) Math.max(1, nanos);
    if (lanes == 1) {
      single = single == 0 ? speed : (single + speed) / 2;
    } else {
      several = several == 0 ? speed : (several + speed) / 2;
    }
  }
}
