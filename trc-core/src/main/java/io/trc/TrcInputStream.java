package io.trc;

import io.trc.member.FailedStream;
import io.trc.member.StreamDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses a .trc stream.
 *
 * <pre>{@code
 * try (InputStream in = new TrcInputStream(Files.newInputStream(Path.of("notes.trc")))) {
 *   byte[] text = in.readAllBytes();
 * }
 * }</pre>
 *
 * <p>Only bytes whose checksum was verified are handed out. Members that follow each other read as
 * one, unless {@link TrcOptions.Builder#concatenated} is off: then reading ends after the first
 * member, and not one byte after it has been taken from the stream beneath. That stream is read in
 * large pieces where it matters, so it needs no buffer.
 *
 * <p>At first a block is decoded by each thread, so that bytes come soon; then more and more at a
 * time, which is quicker. A stream that failed stays failed. Not safe for use by several threads at
 * once.
 */
public final class TrcInputStream extends InputStream {
  private final InputStream in;
  private final StreamDecoder decoder;
  private byte[] current = new byte[0];
  private int position;
  private boolean closed;
  private @Nullable IOException failure;

  /**
   * Decompresses with {@link TrcOptions#DEFAULT}. Nothing is read before the first byte is wanted.
   */
  public TrcInputStream(InputStream in) {
    this(in, TrcOptions.DEFAULT);
  }

  /**
   * Decompresses with the given options, of which the model, the threads, the memory limit and
   * concatenation matter here.
   *
   * @param in the compressed bytes; closed by {@link #close}
   */
  public TrcInputStream(InputStream in, TrcOptions options) {
    this.in = Objects.requireNonNull(in, "in");
    decoder = new StreamDecoder(in, options.plan());
  }

  /**
   * Reads one byte, or -1 at the end.
   *
   * @throws TrcFormatException if the stream is no .trc stream
   * @throws TrcCorruptedException if it is damaged or truncated, or has something else after it
   * @throws TrcModelMissingException if its model is not there
   * @throws TrcNumericsException if its model computes other logits here
   * @throws TrcMemoryLimitException if decoding takes more memory than the options allow
   */
  @Override
  public int read() throws IOException {
    return fill() ? current[position++] & 0xff : -1;
  }

  /** Reads at least one byte, or returns -1 at the end; throws what {@link #read()} throws. */
  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      check();
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int part = Math.min(length, current.length - position);
    System.arraycopy(current, position, bytes, offset, part);
    position += part;
    return part;
  }

  /** The bytes that can be read without decoding another block. */
  @Override
  public int available() throws IOException {
    check();
    return current.length - position;
  }

  /** The number of compressed bytes taken from the stream beneath so far. */
  public long compressedBytesRead() {
    return decoder.read();
  }

  /** Skips by decoding; {@link TrcSeekableInputStream} skips without. */
  @Override
  public long skip(long n) throws IOException {
    long left = n;
    while (left > 0 && fill()) {
      int part = (int) Math.min(left, current.length - position);
      position += part;
      left -= part;
    }
    return Math.max(0, n) - Math.max(0, left);
  }

  /** Closes the stream beneath and frees what decoding took. Closing twice does nothing. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      decoder.close();
    } finally {
      in.close();
    }
  }

  private void check() throws IOException {
    if (closed) {
      throw new IOException("the stream is closed");
    }
    if (failure != null) {
      throw FailedStream.again(failure);
    }
  }

  /** Makes {@code current[position]} a byte to read; false at the end. */
  private boolean fill() throws IOException {
    check();
    try {
      while (position == current.length) {
        byte[] next = decoder.next();
        if (next == null) {
          return false;
        }
        current = next;
        position = 0;
      }
      return true;
    } catch (IOException e) {
      failure = e;
      decoder.close();
      throw e;
    } catch (RuntimeException | Error e) {
      failure = new TrcException("decompression failed: " + e, e);
      decoder.close();
      throw e;
    }
  }
}
