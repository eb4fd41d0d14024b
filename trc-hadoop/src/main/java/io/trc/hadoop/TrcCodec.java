package io.trc.hadoop;

import io.trc.TrcException;
import io.trc.TrcIndex;
import io.trc.TrcOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configurable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Seekable;
import org.apache.hadoop.io.compress.CompressionInputStream;
import org.apache.hadoop.io.compress.CompressionOutputStream;
import org.apache.hadoop.io.compress.Compressor;
import org.apache.hadoop.io.compress.Decompressor;
import org.apache.hadoop.io.compress.SplitCompressionInputStream;
import org.apache.hadoop.io.compress.SplittableCompressionCodec;
import org.jspecify.annotations.Nullable;

/**
 * The codec for {@code .trc} files in Hadoop, MapReduce and Spark. Several tasks read one file, and
 * each decodes its own blocks only.
 *
 * <p>Reading needs nothing but this class on the class path: {@link java.util.ServiceLoader} finds
 * it, and the file's name chooses it. Writing names it:
 *
 * <pre>{@code
 * FileOutputFormat.setCompressOutput(job, true);
 * FileOutputFormat.setOutputCompressorClass(job, TrcCodec.class);
 * job.getConfiguration().setInt(TrcCodec.LEVEL, 3);
 * }</pre>
 *
 * <p>What the configuration says is read when a stream is made, and an impossible value throws an
 * {@link IllegalArgumentException} there that names the key. Making a codec, a compressor or a
 * decompressor costs nothing; these two hold nothing, so that pooling them keeps no memory alive. A
 * stream holds what coding takes until it is closed, about 100 MB with the embedded model.
 *
 * <p>Safe for use by several threads once it is configured; its streams are for one thread each.
 * They can be interrupted, and throw {@link java.io.InterruptedIOException} then.
 */
public class TrcCodec implements SplittableCompressionCodec, Configurable {
  /** How small against how quick, 1 to 9; 6 by default. See {@link TrcOptions}. */
  public static final String LEVEL = "io.trc.level";

  /**
   * The model to write with: {@code embedded}, {@code base}, or the path of a GGUF file on the
   * task's machine, such as the name of a file of the distributed cache. By default the level
   * chooses. A reader tries it first and finds others by their digests.
   */
  public static final String MODEL = "io.trc.model";

  /**
   * What evaluates the model: {@code auto} (the default), {@code kernels}, {@code native} or {@code
   * portable}.
   */
  public static final String ENGINE = "io.trc.engine";

  /** How text is coded: {@code mixed}, {@code bytes}, {@code range} or {@code huffman}. */
  public static final String CODER = "io.trc.coder";

  /** The threads of a stream, 1 to 256, or 0 for one for each processor; 1 by default. */
  public static final String THREADS = "io.trc.threads";

  /**
   * The plain bytes of a block, a power of two from {@code 4k} to {@code 4m}; the level's by
   * default. A task decodes whole blocks.
   */
  public static final String BLOCK_SIZE = "io.trc.block.size";

  /**
   * Whether each block is coded on its own; {@code false} by default, which is smaller, and costs a
   * task that begins at the block of number <i>n</i> the decoding of log2(<i>n</i>) others.
   */
  public static final String INDEPENDENT_BLOCKS = "io.trc.independent.blocks";

  /** The most memory of a stream, in bytes or with a suffix ({@code 500m}); no limit by default. */
  public static final String MEMORY_LIMIT = "io.trc.memory.limit";

  /** Whether each block is decoded and compared before it is written; {@code false} by default. */
  public static final String VERIFY = "io.trc.verify";

  /** How the names of files end that are read with this codec. */
  public static final String EXTENSION = ".trc";

  private @Nullable Configuration conf;

  /** Creates a codec with the default options, until {@link #setConf} is called. */
  public TrcCodec() {}

  @Override
  public void setConf(@Nullable Configuration conf) {
    this.conf = conf;
  }

  @Override
  public @Nullable Configuration getConf() {
    return conf;
  }

  private TrcOptions options() throws IOException {
    return Settings.options(conf);
  }

  /**
   * A stream that compresses into another one, as one member: several files put together are one.
   *
   * @throws IllegalArgumentException if the configuration asks for what there is not
   * @throws IOException if the model cannot be loaded
   */
  @Override
  public CompressionOutputStream createOutputStream(OutputStream out) throws IOException {
    return new MemberOutputStream(out, options());
  }

  /** The same as {@link #createOutputStream(OutputStream)}; the compressor has no part in it. */
  @Override
  public CompressionOutputStream createOutputStream(OutputStream out, Compressor compressor)
      throws IOException {
    return createOutputStream(out);
  }

  @Override
  public Class<? extends Compressor> getCompressorType() {
    return NoCompressor.class;
  }

  /** An object that does nothing, for callers that want one for their pool. */
  @Override
  public Compressor createCompressor() {
    return new NoCompressor();
  }

  /**
   * A stream that decompresses all members of another one, which need not be seekable. Nothing is
   * read before the first byte is wanted.
   *
   * @throws IllegalArgumentException if the configuration asks for what there is not
   * @throws IOException if the model that the configuration names cannot be loaded
   */
  @Override
  public CompressionInputStream createInputStream(InputStream in) throws IOException {
    return new MemberInputStream(in, options(), FileName.of(in, conf));
  }

  /** The same as {@link #createInputStream(InputStream)}; the decompressor has no part in it. */
  @Override
  public CompressionInputStream createInputStream(InputStream in, Decompressor decompressor)
      throws IOException {
    return createInputStream(in);
  }

  /**
   * A stream that decompresses a part of a file: the blocks that begin in it, and what follows as
   * long as the caller reads on, which finishes its last record so.
   *
   * <p>The bounds move to the next block that begins at or behind them, and to the end of the file
   * where there is none; {@link SplitCompressionInputStream#getAdjustedStart} and {@code
   * getAdjustedEnd} tell where they are. A read ends where a block ends, and gives the first byte
   * of a block alone; {@link SplitCompressionInputStream#getPos} is one more than that block's
   * place in the file from then on. Together that is what Hadoop's readers of records need to give
   * each record once. The index at the end of the file is read here; a part in which no block
   * begins ends at once.
   *
   * @param seekableIn the file, which must be {@link Seekable}; closed with the stream, and by the
   *     caller if this throws
   * @param decompressor has no part in it
   * @param start the first byte of the part in the compressed file
   * @param end the byte behind its last one
   * @param readMode has no part in it: all reading is by blocks
   * @throws IllegalArgumentException if the configuration asks for what there is not, or the bounds
   *     are no part of a file
   * @throws io.trc.TrcFormatException if the file is no .trc file
   * @throws io.trc.TrcCorruptedException if it is damaged or truncated; the message says where
   */
  @Override
  public SplitCompressionInputStream createInputStream(
      InputStream seekableIn, Decompressor decompressor, long start, long end, READ_MODE readMode)
      throws IOException {
    if (!(seekableIn instanceof Seekable)) {
      throw new IOException("a part of a .trc file is read from streams that are Seekable only");
    }
    if (start < 0 || start > end) {
      throw new IllegalArgumentException("not a part of a file: " + start + " to " + end);
    }
    TrcOptions options = options();
    FileName name = FileName.of(seekableIn, conf);
    InputChannel channel = new InputChannel(seekableIn);
    try {
      TrcIndex index = TrcIndex.read(channel, options);
      return new SplitInputStream(seekableIn, channel, index, options, start, end, name);
    } catch (TrcException e) {
      throw name.in(e);
    }
  }

  @Override
  public Class<? extends Decompressor> getDecompressorType() {
    return NoDecompressor.class;
  }

  /** An object that does nothing, for callers that want one for their pool. */
  @Override
  public Decompressor createDecompressor() {
    return new NoDecompressor();
  }

  @Override
  public String getDefaultExtension() {
    return EXTENSION;
  }
}
