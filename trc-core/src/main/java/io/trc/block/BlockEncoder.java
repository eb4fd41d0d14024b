package io.trc.block;

import io.trc.TrcException;
import io.trc.entropy.EntropyEncoder;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.SlidingWindow;
import io.trc.predict.TokenDistribution;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns plain blocks into payloads, each the smallest of model-coded, LZMA2 and stored. The model
 * sees a block in batches as large as the window allows.
 *
 * <p>Lanes are opened for each call and closed after it: the model sees to it that they are used
 * again. Confined to one thread; threads that encode in parallel have an encoder each.
 */
public final class BlockEncoder {
  /** The greatest number of tokens in one batch. */
  static final int BATCH = 512;

  /** What LZMA2 shrinks so much is not worth the model's time. */
  private static final int PLAINLY_REPETITIVE = 64;

  /** A coded block must save at least what its record costs beyond a stored one. */
  private static final int LEAST_SAVING = 24;

  /** The shortest text that can be judged by pieces of it. */
  public static final int LEAST_FORECAST = 1 << 15;

  /** The greatest length of a piece in bytes, and in tokens, of which some texts need many. */
  private static final int PIECE = 3 << 10;

  private static final int PIECE_TOKENS = 640;

  /** A text differs from place to place, so that fewer pieces tell little of it. */
  private static final int PIECES = 8;

  private final LanguageModel model;
  private final Coding coding;
  private final int level;
  private final int window;
  private final EntropyEncoder encoder;
  private final TokenDistribution distribution;
  private final float[] logits;
  private final @Nullable CodingStatistics statistics;

  /**
   * Creates an encoder.
   *
   * @param coding {@link Coding#HUFFMAN} or {@link Coding#RANGE}, what model-coded blocks use
   * @param window the context window in tokens
   * @param level 0 to 9, for LZMA2
   * @param statistics where to count tokens and time, or null
   */
  public BlockEncoder(
      LanguageModel model,
      Coding coding,
      int window,
      int level,
      @Nullable CodingStatistics statistics) {
    this.model = model;
    this.coding = coding;
    this.window = window;
    this.level = level;
    this.statistics = statistics;
    this.encoder = Coders.of(coding).newEncoder();
    this.distribution = new TokenDistribution(model.vocabulary().size());
    this.logits = new float[model.vocabulary().size()];
  }

  /** Codes a block that is no text: LZMA2 or stored. Needs no model. */
  public static Payload encodeBinary(byte[] plain, int offset, int length, int level) {
    if (Incompressible.plainly(plain, offset, length)) {
      return stored(plain, offset, length);
    }
    byte[] lzma = Lzma2.encode(plain, offset, length, level);
    return lzma.length <= length - LEAST_SAVING
        ? new Payload(Coding.LZMA2, lzma, length)
        : stored(plain, offset, length);
  }

  /** True if LZMA2 shrinks a text so much that the model is not to be asked. */
  public static boolean isPlainlyRepetitive(long lzmaLength, int length) {
    return lzmaLength < length / PLAINLY_REPETITIVE;
  }

  /** About how many bytes LZMA2 makes of a text, up to a third too many. Needs no model. */
  public static int quickSize(byte[] text) {
    return Lzma2.quickSize(text, 0, text.length);
  }

  /**
   * Codes a block in the smallest way.
   *
   * @throws TrcException if the engine fails
   * @throws InterruptedIOException if the thread is interrupted; the flag stays set
   */
  public Payload encode(byte[] plain, int offset, int length) throws IOException {
    Payload fallback = encodeBinary(plain, offset, length, level);
    if (isPlainlyRepetitive(fallback.bytes().length, length)) {
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
  private byte @Nullable [] encode(int[] tokens, int limit) throws IOException {
    encoder.reset();
    if (predict(tokens, limit, null) < tokens.length) {
      return null;
    }
    byte[] code = encoder.finish();
    boolean allowed = tokens.length <= TokenCoding.mostTokens(code.length);
    return allowed && code.length <= limit ? code : null;
  }

  /**
   * Codes tokens until there are too many bytes.
   *
   * @param sizes where to note the coder's size after each token, or null
   * @return the number of tokens coded
   */
  private int predict(int[] tokens, int limit, int @Nullable [] sizes) throws IOException {
    int[] input = new int[tokens.length];
    input[0] = model.vocabulary().startToken();
    System.arraycopy(tokens, 0, input, 1, tokens.length - 1);
    int batch = model.numerics().shapeInvariant() ? Math.min(BATCH, window) : 1;
    long modelNanos = 0;
    long start = System.nanoTime();
    int done = 0;
    try (Lanes lanes = model.openLanes(1, window, batch)) {
      SlidingWindow sliding = new SlidingWindow(lanes);
      while (done < tokens.length && encoder.size() <= limit) {
        Interruption.check();
        long before = System.nanoTime();
        int steps = sliding.advance(input, done, tokens.length - done);
        modelNanos += System.nanoTime() - before;
        for (int step = 0; step < steps; step++) {
          lanes.logits(step, logits);
          distribution.set(logits);
          TokenCoding.encode(distribution, tokens[done + step], encoder);
          if (sizes != null) {
            sizes[done + step] = encoder.size();
          }
        }
        done += steps;
      }
    }
    if (statistics != null) {
      statistics.add(done, modelNanos, System.nanoTime() - start - modelNanos);
    }
    return done;
  }

  /**
   * Tells from pieces, a tenth of the text at most, how many bytes the model would make of it.
   *
   * @param text at least {@link #LEAST_FORECAST} bytes
   * @return the estimate, or {@link Long#MAX_VALUE} if the model has no tokens for the text
   */
  public long forecast(byte[] text) throws IOException {
    int length = Math.min(PIECE, text.length / 10 / PIECES);
    long plain = 0;
    long coded = 0;
    for (int i = 0; i < PIECES; i++) {
      int from = (int) ((2L * i + 1) * text.length / (2L * PIECES)) - length / 2;
      int[] all = model.vocabulary().tokenize(text, from, length);
      if (all == null) {
        return Long.MAX_VALUE;
      }
      int[] tokens = Arrays.copyOf(all, Math.min(all.length, PIECE_TOKENS));
      int[] sizes = new int[tokens.length];
      encoder.reset();
      predict(tokens, Integer.MAX_VALUE, sizes);
      // The first tokens have too little before them to be like the others of a block.
      int warm = 2 * tokens.length / 3;
      for (int token = warm + 1; token < tokens.length; token++) {
        plain += model.vocabulary().bytes(tokens[token]).length;
      }
      coded += sizes[tokens.length - 1] - sizes[warm];
    }
    return text.length * coded / Math.max(1, plain);
  }

  /** An upper estimate of the memory in bytes that one encoder takes, beyond the model. */
  public static long memory(LanguageModel model, int window) {
    return model.lanesMemory(1, window, Math.min(BATCH, window)) + 64L * model.vocabulary().size();
  }

  /** Memory in bytes for a block of no text. */
  public static long binaryMemory(int length, int level) {
    return Lzma2.memory(length, level);
  }

  private static Payload stored(byte[] plain, int offset, int length) {
    return new Payload(Coding.STORED, Arrays.copyOfRange(plain, offset, offset + length), length);
  }
}
