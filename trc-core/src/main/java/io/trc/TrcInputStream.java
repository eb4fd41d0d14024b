package io.trc;

import io.trc.container.Block;
import io.trc.container.MemberReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
  /** Blocks are decoded together until they have this many plain bytes. */
  private static final int READ_AHEAD = 8 << 20;

  /** How many times as many blocks are decoded together the next time. */
  private static final int GROWTH = 4;

  private final InputStream in;
  private final TrcOptions options;
  private final ArrayDeque<byte[]> plain = new ArrayDeque<>();
  private byte[] current = new byte[0];
  private int position;

  /** The blocks to decode together. */
  private int group;

  private @Nullable MemberReader member;
  private @Nullable MemberDecoder decoder;
  private long compressedBefore;
  private boolean begun;
  private boolean ended;
  private boolean closed;
  private @Nullable IOException later;
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
    this.options = Objects.requireNonNull(options, "options");
    group = options.threads();
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
    return compressedBefore + (member == null ? 0 : member.read());
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
    plain.clear();
    try {
      closeDecoder();
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
        byte[] next = plain.poll();
        if (next != null) {
          current = next;
          position = 0;
        } else if (later != null) {
          throw later;
        } else if (ended) {
          return false;
        } else {
          decodeMore();
        }
      }
      return true;
    } catch (IOException e) {
      failure = e;
      closeDecoder();
      throw e;
    } catch (RuntimeException | Error e) {
      failure = new TrcException("decompression failed: " + e, e);
      closeDecoder();
      throw e;
    }
  }

  private void decodeMore() throws IOException {
    MemberReader reader = member;
    MemberDecoder blocks = decoder;
    if (reader == null || blocks == null) {
      reader = nextMember();
      if (reader == null) {
        end();
        return;
      }
      if (blocks == null || !blocks.header().equals(reader.header())) {
        closeDecoder();
        blocks = new MemberDecoder(reader.header(), options);
      }
      member = reader;
      decoder = blocks;
    }
    List<Block> batch = new ArrayList<>();
    boolean atEnd = false;
    long ahead = 0;
    long readAhead = Math.min(READ_AHEAD, options.memoryLimit() / 4);
    try {
      while (!atEnd && (batch.isEmpty() || (batch.size() < group && ahead < readAhead))) {
        Block block = reader.next();
        if (block == null) {
          atEnd = true;
        } else {
          batch.add(block);
          ahead += block.plainLength();
        }
      }
    } catch (IOException e) {
      // What came before the damage is still good, and wanted first.
      if (batch.isEmpty()) {
        throw e;
      }
      later = e;
    }
    if (!batch.isEmpty()) {
      plain.addAll(blocks.decode(batch));
      group = Math.min(GROWTH * group, blocks.bestGroup());
    }
    if (atEnd) {
      compressedBefore += reader.read();
      member = null;
      if (!options.concatenated()) {
        end();
      }
    }
  }

  private @Nullable MemberReader nextMember() throws IOException {
    MemberReader reader = MemberReader.open(in, compressedBefore, options.memoryLimit());
    if (reader == null && !begun) {
      throw new TrcFormatException("the input is empty, which is no .trc stream");
    }
    begun = true;
    return reader;
  }

  /**
   * Nothing more is decoded, so the threads and lanes go now and not only when the stream is
   * closed.
   */
  private void end() {
    ended = true;
    closeDecoder();
  }

  private void closeDecoder() {
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
  }
}
