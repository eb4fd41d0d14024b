package io.trc.nio;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The plain bytes of an open file. Confined to one thread at a time. */
interface Content extends Closeable {
  /** The bytes that are copied at once. */
  int PIECE = 1 << 16;

  /** The plain length. */
  long size() throws IOException;

  /** Reads at least one byte at a position, or returns -1 at or beyond the end. */
  int read(ByteBuffer target, long position) throws IOException;

  /** Takes bytes one after the other. */
  interface Sink {
    void write(byte[] bytes, int offset, int length) throws IOException;
  }

  /** Copies all bytes. */
  default void copyTo(Sink sink) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    long from = 0;
    while (read(piece, from) >= 0) {
      from += piece.position();
      sink.write(piece.array(), 0, piece.position());
      piece.clear();
    }
  }

  /** Writes all bytes at a position; a gap before it is filled with zeros. */
  default void write(ByteBuffer source, long position) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Told before it is closed when a call failed: what was written is not whole, so it goes. */
  default void giveUp() {}

  /** Cuts off what is beyond a size. */
  default void truncate(long size) throws IOException {
    throw new UnsupportedOperationException();
  }
}
