package io.trc.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TokenDistributionTest {
  /** The hash on every JVM and CPU; a change of it is a change of the format. */
  private static final String GOLDEN = "cbe4d924";

  private static void assertConsistent(TokenDistribution distribution, int tokens) {
    long total = 0;
    long members = 0;
    assertThat(Arrays.copyOf(distribution.frequencies(), distribution.symbols())).doesNotContain(0);
    for (int symbol = 0; symbol < distribution.symbols(); symbol++) {
      total += distribution.frequencies()[symbol] < 1 ? TokenDistribution.MAX_TOTAL : 0;
      total += distribution.frequencies()[symbol];
      members += distribution.tokensIn(symbol);
    }
    assertThat(total).isLessThanOrEqualTo(TokenDistribution.MAX_TOTAL);
    assertThat(members).isEqualTo(tokens);
  }

  private static void assertInverse(TokenDistribution distribution, int tokens, int step) {
    for (int token = 0; token < tokens; token += step) {
      int symbol = distribution.symbolOf(token);
      int rank = distribution.rankOf(token);
      if (rank >= distribution.tokensIn(symbol) || distribution.token(symbol, rank) != token) {
        assertThat(token).as("token %d, symbol %d, rank %d", token, symbol, rank).isEqualTo(-1);
      }
    }
  }

  private static TokenDistribution of(float... logits) {
    TokenDistribution distribution = new TokenDistribution(logits.length);
    distribution.set(logits);
    assertConsistent(distribution, logits.length);
    assertInverse(distribution, logits.length, logits.length > 4096 ? 101 : 1);
    return distribution;
  }

  @Test
  void symbolAndRankNameEachTokenOfRealRows() throws IOException {
    for (float[] row : RealLogits.rows()) {
      assertInverse(of(row), row.length, 5);
    }
  }

  @Test
  void symbolAndRankNameEachTokenOfRandomRowsOfAnySize() {
    Random random = new Random(42);
    for (int round = 0; round < 80; round++) {
      float[] row = new float[1 + random.nextInt(1 << random.nextInt(12))];
      float spread = random.nextInt(60);
      for (int token = 0; token < row.length; token++) {
        row[token] = random.nextFloat() * spread - 7;
      }
      of(row);
    }
  }

  @Test
  void theLargestVocabularyIsCodable() {
    int size = TokenDistribution.MAX_VOCABULARY_SIZE;
    Random random = new Random(43);
    float[] row = new float[size];
    for (int token = 0; token < size; token++) {
      row[token] = (float) random.nextGaussian() * 3;
    }
    TokenDistribution distribution = new TokenDistribution(size);
    assertInverse(distribution, size, 4001);
    distribution.set(row);
    assertConsistent(distribution, size);
    assertInverse(distribution, size, 4001);
  }

  @Test
  void likelyTokensHaveTheirExactProbability() throws IOException {
    for (float[] row : RealLogits.rows()) {
      TokenDistribution distribution = of(row);
      double[] p = softmax(row);
      for (int token = 0; token < row.length; token++) {
        if (p[token] > 0.01) {
          assertThat(Math.exp(-distribution.bits(token) * Math.log(2)) / p[token])
              .isBetween(0.99, 1.01);
        }
      }
    }
  }

  @Test
  void theExpectedIdealCodeIsNearTheEntropyOfTheSoftmax() throws IOException {
    double ideal = 0;
    double entropy = 0;
    for (float[] row : RealLogits.rows()) {
      TokenDistribution distribution = of(row);
      double[] p = softmax(row);
      for (int token = 0; token < row.length; token++) {
        ideal += p[token] * distribution.bits(token);
        entropy -= p[token] * Math.log(p[token]) / Math.log(2);
      }
    }
    assertThat(ideal / entropy).isBetween(1.0, 1.0005);
  }

  @Test
  void anExpectedHuffmanCodeIsWithinHalfAPercentOfTheOneOverTheWholeVocabulary()
      throws IOException {
    double whole = 0;
    double grouped = 0;
    for (float[] row : RealLogits.rows()) {
      double[] p = softmax(row);
      double[] sorted = p.clone();
      Arrays.sort(sorted);
      int[] depths = huffman(sorted);
      for (int i = 0; i < sorted.length; i++) {
        whole += sorted[i] * depths[i];
      }
      TokenDistribution distribution = of(row);
      long[] keys = new long[distribution.symbols()];
      for (int symbol = 0; symbol < keys.length; symbol++) {
        keys[symbol] = (long) distribution.frequencies()[symbol] << 12 | symbol;
      }
      Arrays.sort(keys);
      depths = huffman(Arrays.stream(keys).mapToDouble(key -> key >>> 12).toArray());
      double[] bits = new double[keys.length];
      for (int i = 0; i < keys.length; i++) {
        int symbol = (int) keys[i] & 0xFFF;
        bits[symbol] = depths[i] + truncatedBinary(distribution.tokensIn(symbol));
      }
      for (int token = 0; token < row.length; token++) {
        grouped += p[token] * bits[distribution.symbolOf(token)];
      }
    }
    assertThat(grouped / whole).isLessThan(1.002);
  }

  /** The mean length of a truncated binary code. */
  private static double truncatedBinary(int bound) {
    int bits = 31 - Integer.numberOfLeadingZeros(bound);
    double shorter = (2.0 * (1 << bits) - bound) / bound;
    return bits + 1 - shorter;
  }

  /** The depths of the leaves of a Huffman tree, by two queues. */
  private static int[] huffman(double[] ascending) {
    int n = ascending.length;
    int[] parent = new int[2 * n];
    double[] merged = new double[n];
    int leaf = 0;
    int inner = 0;
    for (int next = 0; next < n - 1; next++) {
      for (int child = 0; child < 2; child++) {
        if (leaf < n && (inner == next || ascending[leaf] <= merged[inner])) {
          merged[next] += ascending[leaf];
          parent[leaf++] = n + next;
        } else {
          merged[next] += merged[inner];
          parent[n + inner++] = n + next;
        }
      }
    }
    int[] depth = new int[2 * n];
    for (int node = 2 * n - 3; node >= 0; node--) {
      depth[node] = depth[parent[node]] + 1;
    }
    return depth;
  }

  private static double[] softmax(float[] row) {
    double greatest = Double.NEGATIVE_INFINITY;
    for (float logit : row) {
      greatest = Math.max(greatest, logit);
    }
    double sum = 0;
    double[] p = new double[row.length];
    for (int token = 0; token < row.length; token++) {
      p[token] = StrictMath.exp(row[token] - greatest);
      sum += p[token];
    }
    for (int token = 0; token < row.length; token++) {
      p[token] /= sum;
    }
    return p;
  }

  @Test
  void equalLogitsMakeOneSymbolOrEqualFrequencies() {
    assertThat(of(new float[1000]).symbols()).isOne();
    assertThat(of(new float[1000]).bits(17)).isBetween(9.96, 9.97);
    TokenDistribution few = of(3, 3, 3);
    assertThat(few.symbols()).isEqualTo(3);
    assertThat(few.frequencies()[0])
        .isEqualTo(few.frequencies()[1])
        .isEqualTo(few.frequencies()[2]);
    assertThat(of(5).symbols()).isOne();
  }

  @Test
  void nanAndInfinitiesLeaveEveryTokenCodable() {
    float nan = Float.NaN;
    float up = Float.POSITIVE_INFINITY;
    float down = Float.NEGATIVE_INFINITY;
    assertThat(of(nan, 1, down, 2, -Float.MAX_VALUE).bits(3)).isLessThan(0.5);
    assertThat(of(nan, up, down, 2, Float.MAX_VALUE).bits(1)).isBetween(0.99, 1.01);
    assertThat(of(nan, nan, nan, nan).bits(0)).isEqualTo(2);
    assertThat(of(down, down, nan, down).bits(2)).isEqualTo(2);
    assertThat(of(up, up).bits(0)).isEqualTo(1);
    of(Float.MAX_VALUE, -Float.MAX_VALUE);
    of(nan);
    of(up);
    of(down);
    of(Float.MIN_VALUE, -0f, 0f, Float.intBitsToFloat(0xFFC0_0001));
  }

  @Test
  void whatWasSetBeforeLeavesNoTrace() throws IOException {
    float[][] rows = RealLogits.rows();
    TokenDistribution used = new TokenDistribution(rows[0].length);
    for (float[] row : rows) {
      used.set(row);
      TokenDistribution fresh = of(row);
      assertThat(Arrays.copyOf(used.frequencies(), used.symbols()))
          .isEqualTo(Arrays.copyOf(fresh.frequencies(), fresh.symbols()));
    }
  }

  @Test
  void sizesTokensSymbolsAndRanksOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new TokenDistribution(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TokenDistribution(TokenDistribution.MAX_VOCABULARY_SIZE + 1))
        .isInstanceOf(IllegalArgumentException.class);
    TokenDistribution distribution = new TokenDistribution(3);
    assertThatThrownBy(() -> distribution.set(new float[4]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> distribution.symbolOf(3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> distribution.rankOf(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> distribution.tokensIn(3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> distribution.token(0, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void frequenciesAreTheSameOnEveryJvm() throws IOException {
    assertThat(GoldenDistributions.hash()).isEqualTo(GOLDEN);
  }

  @Test
  @Tag("slow")
  void frequenciesAreTheSameInInterpretedCode() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xint");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(GoldenDistributions.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).isEqualTo(GOLDEN);
  }
}
