package io.trc.bench;

import io.trc.predict.TokenDistribution;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The time to turn one token's logits into frequencies. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TokenDistributionBenchmark {
  /** The size of the vocabulary. */
  @Param({"8192", "32000"})
  public int vocabulary;

  private Logits logits;
  private TokenDistribution distribution;
  private int next;

  /** Loads the logits. */
  @Setup
  public void load() throws IOException {
    logits = Logits.load(vocabulary);
    distribution = new TokenDistribution(vocabulary);
  }

  /** One token. */
  @Benchmark
  public int[] set() {
    distribution.set(logits.rows[next]);
    next = (next + 1) % logits.tokens.length;
    return distribution.frequencies();
  }
}
