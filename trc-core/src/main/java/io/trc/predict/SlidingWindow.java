package io.trc.predict;

import io.trc.TrcException;

/**
 * The window policy of the format. A trained transformer rests its spare attention on the first
 * tokens it sees, so these stay: of the window's <em>w</em> cells the first {@value #KEPT} are kept
 * for the whole block. The others are {@value #PARTS} parts of <em>w</em>/4 - 1 cells. They fill in
 * order; when all are full and another token comes, the oldest part is dropped, the younger tokens
 * move down in position by as many, and new ones fill just the cells that were freed.
 *
 * <p>Batches never cross the end of a part, so that the encoder's large batches and the decoder's
 * single steps put every token into the same cell.
 *
 * <p>Source of the kept tokens: G. Xiao and others, Efficient Streaming Language Models with
 * Attention Sinks, 2023.
 */
public final class SlidingWindow {
  /** The tokens that stay. */
  static final int KEPT = 4;

  /** The parts of which the oldest goes. */
  static final int PARTS = 4;

  private final Lanes lanes;
  private final int part;

  /** Slides the given lanes, which must be used through this object only. */
  public SlidingWindow(Lanes lanes) {
    this.lanes = lanes;
    this.part = part(lanes.window());
  }

  /** The number of tokens that a window of this size drops at once. */
  public static int part(int window) {
    return (window - KEPT) / PARTS;
  }

  /** The lanes beneath. */
  public Lanes lanes() {
    return lanes;
  }

  /** Forgets everything, for the next block. */
  public void clear() {
    lanes.clear();
  }

  /**
   * Appends up to {@code steps} tokens to every lane, as many as one batch can take, sliding first
   * where the window is full. The logits are then read from {@link #lanes}.
   *
   * @return the number of steps taken, at least 1
   */
  public int advance(int[] tokens, int offset, int steps) throws TrcException {
    if (lanes.length() == lanes.window()) {
      lanes.drop(KEPT, part);
    }
    int taken = Math.min(Math.min(steps, lanes.maxSteps()), untilPartEnds());
    lanes.evaluate(tokens, offset, taken);
    return taken;
  }

  private int untilPartEnds() {
    int partsBefore = Math.max(0, lanes.length() - KEPT) / part;
    return KEPT + (partsBefore + 1) * part - lanes.length();
  }
}
