package io.trc.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlainTextTest {
  private static final int LENGTH = 1 << 18;

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(3).nextBytes(bytes);
    return bytes;
  }

  private static byte[] text(int length) {
    byte[] line =
        "Zwölf Boxkämpfer jagen Viktor quer über den Sylter Deich.\n"
            .getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = line[i % line.length];
    }
    return bytes;
  }

  private static boolean maybe(byte[] bytes) {
    return PlainText.maybe(bytes, 0, bytes.length);
  }

  @Test
  void noiseIsNone() {
    assertThat(maybe(noise(LENGTH))).isFalse();
    assertThat(maybe(noise(1000))).isFalse();
  }

  @Test
  void textMayBe() {
    assertThat(maybe(text(LENGTH))).isTrue();
    assertThat(maybe(text(1000))).isTrue();
    byte[] latin1 = "déjà vu, s'il vous plaît ".repeat(9000).getBytes(StandardCharsets.ISO_8859_1);
    assertThat(maybe(latin1)).isTrue();
  }

  @Test
  void textWithSomeNoiseInItMayBe() {
    byte[] bytes = text(LENGTH);
    System.arraycopy(noise(LENGTH / 6), 0, bytes, LENGTH / 2, LENGTH / 6);
    assertThat(maybe(bytes)).isTrue();
  }

  @Test
  void noiseBetweenTheBytesThatArePeekedAtIsSeen() {
    // Text wherever a piece is looked at first, noise between them: all of it has to be read.
    byte[] bytes = noise(LENGTH);
    byte[] text = text(LENGTH);
    for (int i = 0; i < LENGTH; i += LENGTH / 31) {
      int from = Math.max(0, i - 300);
      int length = Math.min(600, LENGTH - from);
      System.arraycopy(text, from, bytes, from, length);
    }
    assertThat(maybe(bytes)).isFalse();
  }

  @Test
  void zerosInLongRunsDoNotCount() {
    byte[] bytes = new byte[LENGTH];
    assertThat(maybe(bytes)).isFalse();
    System.arraycopy(text(600), 0, bytes, LENGTH / 2, 600);
    assertThat(maybe(bytes)).isTrue();
    Arrays.fill(bytes, 0, LENGTH / 2, (byte) 1);
    assertThat(maybe(bytes)).isFalse();
  }
}
