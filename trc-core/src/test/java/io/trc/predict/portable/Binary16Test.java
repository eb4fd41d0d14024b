package io.trc.predict.portable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Binary16Test {
  private static final int INFINITY = 0x7c00;

  /** The definition: fraction times a power of two. */
  private static float value(int bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    double magnitude =
        exponent == 0 ? fraction * 0x1p-24 : (0x400 + fraction) * Math.scalb(1.0, exponent - 25);
    return (float) ((bits & 0x8000) == 0 ? magnitude : -magnitude);
  }

  @Test
  void all65536HalvesHaveTheirValueAndComeBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Binary16.toFloat((short) bits);
      int magnitude = bits & 0x7fff;
      if (magnitude > INFINITY) {
        assertThat(value).isNaN();
        assertThat(Binary16.fromFloat(value) & 0x7fff).isGreaterThan(INFINITY);
        continue;
      }
      float infinity = bits < 0x8000 ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
      assertThat(value).isEqualTo(magnitude == INFINITY ? infinity : value(bits));
      assertThat(Binary16.fromFloat(value)).isEqualTo((short) bits);
    }
  }

  @Test
  void everyTieGoesToTheEvenHalfAndItsNeighboursToTheNearest() {
    for (int bits = 0; bits < INFINITY; bits++) {
      // Above the greatest half lies 65536, in whose place infinity stands.
      float upper = bits + 1 == INFINITY ? 65536f : value(bits + 1);
      float tie = (float) (((double) value(bits) + upper) / 2);
      checkRounding(tie, (bits & 1) == 0 ? bits : bits + 1);
      checkRounding(Math.nextDown(tie), bits);
      checkRounding(Math.nextUp(tie), bits + 1);
    }
  }

  private static void checkRounding(float value, int bits) {
    boolean right =
        Binary16.fromFloat(value) == (short) bits
            && Binary16.fromFloat(-value) == (short) (bits | 0x8000);
    if (bits != INFINITY) {
      right &=
          Binary16.round(value) == value(bits)
              && Binary16.shift(value) == value(bits)
              && Binary16.shift(-value) == -value(bits);
    }
    if (!right) {
      fail("%a", value);
    }
  }

  @Test
  void roundingThatVectorisesAgreesOnMillionsOfFloats() {
    int step = 997;
    int limit = Float.floatToRawIntBits(65520f);
    int bad = 0;
    for (int bits = 0; bits < limit; bits += step) {
      float value = Float.intBitsToFloat(bits);
      float expected = Binary16.roundAny(value);
      if (Binary16.shift(value) != expected
          || Binary16.shift(-value) != -expected
          || Binary16.round(-value) != -expected) {
        bad++;
      }
    }
    assertThat(bad).isZero();
  }

  @Test
  void anyFloatRoundsToAHalfOnceAndForAll() {
    SplittableRandom random = new SplittableRandom(16);
    for (int i = 0; i < 100_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (!Float.isNaN(value)) {
        float rounded = Binary16.roundAny(value);
        assertThat(Binary16.roundAny(rounded)).isEqualTo(rounded);
      }
    }
  }
}
