package io.trc.predict;

import io.trc.TrcException;

/**
 * The window policy of the format: lanes fill up to the window; before the next token they drop
 * their older half. Batches never cross that point, so that the encoder's large batches and the
 * decoder's single steps put every token into the same cell.
 */
public final class SlidingWindow {
  private final Lanes lanes;

  /** Slides the given lanes, which must be used through this object only. */
  public SlidingWindow(Lanes lanes) {
    this.lanes = lanes;
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
      lanes.dropOldest(lanes.window() / 2);
    }
    int taken = Math.min(Math.min(steps, lanes.maxSteps()), lanes.window() - lanes.length());
    lanes.evaluate(tokens, offset, taken);
    return taken;
  }
}
