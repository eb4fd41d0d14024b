package io.trc.predict.portable;

import static org.assertj.core.api.Assertions.fail;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SoftFmaTest {
  private static final int ROUNDS = 200_000;

  private final SplittableRandom random = new SplittableRandom(5);

  @Test
  void anyFloatsGiveWhatTheJdkGives() {
    for (int i = 0; i < ROUNDS; i++) {
      check(anyFloat(), anyFloat(), anyFloat());
    }
  }

  @Test
  void sumsThatCancelGiveWhatTheJdkGives() {
    for (int i = 0; i < ROUNDS; i++) {
      float a = (float) random.nextDouble(-2, 2);
      float b = (float) random.nextDouble(-2, 2);
      float c = -a * b;
      int change = random.nextInt(-2, 3);
      check(a, b, Float.intBitsToFloat(Float.floatToRawIntBits(c) + change));
      check(a, b, c * 0x1p-24f);
      check(a, b, c * 0x1p24f);
    }
  }

  @Test
  void tiesBrokenByATinyAddendGiveWhatTheJdkGives() {
    float tie = 1 + 0x1p-12f;
    for (float tiny : new float[] {0f, 0x1p-140f, -0x1p-140f, 0x1p-60f, -0x1p-60f}) {
      check(tie, tie, tiny);
      check(-tie, tie, tiny);
      check(0x1p-75f, 0x1p-74f, tiny);
    }
  }

  @Test
  void doublesOfOrdinarySizeGiveWhatTheJdkGives() {
    for (int i = 0; i < ROUNDS; i++) {
      double a = scaled();
      double b = scaled();
      check(a, b, scaled());
      check(a, b, -a * b);
      check(a, b, -a * b * (1 + 0x1p-52 * random.nextInt(-3, 4)));
      check(a, b, Math.scalb(-a * b, -53));
    }
  }

  private float anyFloat() {
    return Float.intBitsToFloat(random.nextInt());
  }

  private double scaled() {
    return Math.scalb(random.nextDouble(-2, 2), random.nextInt(-60, 60));
  }

  private static void check(float a, float b, float c) {
    float expected = Math.fma(a, b, c);
    // An assertion object for each of a million sums would take seconds.
    if (Float.compare(SoftFma.fma(a, b, c), expected) != 0) {
      fail("%a * %a + %a", a, b, c);
    }
  }

  private static void check(double a, double b, double c) {
    double expected = Math.fma(a, b, c);
    if (SoftFma.fma(a, b, c) != expected) {
      fail("%a * %a + %a", a, b, c);
    }
  }
}
