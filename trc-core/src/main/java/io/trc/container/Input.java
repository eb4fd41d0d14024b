package io.trc.container;

import io.trc.TrcCorruptedException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The bytes of a member one after the other, counted and summed. It never takes a byte more from
 * the stream than was asked for.
 */
final class Input {
  /** Memory for more than this is only taken as the bytes arrive. */
  private static final int TRUST = 1 << 16;

  private final InputStream in;
  private final CRC32C crc = new CRC32C();
  private long position;
  private String record = "stream";
  private long start;

  Input(InputStream in, long position) {
    this.in = in;
    this.position = position;
  }

  /** The bytes read so far, on top of where the count began. */
  long position() {
    return position;
  }

  /** Where the record began that is being read. */
  long start() {
    return start;
  }

  /** Begins to sum a record that errors call by this name. */
  void begin(String name) {
    record = name;
    start = position;
    crc.reset();
  }

  /** Begins to sum a record whose crc also covers its plain offset. */
  void begin(String name, long plainOffset) {
    begin(name);
    updateOffset(crc, plainOffset);
  }

  static void updateOffset(CRC32C crc, long plainOffset) {
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      crc.update((int) (plainOffset >>> shift));
    }
  }

  /** An exception that says what is wrong with the record that is being read, and where it is. */
  TrcCorruptedException corrupted(String problem) {
    return new TrcCorruptedException(record + " at byte " + start + ": " + problem);
  }

  /** The next byte, or -1 at the end of the stream. */
  int readOrEnd() throws IOException {
    int octet = in.read();
    if (octet >= 0) {
      position++;
      crc.update(octet);
    }
    return octet;
  }

  int read() throws IOException {
    int octet = readOrEnd();
    if (octet < 0) {
      throw truncated();
    }
    return octet;
  }

  int readInt() throws IOException {
    return read() | (read() << 8) | (read() << 16) | (read() << 24);
  }

  long readVarint() throws IOException {
    long value = 0;
    for (int i = 0; i < Varint.MAX_LENGTH; i++) {
      int octet = read();
      value |= (octet & 0x7FL) << (7 * i);
      if (octet < 0x80) {
        if (octet == 0 && i > 0) {
          throw corrupted("a number is not in its shortest form");
        }
        return value;
      }
    }
    throw corrupted("a number is too long");
  }

  /** Reads exactly so many bytes; takes no more than twice the memory of what really is there. */
  byte[] readBytes(int length) throws IOException {
    byte[] bytes = new byte[Math.min(length, TRUST)];
    int filled = 0;
    while (true) {
      while (filled < bytes.length) {
        filled += readSome(bytes, filled);
      }
      if (filled == length) {
        return bytes;
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * filled));
    }
  }

  /** Reads and sums bytes that nobody keeps. */
  void skipBytes(long length, CRC32C sum) throws IOException {
    byte[] bytes = new byte[(int) Math.min(length, 1 << 13)];
    long left = length;
    while (left > 0) {
      byte[] part = left < bytes.length ? new byte[(int) left] : bytes;
      int count = readSome(part, 0);
      sum.update(part, 0, count);
      left -= count;
    }
  }

  private int readSome(byte[] bytes, int offset) throws IOException {
    int count = in.read(bytes, offset, bytes.length - offset);
    if (count == 0) {
      // A stream that breaks its contract: a single read must wait for a byte.
      int octet = in.read();
      if (octet >= 0) {
        bytes[offset] = (byte) octet;
        count = 1;
      } else {
        count = -1;
      }
    }
    if (count < 0) {
      throw truncated();
    }
    crc.update(bytes, offset, count);
    position += count;
    return count;
  }

  /** Reads a crc and compares it with the sum of the record so far. */
  void verifyCrc() throws IOException {
    int expected = (int) crc.getValue();
    if (readInt() != expected) {
      throw corrupted("damaged, its checksum does not match");
    }
  }

  private TrcCorruptedException truncated() {
    return corrupted("truncated, the input ends at byte " + position);
  }
}
