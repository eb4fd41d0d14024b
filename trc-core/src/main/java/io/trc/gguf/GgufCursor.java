package io.trc.gguf;

import io.trc.TrcModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;

/** Reads the header of a GGUF file front to back, never beyond its end or a limit. */
final class GgufCursor {
  private final String name;
  private final SeekableByteChannel channel;
  private final long size;
  private final long limit;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
  private long position;

  /**
   * @param limit the greatest position that the header may reach
   */
  GgufCursor(SeekableByteChannel channel, String name, long limit) throws IOException {
    this.channel = channel;
    this.name = name;
    this.size = channel.size();
    this.limit = limit;
    buffer.limit(0);
  }

  /** The bytes of the file. */
  long size() {
    return size;
  }

  /** The bytes read so far. */
  long position() {
    return position;
  }

  int u8() throws IOException {
    need(1);
    return buffer.get() & 0xFF;
  }

  int u16() throws IOException {
    need(2);
    return buffer.getShort() & 0xFFFF;
  }

  int i32() throws IOException {
    need(4);
    return buffer.getInt();
  }

  long i64() throws IOException {
    need(8);
    return buffer.getLong();
  }

  /** Reads that many bytes, once it is known that the file has them. */
  byte[] bytes(int count) throws IOException {
    claim(count);
    byte[] bytes = new byte[count];
    int done = Math.min(count, buffer.remaining());
    buffer.get(bytes, 0, done);
    ByteBuffer rest = ByteBuffer.wrap(bytes, done, count - done);
    while (rest.hasRemaining()) {
      if (channel.read(rest) < 0) {
        throw truncated();
      }
    }
    return bytes;
  }

  /** Fails unless the file has {@code count} items of at least {@code width} bytes left. */
  void expect(long count, int width) throws TrcModelException {
    if (count < 0 || count > (Math.min(size, limit) - position) / width) {
      throw count >= 0 && count <= (size - position) / width ? tooLong() : truncated();
    }
  }

  private void need(int count) throws IOException {
    claim(count);
    if (buffer.remaining() < count) {
      buffer.compact();
      while (buffer.position() < count) {
        if (channel.read(buffer) < 0) {
          throw truncated();
        }
      }
      buffer.flip();
    }
  }

  private void claim(int count) throws TrcModelException {
    expect(count, 1);
    position += count;
  }

  private TrcModelException truncated() {
    return new TrcModelException(
        name + ": the GGUF file ends before its header does; it is truncated or damaged");
  }

  private TrcModelException tooLong() {
    return new TrcModelException(
        name + ": the GGUF header is longer than " + (limit >> 20) + " MiB; the file is damaged");
  }
}
