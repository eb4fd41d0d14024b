package io.trc.predict;

import io.trc.TrcException;
import io.trc.TrcModelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A few fixed tokens, evaluated when a model is loaded, whose logits tell how the engine computes
 * here: two engines whose fingerprints agree compute the same logits, as far as a short text can
 * show.
 *
 * <pre>{@code
 * Numerics numerics = Canary.measure(model::openLanes, vocabulary.size(), NumericsProfile.NATIVE);
 * }</pre>
 *
 * <p>The tokens are {@value #LENGTH} values of the generator {@code x = x * 1664525 + 1013904223
 * (mod 2^32)} from x = 1, each scaled to the vocabulary by {@code (x * size) >> 32}. The window is
 * {@value #WINDOW}, so that it slides once. Their evaluation costs about 100 tokens' time.
 */
public final class Canary {
  /** The number of tokens. */
  public static final int LENGTH = 24;

  /** The window that they are evaluated in. */
  public static final int WINDOW = 16;

  private static final int MULTIPLIER = 1664525;
  private static final int INCREMENT = 1013904223;

  /** Opens lanes of the model to be measured, as {@link LanguageModel#openLanes} does. */
  @FunctionalInterface
  public interface LaneOpener {
    /** Opens lanes, which the canary closes. */
    Lanes open(int lanes, int window, int maxSteps) throws TrcException;
  }

  private Canary() {}

  /**
   * Measures the numerics of a model: the fingerprint is CRC32C over the logits of one lane that
   * goes token by token, all columns, as little-endian floats; they are shape-invariant if a lane
   * that goes in batches, and a lane beside another one, give the same bits.
   *
   * @param vocabularySize the number of tokens, at least 1
   * @param profile the arithmetic that the engine promises
   * @throws TrcModelException if a logit is infinite or not a number
   * @throws TrcException if the engine fails
   */
  public static Numerics measure(LaneOpener opener, int vocabularySize, NumericsProfile profile)
      throws TrcException {
    int[] tokens = tokens(vocabularySize);
    float[][] single = evaluate(opener, tokens, vocabularySize, 1, 1);
    checkFinite(single);
    boolean invariant =
        same(single, evaluate(opener, tokens, vocabularySize, 1, WINDOW))
            && same(single, evaluate(opener, tokens, vocabularySize, 2, 1))
            && same(single, evaluate(opener, tokens, vocabularySize, 2, WINDOW));
    return new Numerics(profile, fingerprint(single), invariant);
  }

  /** The tokens of the canary for a vocabulary of that size. */
  static int[] tokens(int vocabularySize) {
    int[] tokens = new int[LENGTH];
    int x = 1;
    for (int i = 0; i < LENGTH; i++) {
      x = x * MULTIPLIER + INCREMENT;
      tokens[i] = (int) ((Integer.toUnsignedLong(x) * vocabularySize) >>> 32);
    }
    return tokens;
  }

  /** The logits of lane 0; the other lanes hold the same tokens, each one step further on. */
  private static float[][] evaluate(
      LaneOpener opener, int[] tokens, int vocabularySize, int lanes, int maxSteps)
      throws TrcException {
    int[] columns = new int[LENGTH * lanes];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = tokens[(i / lanes + i % lanes) % LENGTH];
    }
    float[][] logits = new float[LENGTH][vocabularySize];
    try (Lanes opened = opener.open(lanes, WINDOW, maxSteps)) {
      SlidingWindow window = new SlidingWindow(opened);
      for (int step = 0; step < LENGTH; ) {
        int taken = window.advance(columns, step * lanes, LENGTH - step);
        for (int s = 0; s < taken; s++) {
          opened.logits(s * lanes, logits[step + s]);
        }
        step += taken;
      }
    }
    return logits;
  }

  private static void checkFinite(float[][] logits) throws TrcModelException {
    for (float[] column : logits) {
      for (float logit : column) {
        if (!Float.isFinite(logit)) {
          throw new TrcModelException(
              "the model's weights are damaged: it computes a logit of " + logit);
        }
      }
    }
  }

  private static boolean same(float[][] a, float[][] b) {
    for (int i = 0; i < a.length; i++) {
      if (!Arrays.equals(bits(a[i]), bits(b[i]))) {
        return false;
      }
    }
    return true;
  }

  private static int fingerprint(float[][] logits) {
    CRC32C crc = new CRC32C();
    for (float[] column : logits) {
      crc.update(bits(column));
    }
    return (int) crc.getValue();
  }

  private static byte[] bits(float[] column) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * column.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(column);
    return bytes.array();
  }
}
