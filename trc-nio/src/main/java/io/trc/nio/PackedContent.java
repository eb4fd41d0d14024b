package io.trc.nio;

import io.trc.TrcOptions;
import io.trc.TrcSeekableInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/**
 * Reads a .trc stream. Where it is read in order, blocks are decoded several at a time; after a
 * jump, only the one that is needed. The last few are kept.
 */
final class PackedContent implements Content {
  private static final int PIECE = 1 << 13;

  private final TrcSeekableInputStream plain;

  /** Opens. The file is closed with this, also if this constructor throws. */
  PackedContent(SeekableByteChannel file, TrcOptions options) throws IOException {
    this.plain = new TrcSeekableInputStream(file, options);
  }

  @Override
  public long size() throws IOException {
    return plain.length();
  }

  /** The plain bytes that were decoded so far. */
  long decodedBytes() throws IOException {
    return plain.decodedBytes();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    plain.seek(position);
    byte[] piece = new byte[Math.min(PIECE, target.remaining())];
    int count = plain.read(piece, 0, piece.length);
    target.put(piece, 0, Math.max(0, count));
    return count;
  }

  @Override
  public void close() throws IOException {
    plain.close();
  }
}
