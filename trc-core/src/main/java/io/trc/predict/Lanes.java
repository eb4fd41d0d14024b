package io.trc.predict;

import io.trc.TrcException;
import java.util.Objects;

/**
 * One or more contexts evaluated side by side, which start, slide and end together. That they march
 * in step is what keeps their logits, bit for bit, those of a lane that is alone.
 *
 * <p>Confined to one thread at a time.
 */
public interface Lanes extends AutoCloseable {
  /** The greatest number of lanes that may be opened at once. */
  int MAX_LANES = 32;

  /** The least window, in tokens. */
  int MIN_WINDOW = 16;

  /** The greatest window of any engine, in tokens. */
  int MAX_WINDOW = 1 << 16;

  /** The greatest number of steps that any engine evaluates at once. */
  int MAX_STEPS = 512;

  /** Throws unless {@link LanguageModel#openLanes} may be asked for such lanes. */
  static void check(int lanes, int window, int maxSteps) {
    if (lanes < 1 || lanes > MAX_LANES) {
      throw new IllegalArgumentException(lanes + " lanes are not 1 to " + MAX_LANES);
    }
    if (window < MIN_WINDOW || window > MAX_WINDOW || Integer.bitCount(window) != 1) {
      throw new IllegalArgumentException(
          "a window of " + window + " is no power of two from " + MIN_WINDOW + " to " + MAX_WINDOW);
    }
    if (maxSteps < 1 || maxSteps > MAX_STEPS) {
      throw new IllegalArgumentException(maxSteps + " steps are not 1 to " + MAX_STEPS);
    }
  }

  /**
   * The columns of a call of {@link #evaluate}, after checking its arguments.
   *
   * @param vocabulary the number of tokens of the model
   * @throws IllegalArgumentException as {@link #evaluate} does
   */
  static int checkTokens(Lanes lanes, int[] tokens, int offset, int steps, int vocabulary) {
    int most = Math.min(lanes.maxSteps(), lanes.window() - lanes.length());
    if (steps < 1 || steps > most) {
      throw new IllegalArgumentException(steps + " steps are not 1 to " + most);
    }
    int width = steps * lanes.count();
    Objects.checkFromIndexSize(offset, width, tokens.length);
    for (int i = offset; i < offset + width; i++) {
      if (tokens[i] < 0 || tokens[i] >= vocabulary) {
        throw new IllegalArgumentException(
            "token " + tokens[i] + " is not 0 to " + (vocabulary - 1));
      }
    }
    return width;
  }

  /** Throws unless there are logits for a column and room for them. */
  static void checkLogits(int column, int columns, float[] target, int vocabulary) {
    if (column < 0 || column >= columns) {
      throw new IllegalArgumentException("column " + column + " is not 0 to " + (columns - 1));
    }
    if (target.length < vocabulary) {
      throw new IllegalArgumentException(
          "room for " + target.length + " logits, not for " + vocabulary + " of them");
    }
  }

  /** The number of lanes. */
  int count();

  /** The greatest number of tokens that a lane holds. */
  int window();

  /** The greatest number of steps that one call evaluates. */
  int maxSteps();

  /** The number of tokens that each lane holds now. */
  int length();

  /**
   * Appends {@code steps} tokens to every lane and computes the logits after each of them.
   *
   * @param tokens step by step: the token of lane {@code l} at step {@code s} is {@code
   *     tokens[offset + s * count() + l]}
   * @param steps 1 to {@link #maxSteps}; {@code length() + steps} must not exceed {@link #window}
   * @throws IllegalArgumentException if a token is not of the vocabulary or the steps do not fit
   * @throws TrcException if the engine fails
   */
  void evaluate(int[] tokens, int offset, int steps) throws TrcException;

  /**
   * Copies the logits that the last call of {@link #evaluate} computed after column {@code s *
   * count() + l}, one for each token of the vocabulary.
   */
  void logits(int column, float[] target);

  /**
   * Forgets {@code tokens} of every lane from a position on; those after them move down, keeping
   * what they know of the forgotten ones.
   *
   * @param from the position of the first one to forget
   * @param tokens how many; {@code from + tokens} must not exceed {@link #length}
   */
  void drop(int from, int tokens) throws TrcException;

  /** Forgets all tokens of all lanes. */
  void clear();

  /** Frees the memory. Closing twice does nothing. */
  @Override
  void close();
}
