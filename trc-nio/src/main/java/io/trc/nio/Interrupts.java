package io.trc.nio;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** What interrupting a thread does to the files that it reads and writes. */
final class Interrupts {
  private Interrupts() {}

  /** A step without a result. */
  interface Step {
    void run() throws IOException;
  }

  /**
   * Runs a step that fails, however it is told, when the thread is or gets interrupted. The
   * thread's flag stays set.
   *
   * @throws ClosedByInterruptException if that happened
   */
  static <T> T in(Failures.Step<T> step) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new ClosedByInterruptException();
    }
    try {
      return step.run();
    } catch (IOException e) {
      if (!Thread.currentThread().isInterrupted() || e instanceof ClosedByInterruptException) {
        throw e;
      }
      ClosedByInterruptException told = new ClosedByInterruptException();
      told.initCause(e);
      throw told;
    }
  }

  /**
   * Runs a step as if the thread had not been interrupted before: what is written whole is kept,
   * also by a thread that was told to end.
   */
  static void deferred(Step step) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      step.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
