package io.trc.bench;

import io.trc.TrcCorruptedException;
import io.trc.entropy.EntropyCoder;
import io.trc.entropy.EntropyDecoder;
import io.trc.entropy.EntropyEncoder;
import io.trc.entropy.huffman.HuffmanCoder;
import io.trc.entropy.range.RangeCoder;
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

/** The time from one token's logits to its code, and back. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CoderBenchmark {
  /** The coders that there are. */
  public enum Kind {
    HUFFMAN,
    RANGE
  }

  /** What codes the tokens. */
  @Param public Kind kind;

  /** The size of the vocabulary. */
  @Param({"8192", "32000"})
  public int vocabulary;

  private EntropyCoder coder;
  private EntropyEncoder encoder;
  private Logits logits;
  private TokenDistribution distribution;
  private byte[] code;
  private EntropyDecoder decoder;
  private int next;

  /** Loads the logits and encodes their tokens. */
  @Setup
  public void load() throws IOException {
    coder = kind == Kind.HUFFMAN ? new HuffmanCoder() : new RangeCoder();
    encoder = coder.newEncoder();
    logits = Logits.load(vocabulary);
    distribution = new TokenDistribution(vocabulary);
    for (int row = 0; row < logits.tokens.length; row++) {
      encode();
    }
    code = encoder.finish();
    encoder.reset();
    decoder = coder.newDecoder(code);
  }

  /** One token. */
  @Benchmark
  public int encode() {
    int token = logits.tokens[next];
    distribution.set(logits.rows[next]);
    int symbol = distribution.symbolOf(token);
    encoder.encode(distribution.frequencies(), distribution.symbols(), symbol);
    encoder.encodeUniform(distribution.rankOf(token), distribution.tokensIn(symbol));
    next = (next + 1) % logits.tokens.length;
    if (encoder.size() > 1 << 20) {
      encoder.reset();
    }
    return encoder.size();
  }

  /** One token. */
  @Benchmark
  public int decode() throws TrcCorruptedException {
    if (next == 0) {
      decoder = coder.newDecoder(code);
    }
    distribution.set(logits.rows[next]);
    int symbol = decoder.decode(distribution.frequencies(), distribution.symbols());
    int rank = decoder.decodeUniform(distribution.tokensIn(symbol));
    next = (next + 1) % logits.tokens.length;
    return distribution.token(symbol, rank);
  }
}
