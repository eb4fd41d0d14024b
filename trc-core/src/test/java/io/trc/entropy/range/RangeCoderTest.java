package io.trc.entropy.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.TrcCorruptedException;
import io.trc.entropy.EntropyCoderTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RangeCoderTest extends EntropyCoderTest {
  RangeCoderTest() {
    super(new RangeCoder());
  }

  @Test
  void theCodeIsWithinAThousandthOfTheEntropy() {
    Random random = new Random(21);
    for (double skew : new double[] {0, 0.2, 0.5, 1, 3}) {
      double ideal = 0;
      List<Item> items = new ArrayList<>();
      for (int i = 0; i < 4000; i++) {
        int[] frequencies = frequencies(random, 40, 1 << 24, skew);
        int symbol = draw(random, frequencies);
        items.add(symbol(frequencies, symbol));
        ideal -= Math.log(frequencies[symbol] / (double) Arrays.stream(frequencies).sum());
      }
      ideal /= 8 * Math.log(2);
      assertThat((double) encode(items).length).isBetween(ideal, ideal * 1.001 + 1);
    }
  }

  @Test
  void binaryDecisionsComeBackAndCostWhatTheirProbabilitySays() throws TrcCorruptedException {
    Random random = new Random(22);
    int total = 1 << 22;
    int count = 20_000;
    int[] frequencies = new int[count];
    boolean[] decisions = new boolean[count];
    RangeEncoder encoder = new RangeCoder().newEncoder();
    double ideal = 0;
    for (int i = 0; i < count; i++) {
      int extreme = random.nextInt(4) == 0 ? 1 : total - 1;
      frequencies[i] = i % 3 == 0 ? extreme : 1 + random.nextInt(total - 1);
      decisions[i] = random.nextInt(total) < frequencies[i];
      encoder.encodeDecision(decisions[i], frequencies[i], total);
      int paid = decisions[i] ? frequencies[i] : total - frequencies[i];
      ideal -= Math.log((double) paid / total) / Math.log(2) / 8;
    }
    byte[] code = encoder.finish();
    assertThat((double) code.length).isBetween(ideal, ideal * 1.001 + 1);
    RangeDecoder decoder = new RangeCoder().newDecoder(code);
    for (int i = 0; i < count; i++) {
      assertThat(decoder.decodeDecision(frequencies[i], total)).isEqualTo(decisions[i]);
    }
    decoder.finish();
  }

  @Test
  void aDecisionIsTheFirstOrTheSecondOfTwoSymbols() throws TrcCorruptedException {
    RangeEncoder decisions = new RangeCoder().newEncoder();
    RangeEncoder symbols = new RangeCoder().newEncoder();
    for (int i = 1; i < 200; i++) {
      decisions.encodeDecision(i % 3 == 0, i, 200);
      symbols.encode(new int[] {i, 200 - i}, 2, i % 3 == 0 ? 0 : 1);
    }
    assertThat(decisions.finish()).isEqualTo(symbols.finish());
  }

  @Test
  void decisionsThatAreCertainAreRefused() {
    RangeEncoder encoder = new RangeCoder().newEncoder();
    for (int frequency : new int[] {0, 8, -1}) {
      assertThatThrownBy(() -> encoder.encodeDecision(true, frequency, 8))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> encoder.encodeDecision(true, 1, (1 << 24) + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Worked by hand: 2^48 / 4 = 2^46; the third quarter is [0x80.., 0xC0..). */
  @Test
  void theShortestNumberOfTheIntervalIsWritten() {
    assertThat(encode(List.of(symbol(new int[] {1, 1, 1, 1}, 0)))).isEmpty();
    assertThat(encode(List.of(symbol(new int[] {1, 1, 1, 1}, 2)))).containsExactly(0x80);
    assertThat(encode(List.of(uniform(1, 3)))).containsExactly(0x56);
    assertThat(encode(List.of(uniform(0x123, 1 << 12)))).containsExactly(0x12, 0x30);
  }

  /** The interval narrows around one half: 0x7FFF... is written before it is left upwards. */
  @Test
  void aCarryRunsThroughTheBytesAlreadyWritten() {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      items.add(symbol(new int[] {1, 2, 1}, 1));
    }
    items.add(symbol(new int[] {1, 1}, 0));
    items.add(symbol(new int[] {1, 1}, 1));
    assertThat(encode(items.subList(0, 100))).containsExactly(0x80);
    assertThat(encode(items.subList(0, 101))).startsWith(0x7F, 0xFF, 0xFF);
    items.set(100, symbol(new int[] {1, 1}, 1));
    assertThat(encode(items)).startsWith(0x80, 0, 0);
  }
}
