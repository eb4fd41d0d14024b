package io.trc.entropy.huffman;

import io.trc.TrcCorruptedException;
import java.util.Objects;

/** Reads what a {@link BitWriter} wrote. */
final class BitReader {
  private final byte[] bytes;
  private final int end;
  private int position;
  private long pending;
  private int pendingBits;

  BitReader(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    this.bytes = bytes;
    position = offset;
    end = offset + length;
  }

  /** The next {@code count} bits, 0 to 31. */
  int read(int count) throws TrcCorruptedException {
    while (pendingBits < count) {
      if (position == end) {
        throw new TrcCorruptedException("Huffman code ends in the middle of a symbol");
      }
      pending = pending << Byte.SIZE | (bytes[position++] & 0xFF);
      pendingBits += Byte.SIZE;
    }
    pendingBits -= count;
    return (int) (pending >>> pendingBits) & ((1 << count) - 1);
  }

  /** Checks that nothing is left but zeros up to the end of a byte. */
  void finish() throws TrcCorruptedException {
    if (position != end) {
      throw new TrcCorruptedException(
          "Huffman code goes on for " + (end - position) + " bytes after its last symbol");
    }
    if (read(pendingBits) != 0) {
      throw new TrcCorruptedException("Huffman code is not padded with zeros");
    }
  }
}
