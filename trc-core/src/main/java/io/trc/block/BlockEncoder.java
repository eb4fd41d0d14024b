package io.trc.block;

import io.trc.TrcException;
import io.trc.entropy.EntropyEncoder;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.SlidingWindow;
import io.trc.predict.TokenDistribution;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns plain blocks into payloads, each the smallest of model-coded, LZMA2 and stored. The model
 * sees a block in batches as large as the window allows.
 *
 * <p>Confined to one thread; threads that encode in parallel have an encoder each.
 */
public final class BlockEncoder implements AutoCloseable {
  /** The greatest number of tokens in one batch. */
  static final int BATCH = 512;

  /** What LZMA2 shrinks so much is not worth the model's time. */
  private static final int PLAINLY_REPETITIVE = 64;

  /** A coded block must save at least what its record costs beyond a stored one. */
  private static final int LEAST_SAVING = 24;

  private final LanguageModel model;
  private final Coding coding;
  private final int lzmaPreset;
  private final int window;
  private final EntropyEncoder encoder;
  private final @Nullable CodingStatistics statistics;
  private @Nullable SlidingWindow sliding;
  private @Nullable TokenDistribution distribution;
  private float[] logits = new float[0];

  /**
   * Creates an encoder; the model's lanes are opened at the first block that needs them.
   *
   * @param coding {@link Coding#HUFFMAN} or {@link Coding#RANGE}, what model-coded blocks use
   * @param window the context window in tokens
   * @param lzmaPreset 0 to 9, for LZMA2
   * @param statistics where to count tokens and time, or null
   */
  public BlockEncoder(
      LanguageModel model,
      Coding coding,
      int window,
      int lzmaPreset,
      @Nullable CodingStatistics statistics) {
    this.model = model;
    this.coding = coding;
    this.window = window;
    this.lzmaPreset = lzmaPreset;
    this.statistics = statistics;
    this.encoder = Coders.of(coding).newEncoder();
  }

  /** Codes a block that is no text: LZMA2 or stored. Needs no model. */
  public static Payload encodeBinary(byte[] plain, int offset, int length, int lzmaPreset) {
    byte[] lzma = Lzma2.encode(plain, offset, length, lzmaPreset);
    return lzma.length <= length - LEAST_SAVING
        ? new Payload(Coding.LZMA2, lzma, length)
        : stored(plain, offset, length);
  }

  /**
   * Codes a block in the smallest way.
   *
   * @throws TrcException if the engine fails
   */
  public Payload encode(byte[] plain, int offset, int length) throws TrcException {
    Payload fallback = encodeBinary(plain, offset, length, lzmaPreset);
    if (fallback.bytes().length < length / PLAINLY_REPETITIVE) {
      return fallback;
    }
    int[] tokens = model.vocabulary().tokenize(plain, offset, length);
    if (tokens == null) {
      return fallback;
    }
    int limit = Math.min(fallback.bytes().length - 1, length - LEAST_SAVING);
    byte[] coded = limit > 0 ? encode(tokens, limit) : null;
    return coded == null ? fallback : new Payload(coding, coded, length);
  }

  /** The code of the tokens, or null as soon as it is longer than {@code limit} bytes. */
  private byte @Nullable [] encode(int[] tokens, int limit) throws TrcException {
    SlidingWindow window = open();
    TokenDistribution distribution = this.distribution;
    if (distribution == null) {
      throw new IllegalStateException("no distribution");
    }
    Lanes lanes = window.lanes();
    int[] input = new int[tokens.length];
    input[0] = model.vocabulary().startToken();
    System.arraycopy(tokens, 0, input, 1, tokens.length - 1);
    window.clear();
    encoder.reset();
    long modelNanos = 0;
    long start = System.nanoTime();
    int done = 0;
    while (done < tokens.length && encoder.size() <= limit) {
      Interruption.check();
      long before = System.nanoTime();
      int steps = window.advance(input, done, tokens.length - done);
      modelNanos += System.nanoTime() - before;
      for (int step = 0; step < steps; step++) {
        lanes.logits(step, logits);
        distribution.set(logits);
        TokenCoding.encode(distribution, tokens[done + step], encoder);
      }
      done += steps;
    }
    byte[] code = done < tokens.length ? null : encoder.finish();
    if (statistics != null) {
      statistics.add(done, modelNanos, System.nanoTime() - start - modelNanos);
    }
    return code == null || code.length > limit ? null : code;
  }

  private SlidingWindow open() throws TrcException {
    if (sliding == null) {
      int batch = model.numerics().shapeInvariant() ? Math.min(BATCH, window) : 1;
      sliding = new SlidingWindow(model.openLanes(1, window, batch));
      distribution = new TokenDistribution(model.vocabulary().size());
      logits = new float[model.vocabulary().size()];
    }
    return sliding;
  }

  /** An upper estimate of the memory in bytes that one encoder takes, beyond the model. */
  public static long memory(LanguageModel model, int window) {
    return model.lanesMemory(1, window, Math.min(BATCH, window)) + 64L * model.vocabulary().size();
  }

  /** Memory in bytes for a block of no text. */
  public static long binaryMemory(int length, int lzmaPreset) {
    return Lzma2.memory(length, lzmaPreset);
  }

  private static Payload stored(byte[] plain, int offset, int length) {
    return new Payload(Coding.STORED, Arrays.copyOfRange(plain, offset, offset + length), length);
  }

  /** Frees the lanes. */
  @Override
  public void close() {
    if (sliding != null) {
      sliding.lanes().close();
      sliding = null;
    }
  }
}
