package io.trc.compress;

import io.trc.TrcOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.Set;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorInputStream;
import org.apache.commons.compress.compressors.CompressorOutputStream;
import org.apache.commons.compress.compressors.CompressorStreamProvider;

/**
 * Gives Commons Compress the name {@code trc}, in any case. Its factory finds this class by itself
 * where the system class loader sees it:
 *
 * <pre>{@code
 * OutputStream out = new CompressorStreamFactory().createCompressorOutputStream("trc", file);
 * }</pre>
 *
 * <p>Elsewhere, for detection, and for a memory limit, use {@link TrcCompressorStreamFactory}.
 * Immutable and safe for use by several threads.
 */
public final class TrcCompressorStreamProvider implements CompressorStreamProvider {
  private static final Set<String> NAMES = Set.of(TrcCompressorStreamFactory.TRC);

  private final TrcOptions options;
  private final int memoryLimitKiB;

  /** A provider with {@link TrcOptions#DEFAULT} and no memory limit. */
  public TrcCompressorStreamProvider() {
    this(TrcOptions.DEFAULT, -1);
  }

  /** A provider of streams with the given options, which read with the limit, or -1 for none. */
  TrcCompressorStreamProvider(TrcOptions options, int memoryLimitKiB) {
    this.options = Objects.requireNonNull(options, "options");
    this.memoryLimitKiB = memoryLimitKiB;
  }

  static boolean isTrc(String name) {
    return TrcCompressorStreamFactory.TRC.equalsIgnoreCase(name);
  }

  /**
   * Opens a stream to read from.
   *
   * @throws CompressorException if the name is another, or the input does not begin like a .trc
   *     stream
   * @throws IllegalArgumentException if the name or the stream is null
   */
  @Override
  public CompressorInputStream createCompressorInputStream(
      String name, InputStream in, boolean decompressUntilEof) throws CompressorException {
    check(name, in);
    try {
      return TrcCompressorInputStream.builder()
          .setInputStream(in)
          .setDecompressConcatenated(decompressUntilEof)
          .setMemoryLimitKiB(memoryLimitKiB)
          .setOptions(options)
          .get();
    } catch (IOException e) {
      throw new CompressorException("Could not create CompressorInputStream.", e);
    }
  }

  /**
   * Opens a stream to write to.
   *
   * @throws CompressorException if the name is another, or the stream cannot be made
   * @throws IllegalArgumentException if the name or the stream is null
   */
  @Override
  public <T extends OutputStream> CompressorOutputStream<T> createCompressorOutputStream(
      String name, T out) throws CompressorException {
    check(name, out);
    try {
      return new TrcCompressorOutputStream<>(out, options);
    } catch (IOException e) {
      throw new CompressorException("Could not create CompressorOutputStream.", e);
    }
  }

  private static void check(String name, Object stream) throws CompressorException {
    if (name == null || stream == null) {
      throw new IllegalArgumentException("Compressor name and stream must not be null.");
    }
    if (!isTrc(name)) {
      throw new CompressorException("Compressor: " + name + " not found.");
    }
  }

  @Override
  public Set<String> getInputStreamCompressorNames() {
    return NAMES;
  }

  @Override
  public Set<String> getOutputStreamCompressorNames() {
    return NAMES;
  }
}
