package io.trc.predict.kernels;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.trc.TrcEngineException;
import io.trc.predict.Lanes;
import java.lang.ref.Cleaner;
import java.util.Objects;

/** Lanes in native memory. */
final class KernelsLanes implements Lanes {
  private static final Cleaner CLEANER = Cleaner.create();

  private final Pointer pointer;
  private final Cleaner.Cleanable cleanable;
  private final int vocabulary;
  private final int count;
  private final int window;
  private final int maxSteps;
  private final Memory held;
  private int length;
  private int columns;
  private boolean failed;
  private boolean closed;

  /** What is left to do when lanes are closed or forgotten. */
  private record Release(Pointer pointer, KernelsWeights weights) implements Runnable {
    @Override
    public void run() {
      KernelsApi.trc_lanes_close(pointer);
      weights.release();
    }
  }

  /** Opens lanes of a model, which the caller has retained for them. */
  KernelsLanes(KernelsWeights weights, int vocabulary, int lanes, int window, int maxSteps)
      throws TrcEngineException {
    this.vocabulary = vocabulary;
    this.count = lanes;
    this.window = window;
    this.maxSteps = maxSteps;
    held = new Memory(4L * lanes * maxSteps);
    Memory result = new Memory(Native.POINTER_SIZE);
    int code = KernelsApi.trc_lanes_open(weights.pointer(), lanes, window, maxSteps, result);
    if (code != 0) {
      throw new TrcEngineException(
          "the kernels cannot open "
              + lanes
              + " lanes of "
              + window
              + " tokens, code "
              + code
              + (code == KernelsApi.ERROR_MEMORY ? ": there is too little memory" : ""));
    }
    pointer = result.getPointer(0);
    cleanable = CLEANER.register(this, new Release(pointer, weights));
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public int window() {
    return window;
  }

  @Override
  public int maxSteps() {
    return maxSteps;
  }

  @Override
  public synchronized int length() {
    return length;
  }

  // The methods that call native code are synchronized so that close() cannot overtake them, and so
  // that the cleaner cannot: an object whose lock is held is reachable.

  @Override
  public synchronized void evaluate(int[] tokens, int offset, int steps) throws TrcEngineException {
    checkUsable();
    int width = Lanes.checkTokens(this, tokens, offset, steps, vocabulary);
    held.write(0, tokens, offset, width);
    columns = 0;
    check(KernelsApi.trc_lanes_evaluate(pointer, held, width, steps));
    length += steps;
    columns = width;
  }

  @Override
  public synchronized void logits(int column, float[] target) {
    checkUsable();
    Lanes.checkLogits(column, columns, target, vocabulary);
    Pointer row = KernelsApi.trc_lanes_logits(pointer, column);
    if (row == null) {
      throw new IllegalStateException("the kernels computed no logits");
    }
    row.read(0, target, 0, vocabulary);
  }

  @Override
  public synchronized void drop(int from, int tokens) throws TrcEngineException {
    checkUsable();
    Objects.checkFromIndexSize(from, tokens, length);
    check(KernelsApi.trc_lanes_drop(pointer, from, tokens));
    length -= tokens;
  }

  private void check(int code) throws TrcEngineException {
    if (code != 0) {
      failed = true;
      throw new TrcEngineException("the kernels cannot evaluate these tokens, code " + code);
    }
  }

  @Override
  public synchronized void clear() {
    if (closed) {
      throw new IllegalStateException("the lanes are closed");
    }
    KernelsApi.trc_lanes_clear(pointer);
    length = 0;
    failed = false;
  }

  private void checkUsable() {
    if (closed) {
      throw new IllegalStateException("the lanes are closed");
    }
    if (failed) {
      throw new IllegalStateException("the lanes have failed; clear them first");
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      cleanable.clean();
    }
  }
}
