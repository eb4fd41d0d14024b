package io.trc.compress;

import io.trc.TrcMemoryLimitException;
import io.trc.TrcOptions;
import io.trc.TrcOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import org.apache.commons.compress.MemoryLimitException;
import org.apache.commons.compress.compressors.CompressorOutputStream;
import org.apache.commons.io.build.AbstractStreamBuilder;
import org.apache.commons.io.output.CloseShieldOutputStream;

/**
 * Compresses into a .trc stream, as a stream of Commons Compress.
 *
 * <pre>{@code
 * try (OutputStream out = new TrcCompressorOutputStream<>(Files.newOutputStream(path))) {
 *   out.write(text);
 * }
 * }</pre>
 *
 * <p>Not safe for use by several threads at once; {@link TrcOptions#threads} makes it use several
 * itself.
 *
 * @param <T> the type of the stream beneath
 */
public class TrcCompressorOutputStream<T extends OutputStream> extends CompressorOutputStream<T> {
  /** Collects what a {@link TrcCompressorOutputStream} is made of. */
  public static class Builder
      extends AbstractStreamBuilder<TrcCompressorOutputStream<OutputStream>, Builder> {
    private TrcOptions options = TrcOptions.DEFAULT;

    /** A builder with {@link TrcOptions#DEFAULT}. */
    public Builder() {}

    /**
     * Opens the stream.
     *
     * @throws IllegalStateException if there is nothing to write to
     * @throws IOException what the constructor throws
     */
    @Override
    public TrcCompressorOutputStream<OutputStream> get() throws IOException {
      return new TrcCompressorOutputStream<>(getOutputStream(), options);
    }

    /** Sets the options. */
    public Builder setOptions(TrcOptions options) {
      this.options = Objects.requireNonNull(options, "options");
      return this;
    }
  }

  private final TrcOutputStream trc;

  /** A builder of streams. */
  public static Builder builder() {
    return new Builder();
  }

  /** Compresses with {@link TrcOptions#DEFAULT}: the embedded model, level 6. */
  public TrcCompressorOutputStream(T out) throws IOException {
    this(out, TrcOptions.DEFAULT);
  }

  /**
   * Compresses with the given options.
   *
   * @param out where the compressed bytes go; closed by {@link #close}
   * @throws MemoryLimitException if that takes more memory than the options allow
   * @throws IOException if the model cannot be loaded to find that out
   */
  public TrcCompressorOutputStream(T out, TrcOptions options) throws IOException {
    super(Objects.requireNonNull(out, "out"));
    try {
      trc = new TrcOutputStream(CloseShieldOutputStream.wrap(out), options);
    } catch (TrcMemoryLimitException e) {
      throw MemoryLimit.exceeded(e);
    }
  }

  /**
   * Finishes and closes the stream beneath, even if finishing fails. Closing twice does nothing.
   */
  @Override
  public void close() throws IOException {
    if (!isClosed()) {
      Closeable beneath = super::close;
      try (beneath;
          trc) {
        finish();
      }
    }
  }

  /**
   * Ends the compressed stream without closing the one beneath. Nothing may be written after it;
   * finishing twice does nothing.
   */
  @Override
  public void finish() throws IOException {
    if (!isFinished()) {
      trc.finish();
      super.finish();
    }
  }

  /**
   * Hands on to the stream beneath what is coded, and flushes it. With {@link TrcOptions#syncFlush}
   * it makes all that was written so far decodable, at the cost of some compression.
   */
  @Override
  public void flush() throws IOException {
    if (isClosed()) {
      out.flush();
    } else {
      trc.flush();
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    trc.write(bytes, offset, length);
  }

  @Override
  public void write(int octet) throws IOException {
    trc.write(octet);
  }
}
