package io.trc.member;

import io.trc.TrcEngine;
import io.trc.TrcException;
import io.trc.TrcMemoryLimitException;
import io.trc.block.BlockDecoder;
import io.trc.block.BlockEncoder;
import io.trc.block.Coding;
import io.trc.block.Prediction;
import io.trc.container.ModelReference;
import io.trc.container.StreamHeader;
import io.trc.models.Model;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.Numerics;

/**
 * What the options of a stream come to. All arithmetic of memory, lanes and windows is here.
 *
 * <p>Immutable and safe for use by several threads. The model is loaded when it is first needed.
 *
 * @param model to compress with, and the first to look at when decompressing
 * @param coding of blocks
 * @param mostWindow the context window in tokens, unless the model was trained for less
 * @param blockSize the plain bytes of a block of text, at most
 * @param binaryBlock the plain bytes of a block of what the model does not shrink, at most
 * @param linked true if blocks of text start from what earlier ones taught
 * @param memoryLimit in bytes
 */
public record Plan(
    Model model,
    TrcEngine engine,
    Coding coding,
    int mostWindow,
    int blockSize,
    int binaryBlock,
    boolean linked,
    int threads,
    long memoryLimit,
    boolean concatenated,
    boolean syncFlush)
    implements Prediction.Source {
  /** The lanes that one decoding thread marches at most. */
  private static final int DECODING_LANES = 8;

  /**
   * Blocks that bring more bytes of tables than this are decoded one after the other: tables that
   * no cache holds cost more side by side than lanes save.
   */
  private static final long CACHED = 16L << 20;

  /** The plain bytes that make a group of text full: 512 KiB. */
  static final int GROUP = 1 << 19;

  @Override
  public Prediction get() throws TrcException {
    LanguageModel language = model.choose(engine).model();
    return new Prediction(language, Math.min(mostWindow, longestWindow(language)));
  }

  /** The longest window, in tokens, that an archive may ask of a model: a power of two. */
  static int longestWindow(LanguageModel model) {
    return Integer.highestOneBit(Math.max(Lanes.MIN_WINDOW, model.trainedWindow()));
  }

  /** The header of a member. */
  StreamHeader header(boolean withModel) throws TrcException {
    int blockLog2 = Integer.numberOfTrailingZeros(Math.max(blockSize, binaryBlock));
    if (!withModel) {
      return new StreamHeader(blockLog2, null);
    }
    Prediction prediction = get();
    Numerics numerics = prediction.model().numerics();
    return new StreamHeader(
        blockLog2,
        new ModelReference(
            model.digest(),
            numerics.profile().id(),
            numerics.fingerprint(),
            !numerics.shapeInvariant(),
            Integer.numberOfTrailingZeros(prediction.window())));
  }

  /** The threads that code blocks: as many as half of Java's memory allows, and one at least. */
  int encodingThreads() {
    long each = coding.verify() ? 2 * coding.memory() : coding.memory();
    return fitting(threads, each);
  }

  /** The blocks of no text that are coded at once: as many as half of Java's memory allows. */
  int mostBinaries() {
    return fitting(
        threads, BlockEncoder.binaryMemory(binaryBlock, coding.level()) + 4L * binaryBlock);
  }

  /** The threads that work at once where each takes so many bytes. */
  int fittingThreads(long each) {
    return fitting(threads, each);
  }

  private static int fitting(int most, long each) {
    return (int)
        Math.max(1, Math.min(most, Runtime.getRuntime().maxMemory() / 2 / Math.max(1, each)));
  }

  /** The blocks that are best decoded at once. */
  int bestGroup() {
    return threads * DECODING_LANES;
  }

  /**
   * As many lanes for a decoding thread as are of use and memory allows.
   *
   * @param lane the bytes that a lane takes beside those for the model's sake
   */
  int lanes(LanguageModel language, int window, long lane) throws TrcMemoryLimitException {
    int most = usefulLanes(language, lane);
    while (most > 1
        && (decodingMemory(language, window, most, lane) > memoryLimit
            || fitting(most * threads, lane) < most * threads)) {
      most /= 2;
    }
    checkMemory(decodingMemory(language, window, most, lane));
    return most;
  }

  private static int usefulLanes(LanguageModel language, long lane) {
    if (lane > CACHED) {
      return 1;
    }
    return language.numerics().mostLanes(Math.min(DECODING_LANES, language.usefulLanes()));
  }

  private long decodingMemory(LanguageModel language, int window, int lanes, long lane) {
    long thread = BlockDecoder.memory(language, window, lanes) + lanes * lane;
    return language.modelMemory() + lane + threads * thread;
  }

  private long encodingMemory() throws TrcException {
    long text = coding.memory();
    long shared = text + 8L * GROUP;
    if (coding.method().needsModel()) {
      Prediction prediction = get();
      text = BlockEncoder.textMemory(prediction.model(), prediction.window(), coding);
      shared += prediction.model().modelMemory();
    }
    long binary = BlockEncoder.binaryMemory(binaryBlock, coding.level());
    return shared + threads * (Math.max(text, binary) + 4L * binaryBlock);
  }

  /**
   * An upper estimate, in bytes, of what a stream takes that writes, or reads its own kind. Loads
   * the model if that needs one.
   */
  public long memory() throws TrcException {
    long decoding = threads * (2L * DECODING_LANES * blockSize + 2L * binaryBlock);
    if (coding.method().needsModel()) {
      Prediction prediction = get();
      LanguageModel language = prediction.model();
      int lanes = usefulLanes(language, coding.memory());
      decoding += decodingMemory(language, prediction.window(), lanes, coding.memory());
    } else {
      decoding += (threads + 1) * coding.memory();
    }
    return Math.max(encodingMemory(), decoding);
  }

  /** Throws if compressing takes more than the limit; where none is set, nothing is loaded. */
  void checkEncodingMemory() throws TrcException {
    if (memoryLimit != Long.MAX_VALUE) {
      checkMemory(encodingMemory());
    }
  }

  void checkMemory(long needed) throws TrcMemoryLimitException {
    if (needed > memoryLimit) {
      throw new TrcMemoryLimitException(
          "this needs about "
              + (needed >> 20)
              + " MiB of memory, more than the limit of "
              + (memoryLimit >> 20)
              + " MiB; raise the limit or use fewer threads",
          needed,
          memoryLimit);
    }
  }
}
