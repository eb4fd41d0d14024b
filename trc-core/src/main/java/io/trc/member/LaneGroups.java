package io.trc.member;

import java.util.ArrayList;
import java.util.List;

/** Which blocks a thread decodes side by side. No byte depends on it. */
final class LaneGroups {
  private LaneGroups() {}

  /**
   * The sizes of the groups into which to cut some blocks: all threads get work first, then each
   * has up to {@code most} lanes.
   */
  static List<Integer> sizes(int blocks, int threads, int most) {
    int lanes = Math.min(most, (blocks + threads - 1) / threads);
    List<Integer> sizes = new ArrayList<>();
    for (int left = blocks; left > 0; left -= Math.min(lanes, left)) {
      sizes.add(Math.min(lanes, left));
    }
    return sizes;
  }
}
