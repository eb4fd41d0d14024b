package io.trc.text;

import java.io.InterruptedIOException;

/** Lets a thread that codes a long text be interrupted. */
public final class Interruption {
  private Interruption() {}

  /** Throws if the calling thread was interrupted; the flag stays set for the caller. */
  public static void check() throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted while coding a block");
    }
  }
}
