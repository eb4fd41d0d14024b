package io.trc.container;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What stands before the payload of a block. The check means nothing if the block is stored. */
record BlockHead(int type, int plainLength, int payloadLength, int plainCheck) {
  /**
   * Reads what follows the type; every length is within the header's limit then.
   *
   * @param number the block's in its member
   */
  static BlockHead decode(Input in, int type, StreamHeader header, int number) throws IOException {
    if (method(type) == 0) {
      throw in.corrupted("a block without a method");
    }
    if (number > 0 && (type & Format.TYPE_SOLE) != 0) {
      throw in.corrupted("it claims to be the only one");
    }
    if (number == 0 && (type & Format.TYPE_LINKED) != 0) {
      throw in.corrupted("it claims to start from a block before it, and is the first");
    }
    long plainLength = in.readVarint();
    if (plainLength == 0 || plainLength > header.maxBlockLength()) {
      throw in.corrupted(
          "a plain length of " + plainLength + " is not in 1.." + header.maxBlockLength());
    }
    if (stored(type)) {
      return new BlockHead(type, (int) plainLength, (int) plainLength, 0);
    }
    long payloadLength = in.readVarint();
    if (payloadLength > plainLength) {
      throw in.corrupted(
          "a payload of " + payloadLength + " bytes for " + plainLength + " plain bytes");
    }
    return new BlockHead(type, (int) plainLength, (int) payloadLength, in.readInt());
  }

  byte[] encode() {
    ByteBuffer bytes = ByteBuffer.allocate(length()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) type);
    Varint.put(bytes, plainLength);
    if (!stored(type)) {
      Varint.put(bytes, payloadLength);
      bytes.putInt(plainCheck);
    }
    return bytes.array();
  }

  private int length() {
    int length = 1 + Varint.length(plainLength);
    return stored(type) ? length : length + Varint.length(payloadLength) + Integer.BYTES;
  }

  /** The length of the whole record: this head, the payload and the crc. */
  int recordLength() {
    return length() + payloadLength + Integer.BYTES;
  }

  int method() {
    return method(type);
  }

  boolean linked() {
    return (type & Format.TYPE_LINKED) != 0;
  }

  boolean base() {
    return (type & Format.TYPE_BASE) != 0;
  }

  boolean sole() {
    return (type & Format.TYPE_SOLE) != 0;
  }

  private static boolean stored(int type) {
    return method(type) == BlockMethod.STORED.id();
  }

  private static int method(int type) {
    return type & Format.METHOD_MASK;
  }
}
