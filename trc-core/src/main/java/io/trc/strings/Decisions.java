package io.trc.strings;

import io.trc.TrcCorruptedException;

/** What becomes of decisions: they are written, or read. */
interface Decisions {
  /**
   * Takes a decision.
   *
   * @param outcome what is written; what is read does not depend on it
   * @param probability of 1, in 22 bits
   * @return the outcome that was written or read
   */
  int take(int outcome, int probability) throws TrcCorruptedException;
}
