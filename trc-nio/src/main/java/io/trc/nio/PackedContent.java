package io.trc.nio;

import io.trc.TrcInputStream;
import io.trc.TrcOptions;
import io.trc.TrcSeekableInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads a .trc stream. As long as it is read from its beginning on, blocks are decoded several at a
 * time; after the first jump, only the one that is needed, of which the last few are kept.
 */
final class PackedContent implements Content {
  private static final int PIECE = 1 << 13;

  private final SeekableByteChannel file;
  private final TrcOptions options;
  private final TrcSeekableInputStream anywhere;
  private @Nullable InputStream forward;
  private long forwardAt;
  private boolean jumped;

  /** Opens. The file is closed with this, also if this constructor throws. */
  PackedContent(SeekableByteChannel file, TrcOptions options, boolean sequential)
      throws IOException {
    this.file = file;
    this.options = options;
    this.anywhere = new TrcSeekableInputStream(file, options);
    this.jumped = !sequential;
  }

  @Override
  public long size() throws IOException {
    return anywhere.length();
  }

  /** The plain bytes that were decoded for jumps. */
  long decodedBytes() throws IOException {
    return anywhere.decodedBytes();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    if (position >= anywhere.length()) {
      return -1;
    }
    InputStream in = at(position);
    int count;
    if (target.hasArray()) {
      count = in.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
      if (count > 0) {
        target.position(target.position() + count);
      }
    } else {
      byte[] piece = new byte[Math.min(PIECE, target.remaining())];
      count = in.read(piece, 0, piece.length);
      if (count > 0) {
        target.put(piece, 0, count);
      }
    }
    forwardAt += Math.max(0, count);
    return count;
  }

  private InputStream at(long position) throws IOException {
    if (!jumped && position == forwardAt) {
      if (forward == null) {
        forward = new TrcInputStream(new FromStart(file), options);
      }
      return forward;
    }
    jumped = true;
    closeForward();
    anywhere.seek(position);
    return anywhere;
  }

  private void closeForward() throws IOException {
    if (forward != null) {
      forward.close();
      forward = null;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      closeForward();
    } finally {
      anywhere.close();
    }
  }

  /** The file from its beginning, wherever others leave its position. */
  private static final class FromStart extends InputStream {
    private final SeekableByteChannel file;
    private long position;

    FromStart(SeekableByteChannel file) {
      this.file = file;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      file.position(position);
      int count = file.read(ByteBuffer.wrap(bytes, offset, length));
      position += Math.max(0, count);
      return count;
    }
  }
}
