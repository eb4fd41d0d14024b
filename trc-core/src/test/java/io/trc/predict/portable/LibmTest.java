package io.trc.predict.portable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against glibc's own results; see README.md beside libm.c. */
class LibmTest {
  private static final int STEP = 4099;

  private long hash;

  private void add(float value) {
    hash = (hash ^ Integer.toUnsignedLong(Float.floatToRawIntBits(value))) * 0x100000001b3L;
  }

  @Test
  void exponentialsOfAMillionFloatsAreThoseOfGlibc() {
    for (long bits = 0; bits < 1L << 32; bits += STEP) {
      float x = Float.intBitsToFloat((int) bits);
      if (!Float.isNaN(x)) {
        add(Libm.expf(x));
      }
    }
    assertThat(hash).isEqualTo(0x21bc27bdea8bacd4L);
  }

  @Test
  void cosinesAndSinesOfAMillionFloatsAreThoseOfGlibc() {
    float[] pair = new float[2];
    for (long bits = 0; bits < 1L << 32; bits += STEP) {
      float x = Float.intBitsToFloat((int) bits);
      if (Float.isFinite(x)) {
        Libm.cosSin(x, pair, 0);
        add(pair[0]);
        add(pair[1]);
      }
    }
    assertThat(hash).isEqualTo(0xdef7b7451bacaa7bL);
  }

  @Test
  void powersOfRopeBasesAreThoseOfGlibc() {
    for (int bits = 0x3f800000; bits < 0x4e6e6b28; bits += 200_003) {
      for (int size = 2; size <= 256; size += 2) {
        add(Libm.powf(Float.intBitsToFloat(bits), -2.0f / size));
      }
    }
    assertThat(hash).isEqualTo(0x81273f1deee89144L);
  }

  @ParameterizedTest
  @CsvSource({
    "-1.0, 0x1.78b564p-2",
    "-0.1, 0x1.cf46dap-1",
    "-17.25, 0x1.14f49ep-25",
    "-87.5, 0x1.b2cafp-127",
    "1.5, 0x1.1ed3fep+2",
    "0, 1",
    "-Infinity, 0",
    "Infinity, Infinity",
    "100, Infinity",
    "-200, 0"
  })
  void exponentialsAreKnown(float x, String expected) {
    assertThat(Libm.expf(x)).isEqualTo(Float.parseFloat(expected));
  }

  @Test
  void powersOutOfRangeAreRefused() {
    assertThat(Libm.powf(10_000f, -1f / 32)).isEqualTo(0x1.7ff222p-1f);
    assertThatThrownBy(() -> Libm.powf(-1f, 2f)).isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> Libm.powf(1e30f, 10f)).isInstanceOf(ArithmeticException.class);
  }
}
