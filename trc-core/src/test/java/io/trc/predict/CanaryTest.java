package io.trc.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.trc.TrcException;
import io.trc.TrcModelException;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class CanaryTest {
  private static final int SIZE = 50;

  /** Lanes whose logits are the tokens they hold, oldest first, and something added. */
  private static final class EchoLanes implements Lanes {
    private final int count;
    private final int window;
    private final int maxSteps;
    private final float batchError;
    private final float laneError;
    private final float error;
    private final int[] held;
    private int length;
    private int steps;

    EchoLanes(int count, int window, int maxSteps, float batchError, float laneError, float error) {
      this.error = error;
      this.count = count;
      this.window = window;
      this.maxSteps = maxSteps;
      this.batchError = batchError;
      this.laneError = laneError;
      this.held = new int[window * count];
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
    public int length() {
      return length;
    }

    @Override
    public void evaluate(int[] tokens, int offset, int taken) {
      System.arraycopy(tokens, offset, held, length * count, taken * count);
      length += taken;
      steps = taken;
    }

    @Override
    public void logits(int column, float[] target) {
      int last = length - steps + column / count;
      for (int i = 0; i < SIZE; i++) {
        target[i] = i <= last && i < window ? held[i * count + column % count] : -1;
      }
      target[SIZE - 1] = error + (steps > 1 ? batchError : 0) + (count > 1 ? laneError : 0);
    }

    @Override
    public void drop(int from, int tokens) {
      int after = from + tokens;
      System.arraycopy(held, after * count, held, from * count, (length - after) * count);
      length -= tokens;
    }

    @Override
    public void clear() {
      length = 0;
    }

    @Override
    public void close() {}
  }

  private static Numerics measure(float batchError, float laneError) throws TrcException {
    return Canary.measure(
        (lanes, window, maxSteps) ->
            new EchoLanes(lanes, window, maxSteps, batchError, laneError, 0),
        SIZE,
        NumericsProfile.NATIVE);
  }

  @Test
  void findsAnEngineThatGivesTheSameLogitsInAnyShape() throws Exception {
    assertThat(measure(0, 0).shapeInvariant()).isTrue();
  }

  @Test
  void findsTheLastBitThatDiffersInABatchOrBesideAnotherLane() throws Exception {
    assertThat(measure(Float.MIN_VALUE, 0).shapeInvariant()).isFalse();
    assertThat(measure(0, Float.MIN_VALUE).shapeInvariant()).isFalse();
    assertThat(measure(1, 1).fingerprint()).isEqualTo(measure(0, 0).fingerprint());
  }

  @Test
  void takesTheFingerprintOfTheLogitsOfOneLaneTokenByToken() throws Exception {
    int[] tokens = Canary.tokens(SIZE);
    CRC32C crc = new CRC32C();
    EchoLanes lanes = new EchoLanes(1, Canary.WINDOW, 1, 0, 0, 0);
    SlidingWindow window = new SlidingWindow(lanes);
    float[] logits = new float[SIZE];
    for (int i = 0; i < tokens.length; i++) {
      assertThat(window.advance(tokens, i, 1)).isEqualTo(1);
      lanes.logits(0, logits);
      for (float logit : logits) {
        int bits = Float.floatToRawIntBits(logit);
        for (int shift = 0; shift < 32; shift += 8) {
          crc.update(bits >>> shift);
        }
      }
    }
    assertThat(measure(0, 0).fingerprint()).isEqualTo((int) crc.getValue());
  }

  @Test
  void saysThatWeightsAreDamagedIfALogitIsNoNumber() {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatExceptionOfType(TrcModelException.class)
          .isThrownBy(
              () ->
                  Canary.measure(
                      (lanes, window, maxSteps) ->
                          new EchoLanes(lanes, window, maxSteps, 0, 0, value),
                      SIZE,
                      NumericsProfile.NATIVE))
          .withMessageContaining(String.valueOf(value));
    }
  }

  @Test
  void usesTokensOfTheVocabularyOnly() {
    for (int size : new int[] {1, 2, 320, 8192, 262_144, Integer.MAX_VALUE}) {
      int[] tokens = Canary.tokens(size);
      assertThat(tokens).hasSize(Canary.LENGTH);
      assertThat(Arrays.stream(tokens)).allMatch(token -> token >= 0 && token < size);
    }
    assertThat(Canary.tokens(8192)).startsWith(1937, 3025, 4130);
  }
}
