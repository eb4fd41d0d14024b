package io.trc;

import io.trc.container.Archive;
import io.trc.member.ArchiveReader;
import io.trc.member.Plan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a .trc file from any position, decoding only the blocks that it needs.
 *
 * <pre>{@code
 * try (var in = new TrcSeekableInputStream(Files.newByteChannel(Path.of("book.txt.trc")))) {
 *   in.seek(in.length() / 2);
 *   byte[] middle = in.readNBytes(1000);
 * }
 * }</pre>
 *
 * <p>The length is known at once. A read after a jump costs the decoding of one block, of {@link
 * TrcOptions#blockSize} bytes, and once that of the blocks that it starts from (none if they were
 * written to be {@linkplain TrcOptions#independentBlocks independent}, else log2(k) for block k);
 * the last few are kept. What is read on from there in order is decoded ahead, by as many
 * {@linkplain TrcOptions#threads threads} as the options allow, up to {@link #limitAhead}. Not safe
 * for use by several threads at once.
 */
public final class TrcSeekableInputStream extends InputStream {
  private final SeekableByteChannel channel;
  private final ArchiveReader reader;
  private final byte[] single = new byte[1];
  private long position;
  private boolean closed;

  /** Opens with {@link TrcOptions#DEFAULT}. */
  public TrcSeekableInputStream(SeekableByteChannel channel) throws IOException {
    this(channel, TrcOptions.DEFAULT);
  }

  /**
   * Opens with the given options, of which the model, the threads and the memory limit matter here.
   *
   * @param channel the file, from its byte 0 to its size; closed by {@link #close}, also if this
   *     constructor throws
   * @throws TrcFormatException if the file is no .trc file
   * @throws TrcCorruptedException if it is damaged or truncated
   */
  public TrcSeekableInputStream(SeekableByteChannel channel, TrcOptions options)
      throws IOException {
    this(channel, options, (Archive) null);
  }

  /**
   * Opens a file whose index is known.
   *
   * @param channel the file, from its byte 0 to its size; closed by {@link #close}
   * @param index what was read from that file
   */
  public TrcSeekableInputStream(SeekableByteChannel channel, TrcOptions options, TrcIndex index)
      throws IOException {
    this(channel, options, index.archive());
  }

  private TrcSeekableInputStream(
      SeekableByteChannel channel, TrcOptions options, @Nullable Archive known) throws IOException {
    this.channel = Objects.requireNonNull(channel, "channel");
    try {
      Plan plan = options.plan();
      Archive archive = known == null ? Archive.read(channel, plan.memoryLimit()) : known;
      this.reader = new ArchiveReader(channel, archive, plan);
    } catch (IOException | RuntimeException e) {
      try {
        channel.close();
      } catch (IOException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw e;
    }
  }

  /** The plain length in bytes. */
  public long length() throws IOException {
    check();
    return reader.plainLength();
  }

  /** The position in plain bytes of the next read. */
  public long position() throws IOException {
    check();
    return position;
  }

  /**
   * Goes to a position, which costs nothing; reading there does. Beyond the end, reads return -1.
   *
   * @throws IllegalArgumentException if the position is negative
   */
  public void seek(long position) throws IOException {
    check();
    if (position < 0) {
      throw new IllegalArgumentException("negative position: " + position);
    }
    this.position = position;
  }

  /**
   * Tells where reading in order will probably end: blocks that begin at or behind this plain
   * position are decoded only when they are read. Without it, that is the end of the file.
   */
  public void limitAhead(long position) throws IOException {
    check();
    reader.limitAhead(position);
  }

  /** The plain bytes that were decoded so far, a measure of the work done. */
  public long decodedBytes() throws IOException {
    check();
    return reader.decodedBytes();
  }

  @Override
  public int read() throws IOException {
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    check();
    if (length == 0) {
      return 0;
    }
    int part = reader.read(position, bytes, offset, length);
    position += Math.max(0, part);
    return part;
  }

  /** Skips without decoding, to the end at most. */
  @Override
  public long skip(long n) throws IOException {
    check();
    long part = Math.max(0, Math.min(n, reader.plainLength() - position));
    position += part;
    return part;
  }

  private void check() throws IOException {
    if (closed) {
      throw new IOException("the stream is closed");
    }
  }

  /** Closes the channel. Closing twice does nothing. */
  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      reader.close();
      channel.close();
    }
  }
}
