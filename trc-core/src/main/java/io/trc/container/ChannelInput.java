package io.trc.container;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** A part of a channel as a stream; the channel's position is set before every read. */
final class ChannelInput extends InputStream {
  private final SeekableByteChannel channel;
  private final long end;
  private final ByteBuffer ahead = ByteBuffer.allocate(64).limit(0);
  private long position;

  ChannelInput(SeekableByteChannel channel, long start, long end) {
    this.channel = channel;
    this.position = start;
    this.end = end;
  }

  @Override
  public int read() throws IOException {
    if (!ahead.hasRemaining()) {
      ahead.clear();
      int count = fill(ahead);
      ahead.flip();
      if (count < 0) {
        return -1;
      }
    }
    return ahead.get() & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (ahead.hasRemaining()) {
      int count = Math.min(length, ahead.remaining());
      ahead.get(bytes, offset, count);
      return count;
    }
    return length == 0 ? 0 : fill(ByteBuffer.wrap(bytes, offset, length));
  }

  private int fill(ByteBuffer target) throws IOException {
    long left = end - position;
    if (left <= 0) {
      return -1;
    }
    if (left < target.remaining()) {
      target.limit(target.position() + (int) left);
    }
    channel.position(position);
    int count = 0;
    while (count == 0) {
      count = channel.read(target);
    }
    if (count > 0) {
      position += count;
    }
    return count;
  }
}
