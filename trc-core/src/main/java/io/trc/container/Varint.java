package io.trc.container;

import java.nio.ByteBuffer;

/** Numbers from 0 to 2^63 - 1 in LEB128: seven bits a byte, the low ones first. */
final class Varint {
  static final int MAX_LENGTH = 9;

  private Varint() {}

  static void put(ByteBuffer bytes, long value) {
    long rest = value;
    while (rest >= 0x80) {
      bytes.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    bytes.put((byte) rest);
  }

  static int length(long value) {
    return Math.max(1, (Long.SIZE + 6 - Long.numberOfLeadingZeros(value)) / 7);
  }
}
