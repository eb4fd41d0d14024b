package io.trc.mix;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionModelTest {
  private static byte[] prose(int from, int length) throws IOException {
    try (InputStream in = DecisionModelTest.class.getResourceAsStream("/io/trc/lord-jim.txt")) {
      in.skipNBytes(from);
      return in.readNBytes(length);
    }
  }

  private static void note(CRC32C seen, int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += 8) {
      seen.update(value >> shift);
    }
  }

  /** Learns plain bytes; returns a checksum of all that was predicted, and the bits it took. */
  private static double[] learn(DecisionModel model, byte[] text) {
    CRC32C seen = new CRC32C();
    double bits = 0;
    for (byte b : text) {
      model.beginToken(0, 0);
      model.beginByte();
      int led = (b & 0xff) | 256;
      for (int i = 7; i >= 0; i--) {
        int p = model.predict(led >> (i + 1), 0);
        int bit = (led >> i) & 1;
        note(seen, p);
        bits -= StrictMath.log((bit == 1 ? p : Tables.ONE - p) / (double) Tables.ONE);
        model.learn(bit);
      }
      model.endByte(b & 0xff);
      model.endToken(b & 0xff);
    }
    return new double[] {seen.getValue(), bits / StrictMath.log(2)};
  }

  @Test
  void aCopyGoesOnAsTheOriginalWouldAndApartFromIt() throws IOException {
    byte[] before = prose(0, 3_000);
    byte[] one = prose(3_000, 1_500);
    byte[] other = prose(9_000, 1_500);
    DecisionModel whole = new DecisionModel(false, 7, 10);
    learn(whole, before);
    final double[] expected = learn(whole, one);

    DecisionModel original = new DecisionModel(false, 7, 10);
    learn(original, before);
    DecisionModel first = new DecisionModel(original);
    DecisionModel second = new DecisionModel(original);
    learn(first, other);
    assertThat(learn(second, one)).isEqualTo(expected);
    assertThat(learn(new DecisionModel(original), one)).isEqualTo(expected);
    assertThat(learn(original, one)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, 8, 4.1", "6, 10, 3.2", "19, 17, 3.0", "24, 12, 3.1"})
  void anyNumberOfContextsAndAnyTableLearns(int count, int tableBits, double bitsOfByte)
      throws IOException {
    byte[] text = prose(0, 12_000);
    DecisionModel model = new DecisionModel(false, count, tableBits);
    assertThat(learn(model, text)[1]).isLessThan(bitsOfByte * text.length);
    ShippedState.load(new DecisionModel(false, count, tableBits));
    ShippedState.load(new DecisionModel(true, count, tableBits));
  }

  /** As {@code MixCoderTest} has it for a language model: made anew where FORMAT.md changes. */
  @ParameterizedTest
  @CsvSource({"11, 3537553566", "24, 1394490570"})
  void bytesArePredictedAsTheFormatSays(int contexts, long expected) throws IOException {
    DecisionModel model = new DecisionModel(false, contexts, 10);
    ShippedState.load(model);
    learn(model, Samples.table(40));
    assertThat((long) learn(model, prose(0, 3_000))[0]).isEqualTo(expected);
  }

  @Test
  void structureIsSeenByTheContextsForIt() {
    byte[] text = Samples.table(200);
    double plain = learn(new DecisionModel(false, 19, 12), text)[1];
    assertThat(learn(new DecisionModel(false, 24, 12), text)[1]).isLessThan(0.9 * plain);
  }

  @Test
  void aSmallModelTakesLittle() {
    assertThat(DecisionModel.memory(6, 8)).isLessThan(1_500_000);
    assertThat(DecisionModel.memory(19, 10)).isLessThan(6_000_000);
    assertThat(DecisionModel.memory(19, 14)).isBetween(30_000_000L, 60_000_000L);
    assertThat(Arrays.stream(new int[] {8, 10, 14}).mapToLong(b -> DecisionModel.memory(19, b)))
        .isSorted();
  }
}
