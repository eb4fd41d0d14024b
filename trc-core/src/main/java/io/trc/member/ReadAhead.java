package io.trc.member;

import io.trc.container.Block;

/**
 * How many blocks are decoded together. At first each thread decodes one, so that bytes come soon;
 * then more and more at a time, which is quicker.
 *
 * <p>Confined to one thread.
 */
final class ReadAhead {
  /** Blocks are decoded together until they have this many plain bytes. */
  private static final int MOST_BYTES = 8 << 20;

  /** How many times as many blocks are decoded together the next time. */
  private static final int GROWTH = 4;

  private final Plan plan;
  private final long mostBytes;
  private int most;
  private int blocks;
  private long bytes;
  private boolean jumped;

  ReadAhead(Plan plan) {
    this.plan = plan;
    this.mostBytes = Math.min(MOST_BYTES, plan.memoryLimit() / 4);
    this.most = plan.threads();
  }

  /** Begins to collect blocks. */
  void begin() {
    blocks = 0;
    bytes = 0;
  }

  void add(Block block) {
    blocks++;
    bytes += block.plainLength();
  }

  /** True at least until there is one. */
  boolean wantsMore() {
    return blocks == 0 || (blocks < most && bytes < mostBytes);
  }

  /** Those collected are decoded; there may be more the next time. */
  void end() {
    most = jumped ? 1 : Math.min(GROWTH * most, plan.bestGroup());
    jumped = false;
  }

  /** Reading goes on elsewhere, perhaps for a few bytes only, which may lie in two blocks. */
  void jump() {
    most = 1;
    jumped = true;
  }
}
