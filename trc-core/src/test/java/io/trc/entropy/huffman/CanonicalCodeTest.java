package io.trc.entropy.huffman;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CanonicalCodeTest {
  private final CanonicalCode code = new CanonicalCode();

  @Test
  void theTotalCostIsThatOfHuffmansOwnConstruction() {
    Random random = new Random(31);
    for (int round = 0; round < 500; round++) {
      int[] frequencies = random(random, 2 + random.nextInt(300));
      code.build(frequencies, frequencies.length);
      assertThat(cost(frequencies)).isEqualTo(costByPriorityQueue(frequencies));
    }
  }

  @Test
  void noPrefixCodeOfFewSymbolsIsCheaper() {
    Random random = new Random(32);
    for (int round = 0; round < 200; round++) {
      int[] frequencies = random(random, 2 + random.nextInt(4));
      code.build(frequencies, frequencies.length);
      assertThat(cost(frequencies)).isEqualTo(leastCost(frequencies, 0, 1.0));
    }
  }

  @Test
  void codesAreCompleteAndCountUpwardsByLengthAndSymbol() {
    Random random = new Random(33);
    for (int round = 0; round < 200; round++) {
      int[] frequencies = random(random, 2 + random.nextInt(200));
      code.build(frequencies, frequencies.length);
      int[] order = inOrder(frequencies.length);
      long next = 0;
      int length = code.lengthOf(order[0]);
      for (int symbol : order) {
        next <<= code.lengthOf(symbol) - length;
        length = code.lengthOf(symbol);
        assertThat(code.codeOf(symbol)).isEqualTo(next++);
      }
      assertThat(next).as("the last code is all ones").isEqualTo(1L << length);
    }
  }

  private int[] inOrder(int count) {
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Integer.compare(code.lengthOf(a), code.lengthOf(b)));
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  @Test
  void aMoreFrequentSymbolNeverHasALongerCode() {
    Random random = new Random(34);
    int[] frequencies = random(random, 100);
    code.build(frequencies, frequencies.length);
    for (int a = 0; a < frequencies.length; a++) {
      for (int b = 0; b < frequencies.length; b++) {
        boolean before =
            frequencies[a] > frequencies[b] || (frequencies[a] == frequencies[b] && a > b);
        assertThat(before && code.lengthOf(a) > code.lengthOf(b)).isFalse();
      }
    }
  }

  /** Merging 1 and 1 gives a node of weight 2; the leaves of weight 2 go before it. */
  @Test
  void ofEqualWeightsTheLeafIsMergedFirst() {
    code.build(new int[] {1, 1, 2, 2}, 4);
    assertThat(new int[] {code.lengthOf(0), code.lengthOf(1), code.lengthOf(2), code.lengthOf(3)})
        .containsExactly(2, 2, 2, 2);
  }

  @Test
  void theDeepestCodeFitsTheGreatestLength() {
    int[] fibonacci = new int[34];
    fibonacci[0] = 1;
    fibonacci[1] = 1;
    for (int i = 2; i < fibonacci.length; i++) {
      fibonacci[i] = fibonacci[i - 1] + fibonacci[i - 2];
    }
    code.build(fibonacci, fibonacci.length);
    assertThat(code.lengthOf(0)).isEqualTo(33).isLessThanOrEqualTo(CanonicalCode.MAX_LENGTH);
  }

  @Test
  void aCodeDoesNotDependOnTheOneBuiltBefore() {
    Random random = new Random(35);
    for (int round = 0; round < 100; round++) {
      int[] frequencies = random(random, 1 + random.nextInt(100));
      code.build(frequencies, frequencies.length);
      CanonicalCode fresh = new CanonicalCode();
      fresh.build(frequencies, frequencies.length);
      for (int symbol = 0; symbol < frequencies.length; symbol++) {
        assertThat(code.codeOf(symbol)).isEqualTo(fresh.codeOf(symbol));
        assertThat(code.lengthOf(symbol)).isEqualTo(fresh.lengthOf(symbol));
      }
    }
  }

  private static int[] random(Random random, int count) {
    int bits = random.nextInt(15);
    return random.ints(count, 1, 2 + (1 << bits)).toArray();
  }

  private long cost(int[] frequencies) {
    long cost = 0;
    for (int symbol = 0; symbol < frequencies.length; symbol++) {
      cost += (long) frequencies[symbol] * code.lengthOf(symbol);
    }
    return cost;
  }

  /** The sum of all merged weights is the cost. */
  private static long costByPriorityQueue(int[] frequencies) {
    PriorityQueue<Long> queue = new PriorityQueue<>();
    for (int frequency : frequencies) {
      queue.add((long) frequency);
    }
    long cost = 0;
    while (queue.size() > 1) {
      long merged = queue.remove() + queue.remove();
      cost += merged;
      queue.add(merged);
    }
    return cost;
  }

  /** Tries all lengths that Kraft's inequality allows. */
  private static long leastCost(int[] frequencies, int symbol, double space) {
    if (symbol == frequencies.length) {
      return 0;
    }
    long least = Long.MAX_VALUE;
    for (int length = 1; length < frequencies.length; length++) {
      double left = space - Math.scalb(1.0, -length);
      if (left >= 0) {
        long rest = leastCost(frequencies, symbol + 1, left);
        if (rest < Long.MAX_VALUE) {
          least = Math.min(least, (long) frequencies[symbol] * length + rest);
        }
      }
    }
    return least;
  }
}
