package io.trc.block;

import java.util.concurrent.atomic.LongAdder;

/** What the coding of blocks cost, summed over threads: for benchmarks. */
public final class CodingStatistics {
  private final LongAdder tokens = new LongAdder();
  private final LongAdder coderNanos = new LongAdder();
  private final LongAdder modelNanos = new LongAdder();

  /** Creates a record of nothing. */
  public CodingStatistics() {}

  void add(long tokens, long modelNanos, long coderNanos) {
    this.tokens.add(tokens);
    this.modelNanos.add(modelNanos);
    this.coderNanos.add(coderNanos);
  }

  /** Tokens coded. */
  public long tokens() {
    return tokens.sum();
  }

  /** Nanoseconds spent in the distribution and the entropy coder. */
  public long coderNanos() {
    return coderNanos.sum();
  }

  /** Nanoseconds spent in the model. */
  public long modelNanos() {
    return modelNanos.sum();
  }
}
