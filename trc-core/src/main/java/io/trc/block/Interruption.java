package io.trc.block;

import io.trc.TrcException;

/** Lets a thread that codes a long block be interrupted. */
final class Interruption {
  private Interruption() {}

  /** Throws if the calling thread was interrupted; the flag stays set for the caller. */
  static void check() throws TrcException {
    if (Thread.currentThread().isInterrupted()) {
      throw new TrcException("interrupted while coding a block");
    }
  }
}
