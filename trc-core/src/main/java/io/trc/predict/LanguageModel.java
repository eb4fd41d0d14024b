package io.trc.predict;

import io.trc.TrcException;
import java.io.IOException;

/**
 * A model that predicts tokens, evaluated by some engine. Safe for use by several threads; its
 * {@link Lanes} are not.
 */
public interface LanguageModel extends AutoCloseable {
  /** The tokens that the model knows. */
  Vocabulary vocabulary();

  /** The arithmetic by which it computes logits here. */
  Numerics numerics();

  /** The engine, for people: for example {@code "llama.cpp b4916 (native)"}. */
  String engine();

  /** The context window, in tokens, that the model was trained for. */
  int trainedWindow();

  /**
   * Opens lanes: {@code lanes} texts evaluated side by side by the calling thread.
   *
   * @param lanes 1 to {@link Lanes#MAX_LANES}; must be 1 if the numerics are not shape-invariant
   * @param window the greatest number of tokens that a lane holds; a power of two, 16 to 65536
   * @param maxSteps the greatest number of steps that one call evaluates, 1 to 512
   * @throws TrcException if there is not enough memory, or the engine refuses
   * @throws java.io.InterruptedIOException if the thread is interrupted while it waits for lanes
   */
  Lanes openLanes(int lanes, int window, int maxSteps) throws IOException;

  /**
   * How many texts a thread does well to evaluate side by side, one token at a time, if there is
   * memory for them: lanes share the way through the weights, but each has a cache of its own, and
   * what that costs depends on the engine.
   */
  default int usefulLanes() {
    return 1;
  }

  /** The memory in bytes that such lanes take, native memory included; an upper estimate. */
  long lanesMemory(int lanes, int window, int maxSteps);

  /** The memory in bytes that the model itself takes. */
  long modelMemory();

  /** Frees the model, once all of its lanes are closed. Closing twice does nothing. */
  @Override
  void close();
}
