package io.trc;

import io.trc.block.Coding;
import io.trc.container.BlockMethod;
import io.trc.member.Plan;
import io.trc.mix.MixSize;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to compress and decompress. Immutable and safe for use by several threads.
 *
 * <pre>{@code
 * TrcOptions options = TrcOptions.builder().level(9).threads(2).build();
 * try (OutputStream out = new TrcOutputStream(Files.newOutputStream(path), options)) {
 *   out.write(text);
 * }
 * }</pre>
 *
 * <p>A level is a preset for coder, block size and context window; each can be set on its own:
 *
 * <table>
 *   <caption>Levels</caption>
 *   <tr><th>level</th><th>coder</th><th>contexts of the mixer</th><th>block size</th>
 *       <th>window, at most</th></tr>
 *   <tr><td>1</td><td>bytes</td><td>6</td><td>256 KiB</td><td>no model</td></tr>
 *   <tr><td>2</td><td>bytes</td><td>11</td><td>256 KiB</td><td>no model</td></tr>
 *   <tr><td>3</td><td>bytes</td><td>19</td><td>256 KiB</td><td>no model</td></tr>
 *   <tr><td>4</td><td>mixed</td><td>6</td><td>64 KiB</td><td>128 tokens</td></tr>
 *   <tr><td>5</td><td>mixed</td><td>11</td><td>64 KiB</td><td>256</td></tr>
 *   <tr><td>6</td><td>mixed</td><td>19</td><td>64 KiB</td><td>512</td></tr>
 *   <tr><td>7</td><td>mixed</td><td>24</td><td>128 KiB</td><td>512</td></tr>
 *   <tr><td>8</td><td>mixed</td><td>24</td><td>256 KiB</td><td>1024</td></tr>
 *   <tr><td>9</td><td>mixed</td><td>24, larger tables</td><td>256 KiB</td><td>4096</td></tr>
 * </table>
 *
 * Where the model saves little for its time, text is left to the mixer alone, in blocks of 512 KiB.
 * What is no text, or shrinks more so, is coded by LZMA2 in blocks of 4 MiB at levels 1 to 3, 8 MiB
 * at levels 4 to 6 and 16 MiB from level 7 on.
 *
 * <p>The window is never larger than what the model was trained for. Where no model is named,
 * levels 7 to 9 use the {@linkplain TrcModel#base larger one} if it is there, and the others the
 * small one.
 */
public final class TrcOptions {
  /** How text is coded. */
  public enum Coder {
    /** The model's tokens, by a canonical Huffman code built for every token. */
    HUFFMAN(BlockMethod.HUFFMAN),
    /** The model's tokens, by a range coder: 1 to 3 percent smaller on prose, more on logs. */
    RANGE(BlockMethod.RANGE),
    /**
     * The model's tokens as a context mixer corrects them that learns from the text: 3 to 10
     * percent smaller on prose, 15 to 70 on what repeats itself.
     */
    MIXED(BlockMethod.MIXED),
    /** Bytes by a context mixer that learns from the text; without a model, and much quicker. */
    BYTES(BlockMethod.BYTES);

    private final BlockMethod method;

    Coder(BlockMethod method) {
      this.method = method;
    }
  }

  /** The lowest level. */
  public static final int LEVEL_MIN = 1;

  /** The highest level. */
  public static final int LEVEL_MAX = 9;

  /** The level where none is named. */
  public static final int LEVEL_DEFAULT = 6;

  /** The smallest block in bytes: 4 KiB. */
  public static final int BLOCK_SIZE_MIN = 1 << 12;

  /** The largest block in bytes: 4 MiB. */
  public static final int BLOCK_SIZE_MAX = 1 << 22;

  /** The greatest number of threads. */
  public static final int THREADS_MAX = 256;

  private static final int[] WINDOWS = {512, 512, 512, 128, 256, 512, 512, 1024, 4096};
  private static final int[] BLOCK_SIZE_LOG2 = {18, 18, 18, 16, 16, 16, 17, 18, 18};
  private static final int[] BINARY_BLOCK_LOG2 = {22, 22, 22, 23, 23, 23, 24, 24, 24};
  private static final int[] CONTEXTS = {6, 11, 19, 6, 11, 19, 24, 24, 24};
  private static final int[] TABLE_BITS = {15, 15, 15, 14, 14, 14, 14, 14, 15};
  private static final int MIXED_FROM_LEVEL = 4;
  private static final int ALONE_BITS = 15;
  private static final int PATIENCE = 16;
  private static final int MUCH_PATIENCE = 256;
  private static final int BASE_FROM_LEVEL = 7;

  // After the tables that it is made from.
  /** Level 6, the embedded model, one thread. */
  public static final TrcOptions DEFAULT = builder().build();

  /** What was set; never changed. */
  private final Builder set;

  private TrcOptions(Builder builder) {
    set = builder.copy();
  }

  /** A builder that starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts with these options. */
  public Builder toBuilder() {
    return set.copy();
  }

  /**
   * The model to compress with, and the first one to look at when decompressing: the one that was
   * set, or the embedded one for the level.
   */
  public TrcModel model() {
    if (set.model != null) {
      return set.model;
    }
    return set.level >= BASE_FROM_LEVEL
        ? TrcModel.base().orElseGet(TrcModel::embedded)
        : TrcModel.embedded();
  }

  /** The engine that evaluates the model. */
  public TrcEngine engine() {
    return set.engine == null ? TrcEngine.preferred() : set.engine;
  }

  /** The level, 1 to 9. */
  public int level() {
    return set.level;
  }

  /** How text is coded: as was set; else by a model where one was set, or from level 4 on. */
  public Coder coder() {
    if (set.coder != null) {
      return set.coder;
    }
    return set.level >= MIXED_FROM_LEVEL || set.model != null ? Coder.MIXED : Coder.BYTES;
  }

  /** The number of plain bytes in a block, a power of two. */
  public int blockSize() {
    return set.blockSize != 0 ? set.blockSize : 1 << BLOCK_SIZE_LOG2[set.level - 1];
  }

  /** True if no block starts from what another one taught. */
  public boolean independentBlocks() {
    return set.independentBlocks;
  }

  /** The number of threads that code blocks; each has a context of its own. */
  public int threads() {
    return set.threads;
  }

  /** The greatest memory in bytes that a stream may take. */
  public long memoryLimit() {
    return set.memoryLimit;
  }

  /** True if every block is decoded and compared before it is written. */
  public boolean verify() {
    return set.verify;
  }

  /** True if a reader goes on with the members that follow the first. */
  public boolean concatenated() {
    return set.concatenated;
  }

  /** True if {@link TrcOutputStream#flush} ends the block. */
  public boolean syncFlush() {
    return set.syncFlush;
  }

  private MixSize mixing() {
    return new MixSize(CONTEXTS[set.level - 1], TABLE_BITS[set.level - 1]);
  }

  private int patience() {
    return set.level < BASE_FROM_LEVEL ? PATIENCE : MUCH_PATIENCE;
  }

  private MixSize alone() {
    boolean quick = set.level < MIXED_FROM_LEVEL;
    return quick ? mixing() : new MixSize(MixSize.MOST_CONTEXTS, ALONE_BITS);
  }

  /** What they come to. */
  Plan plan() {
    return new Plan(
        model().model(),
        engine(),
        new Coding(coder().method, mixing(), alone(), set.level, patience(), set.verify),
        WINDOWS[set.level - 1],
        blockSize(),
        1 << BINARY_BLOCK_LOG2[set.level - 1],
        !set.independentBlocks,
        set.threads,
        set.memoryLimit,
        set.concatenated,
        set.syncFlush);
  }

  /**
   * An upper estimate, in bytes, of the memory that one stream with these options takes, native
   * memory and the model included, whether it writes or reads its own kind of archive. Loads the
   * model.
   *
   * @throws TrcException if the model cannot be loaded
   */
  public long memoryUsage() throws TrcException {
    return plan().memory();
  }

  /** Collects options. Not safe for use by several threads. */
  public static final class Builder {
    private @Nullable TrcModel model;
    private @Nullable TrcEngine engine;
    private int level = LEVEL_DEFAULT;
    private @Nullable Coder coder;
    private int blockSize;
    private boolean independentBlocks;
    private int threads = 1;
    private long memoryLimit = Long.MAX_VALUE;
    private boolean verify;
    private boolean concatenated = true;
    private boolean syncFlush;

    private Builder() {}

    private Builder copy() {
      Builder copy = new Builder();
      copy.model = model;
      copy.engine = engine;
      copy.level = level;
      copy.coder = coder;
      copy.blockSize = blockSize;
      copy.independentBlocks = independentBlocks;
      copy.threads = threads;
      copy.memoryLimit = memoryLimit;
      copy.verify = verify;
      copy.concatenated = concatenated;
      copy.syncFlush = syncFlush;
      return copy;
    }

    /**
     * Sets the model; without it, an embedded one is used, by the level. It must stay open as long
     * as streams use it.
     */
    public Builder model(TrcModel model) {
      this.model = Objects.requireNonNull(model, "model");
      return this;
    }

    /** Sets the engine; without it, the system property {@code trc.engine} decides, or AUTO. */
    public Builder engine(TrcEngine engine) {
      this.engine = Objects.requireNonNull(engine, "engine");
      return this;
    }

    /** Sets the level, 1 (quick) to 9 (small). */
    public Builder level(int level) {
      this.level = range("level", level, LEVEL_MIN, LEVEL_MAX);
      return this;
    }

    /** Sets how text is coded, whatever the level. */
    public Builder coder(Coder coder) {
      this.coder = Objects.requireNonNull(coder, "coder");
      return this;
    }

    /**
     * Sets the number of plain bytes in a block, whatever the level: a power of two, {@link
     * #BLOCK_SIZE_MIN} to {@link #BLOCK_SIZE_MAX}. Larger blocks compress better; smaller ones are
     * reached sooner by a reader that seeks, and keep more threads busy.
     */
    public Builder blockSize(int bytes) {
      range("block size", bytes, BLOCK_SIZE_MIN, BLOCK_SIZE_MAX);
      if (Integer.bitCount(bytes) != 1) {
        throw new IllegalArgumentException("block size must be a power of two: " + bytes);
      }
      this.blockSize = bytes;
      return this;
    }

    /**
     * Sets whether each block is coded on its own. Otherwise most blocks of text start from what
     * earlier ones taught (the default): they become smaller, and a reader that seeks decodes those
     * too, once; of n blocks log2(n).
     */
    public Builder independentBlocks(boolean independentBlocks) {
      this.independentBlocks = independentBlocks;
      return this;
    }

    /** Sets the number of threads, 1 to {@link #THREADS_MAX}; 0 means one for each processor. */
    public Builder threads(int threads) {
      range("threads", threads, 0, THREADS_MAX);
      this.threads =
          threads == 0
              ? Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors())
              : threads;
      return this;
    }

    /** Sets the greatest memory in bytes; more fails with {@link TrcMemoryLimitException}. */
    public Builder memoryLimit(long bytes) {
      if (bytes <= 0) {
        throw new IllegalArgumentException("memory limit must be positive: " + bytes);
      }
      this.memoryLimit = bytes;
      return this;
    }

    /** Sets whether every block is decoded and compared before it is written. Costs that time. */
    public Builder verify(boolean verify) {
      this.verify = verify;
      return this;
    }

    /**
     * Sets whether a reader goes on with the members that follow the first (the default), or stops
     * exactly after the first one's last byte.
     */
    public Builder concatenated(boolean concatenated) {
      this.concatenated = concatenated;
      return this;
    }

    /**
     * Sets whether {@link TrcOutputStream#flush} ends the block, so that a reader can have all that
     * was written so far. Each such flush costs 20 bytes or more and the context of what follows;
     * off by default, as in {@link java.util.zip.GZIPOutputStream}.
     */
    public Builder syncFlush(boolean syncFlush) {
      this.syncFlush = syncFlush;
      return this;
    }

    /** The options. */
    public TrcOptions build() {
      return new TrcOptions(this);
    }

    private static int range(String what, int value, int least, int greatest) {
      if (value < least || value > greatest) {
        throw new IllegalArgumentException(
            what + " must be " + least + " to " + greatest + ": " + value);
      }
      return value;
    }
  }
}
