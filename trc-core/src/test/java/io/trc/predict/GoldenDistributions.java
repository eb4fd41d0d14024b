package io.trc.predict;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;

/** Prints a hash of what {@link TokenDistribution} makes of real and of odd logits. */
final class GoldenDistributions {
  private GoldenDistributions() {}

  /** For a JVM of another kind, started by the test. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.print(hash());
    out.flush();
  }

  static String hash() throws IOException {
    CRC32C hash = new CRC32C();
    TokenDistribution distribution = new TokenDistribution(8192);
    for (float[] row : RealLogits.rows()) {
      distribution.set(row);
      update(hash, distribution, row.length);
    }
    Random random = new Random(41);
    for (int round = 0; round < 20; round++) {
      float[] row = new float[1 + random.nextInt(5000)];
      for (int token = 0; token < row.length; token++) {
        row[token] = random.nextFloat() * random.nextFloat() * 40;
      }
      row[random.nextInt(row.length)] = Float.NaN;
      distribution = new TokenDistribution(row.length);
      distribution.set(row);
      update(hash, distribution, row.length);
    }
    return Long.toHexString(hash.getValue());
  }

  private static void update(CRC32C hash, TokenDistribution distribution, int tokens) {
    int[] frequencies = Arrays.copyOf(distribution.frequencies(), distribution.symbols());
    hash.update(Arrays.toString(frequencies).getBytes(StandardCharsets.US_ASCII));
    for (int token = 0; token < tokens; token += 7) {
      int symbol = distribution.symbolOf(token);
      hash.update(symbol);
      hash.update(symbol >>> 8);
      hash.update(distribution.tokensIn(symbol));
    }
  }
}
