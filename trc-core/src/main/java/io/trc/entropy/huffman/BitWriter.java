package io.trc.entropy.huffman;

import java.util.Arrays;

/** Bits packed into bytes, the first into the highest bit. */
final class BitWriter {
  private byte[] bytes = new byte[256];
  private int size;
  private long pending;
  private int pendingBits;

  /** Appends the low {@code count} bits of {@code value}, whose others are zero; 0 to 56. */
  void write(long value, int count) {
    pending = pending << count | value;
    pendingBits += count;
    while (pendingBits >= Byte.SIZE) {
      pendingBits -= Byte.SIZE;
      put((byte) (pending >>> pendingBits));
    }
  }

  private void put(byte b) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * size);
    }
    bytes[size++] = b;
  }

  /** The number of bytes begun. */
  int size() {
    return pendingBits == 0 ? size : size + 1;
  }

  /** Pads with zeros to a whole byte and returns all of them. */
  byte[] finish() {
    if (pendingBits > 0) {
      write(0, Byte.SIZE - pendingBits);
    }
    return Arrays.copyOf(bytes, size);
  }

  void reset() {
    size = 0;
    pending = 0;
    pendingBits = 0;
  }
}
