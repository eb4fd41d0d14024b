package io.trc.compress;

import io.trc.Trc;
import io.trc.TrcFormatException;
import io.trc.TrcInputStream;
import io.trc.TrcMemoryLimitException;
import io.trc.TrcOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Objects;
import org.apache.commons.compress.MemoryLimitException;
import org.apache.commons.compress.compressors.CompressorInputStream;
import org.apache.commons.compress.utils.InputStreamStatistics;
import org.apache.commons.io.build.AbstractOrigin;
import org.apache.commons.io.build.AbstractStreamBuilder;
import org.apache.commons.io.input.BoundedInputStream;

/**
 * Decompresses a .trc stream, as a stream of Commons Compress.
 *
 * <pre>{@code
 * try (InputStream in = TrcCompressorInputStream.builder().setPath("notes.trc").get()) {
 *   byte[] text = in.readAllBytes();
 * }
 * }</pre>
 *
 * <p>The first four bytes are read and checked when the stream is made; the model is loaded when
 * the first byte is read. Not safe for use by several threads at once.
 */
public class TrcCompressorInputStream extends CompressorInputStream
    implements InputStreamStatistics {
  private static final int SIGNATURE_LENGTH = 4;

  /** Collects what a {@link TrcCompressorInputStream} is made of. */
  public static class Builder extends AbstractStreamBuilder<TrcCompressorInputStream, Builder> {
    private boolean decompressConcatenated;
    private MemoryLimit memoryLimit = MemoryLimit.NONE;
    private TrcOptions options = TrcOptions.DEFAULT;

    /** A builder that reads one member and knows no memory limit. */
    public Builder() {}

    /**
     * Opens the stream.
     *
     * @throws IllegalStateException if there is nothing to read from
     * @throws IOException if it does not begin like a .trc stream, or cannot be read
     */
    @Override
    public TrcCompressorInputStream get() throws IOException {
      InputStream in = getInputStream();
      try {
        return new TrcCompressorInputStream(in, this);
      } catch (IOException e) {
        // What the caller opened, the caller closes.
        if (!(checkOrigin() instanceof AbstractOrigin.InputStreamOrigin)) {
          in.close();
        }
        throw e;
      }
    }

    /**
     * Sets whether reading goes on with the members that follow the first, to the end of the input,
     * or stops and leaves the input right after the first one's last byte, which is the default.
     * This decides, whatever the options say.
     */
    public Builder setDecompressConcatenated(boolean decompressConcatenated) {
      this.decompressConcatenated = decompressConcatenated;
      return this;
    }

    /**
     * Sets the greatest memory in KiB; where more is needed, reading throws a {@link
     * MemoryLimitException}. With -1, the default, the options' limit holds.
     */
    public Builder setMemoryLimitKiB(int memoryLimitKiB) {
      this.memoryLimit = new MemoryLimit(memoryLimitKiB);
      return this;
    }

    /** Sets the options, of which the model, the threads and the memory limit matter here. */
    public Builder setOptions(TrcOptions options) {
      this.options = Objects.requireNonNull(options, "options");
      return this;
    }

    private TrcOptions decodingOptions() {
      return memoryLimit.in(options).toBuilder().concatenated(decompressConcatenated).build();
    }
  }

  private final BoundedInputStream compressed;
  private final TrcInputStream in;

  /** A builder of streams. */
  public static Builder builder() {
    return new Builder();
  }

  /** True if the first {@code length} bytes begin like a .trc stream; four are needed to tell. */
  public static boolean matches(byte[] signature, int length) {
    return Trc.matches(signature, length);
  }

  /**
   * Decompresses the first member.
   *
   * @param in the compressed bytes; closed by {@link #close}
   * @throws IOException if it does not begin like a .trc stream, or cannot be read
   */
  public TrcCompressorInputStream(InputStream in) throws IOException {
    this(Objects.requireNonNull(in, "in"), builder());
  }

  private TrcCompressorInputStream(InputStream in, Builder builder) throws IOException {
    compressed = BoundedInputStream.builder().setInputStream(in).get();
    byte[] signature = compressed.readNBytes(SIGNATURE_LENGTH);
    if (!matches(signature, signature.length)) {
      throw new TrcFormatException("the input is not in the .trc format");
    }
    PushbackInputStream whole = new PushbackInputStream(compressed, SIGNATURE_LENGTH);
    whole.unread(signature);
    this.in = new TrcInputStream(whole, builder.decodingOptions());
  }

  @Override
  public int available() throws IOException {
    return in.available();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** The number of bytes taken from the stream beneath so far. */
  @Override
  public long getCompressedCount() {
    return compressed.getCount();
  }

  /**
   * Reads one byte, or -1 at the end.
   *
   * @throws MemoryLimitException if decoding takes more memory than the limit
   * @throws IOException what {@link TrcInputStream#read()} throws
   */
  @Override
  public int read() throws IOException {
    try {
      int octet = in.read();
      count(octet < 0 ? -1 : 1);
      return octet;
    } catch (TrcMemoryLimitException e) {
      throw MemoryLimit.exceeded(e);
    }
  }

  /** Reads at least one byte, or returns -1 at the end; throws what {@link #read()} throws. */
  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      int part = in.read(bytes, offset, length);
      count(part);
      return part;
    } catch (TrcMemoryLimitException e) {
      throw MemoryLimit.exceeded(e);
    }
  }

  /** Skips by decoding; what was skipped counts as handed out. */
  @Override
  public long skip(long n) throws IOException {
    try {
      long skipped = in.skip(n);
      count(skipped);
      return skipped;
    } catch (TrcMemoryLimitException e) {
      throw MemoryLimit.exceeded(e);
    }
  }
}
