package io.trc.member;

import io.trc.TrcEngine;
import io.trc.TrcException;
import io.trc.TrcMemoryLimitException;
import io.trc.block.BlockDecoder;
import io.trc.block.BlockEncoder;
import io.trc.block.Prediction;
import io.trc.container.BlockMethod;
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
 * @param level for LZMA2
 * @param method of text
 * @param mostWindow the context window in tokens, unless the model was trained for less
 * @param blockSize the plain bytes of a block of text, at most
 * @param binaryBlock the plain bytes of a block of what the model does not shrink, at most
 * @param memoryLimit in bytes
 */
public record Plan(
    Model model,
    TrcEngine engine,
    int level,
    BlockMethod method,
    int mostWindow,
    int blockSize,
    int binaryBlock,
    int threads,
    long memoryLimit,
    boolean verify,
    boolean concatenated,
    boolean syncFlush)
    implements Prediction.Source {
  /** The lanes that one decoding thread marches at most. */
  private static final int DECODING_LANES = 8;

  /** The plain bytes that make a group of text full: 512 KiB. */
  static final int GROUP = 1 << 19;

  @Override
  public Prediction get() throws TrcException {
    LanguageModel language = model.choose(engine).model();
    return new Prediction(language, Math.min(mostWindow, longestWindow(language)), method);
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

  /** The blocks of no text that are coded at once: as many as half of Java's memory allows. */
  int mostBinaries() {
    long each = BlockEncoder.binaryMemory(binaryBlock, level) + 4L * binaryBlock;
    return (int) Math.max(1, Math.min(threads, Runtime.getRuntime().maxMemory() / 2 / each));
  }

  /** The blocks that are best decoded at once. */
  int bestGroup() {
    return threads * DECODING_LANES;
  }

  /** As many lanes for a decoding thread as are of use and the memory limit allows. */
  int lanes(LanguageModel language, int window) throws TrcMemoryLimitException {
    int most = language.numerics().mostLanes(DECODING_LANES);
    while (most > 1 && decodingMemory(language, window, most) > memoryLimit) {
      most /= 2;
    }
    checkMemory(decodingMemory(language, window, most));
    return most;
  }

  private long decodingMemory(LanguageModel language, int window, int lanes) {
    return language.modelMemory() + threads * BlockDecoder.memory(language, window, lanes);
  }

  private long encodingMemory(Prediction prediction) {
    LanguageModel language = prediction.model();
    long text = BlockEncoder.textMemory(language, prediction.window(), verify);
    long binary = BlockEncoder.binaryMemory(binaryBlock, level);
    long thread = Math.max(text, binary) + 4L * binaryBlock;
    return language.modelMemory() + 8L * GROUP + threads * thread;
  }

  /**
   * An upper estimate, in bytes, of what a stream takes that writes, or reads its own kind. Loads
   * the model.
   */
  public long memory() throws TrcException {
    Prediction prediction = get();
    LanguageModel language = prediction.model();
    int lanes = language.numerics().mostLanes(DECODING_LANES);
    long blocks = threads * (2L * DECODING_LANES * blockSize + 2L * binaryBlock);
    long decoding = decodingMemory(language, prediction.window(), lanes) + blocks;
    return Math.max(encodingMemory(prediction), decoding);
  }

  /** Throws if compressing takes more than the limit; where none is set, nothing is loaded. */
  void checkEncodingMemory() throws TrcException {
    if (memoryLimit != Long.MAX_VALUE) {
      checkMemory(encodingMemory(get()));
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
