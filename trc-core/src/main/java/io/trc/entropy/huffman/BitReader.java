package io.trc.entropy.huffman;

import io.trc.TrcCorruptedException;

/** Reads what a {@link BitWriter} wrote. */
final class BitReader {
  private final byte[] bytes;
  private int position;
  private long pending;
  private int pendingBits;

  BitReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The next {@code count} bits, 0 to 31. */
  int read(int count) throws TrcCorruptedException {
    while (pendingBits < count) {
      if (position == bytes.length) {
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
    if (position != bytes.length) {
      throw new TrcCorruptedException(
          "Huffman code goes on for " + (bytes.length - position) + " bytes after its last symbol");
    }
    if (read(pendingBits) != 0) {
      throw new TrcCorruptedException("Huffman code is not padded with zeros");
    }
  }
}
