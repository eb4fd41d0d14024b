package io.trc.hadoop;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.apache.hadoop.fs.Seekable;

/** An open file of Hadoop as a channel. */
final class InputChannel implements SeekableByteChannel {
  /** The first step of the search for an end that the stream does not tell. */
  private static final long STEP = 1 << 16;

  private final InputStream in;
  private final Seekable seekable;
  private final long size;
  private long position;
  private boolean closed;

  /** Takes a stream that is a {@link Seekable}, and finds out how long it is. */
  InputChannel(InputStream in) throws IOException {
    this.in = in;
    seekable = (Seekable) in;
    size = findSize();
  }

  /**
   * How long the file is, which no codec is told. Most streams say it by what is available; others
   * name what they happen to hold, so it counts only if nothing can be read there.
   */
  private long findSize() throws IOException {
    long known = 0;
    int part;
    do {
      seekable.seek(known);
      part = in.available();
      known += Math.max(0, part);
    } while (part == Integer.MAX_VALUE);
    return has(known) ? gallop(known) : known;
  }

  /** The size of a file that has the byte at a position. */
  private long gallop(long from) throws IOException {
    long there = from;
    long step = STEP;
    while (has(there + step)) {
      there += step;
      step *= 2;
    }
    long missing = there + step;
    while (missing - there > 1) {
      long middle = (there + missing) >>> 1;
      if (has(middle)) {
        there = middle;
      } else {
        missing = middle;
      }
    }
    return missing;
  }

  private boolean has(long at) throws IOException {
    try {
      seekable.seek(at);
      return in.read() >= 0;
    } catch (EOFException e) {
      return false; // what many file systems say to a seek behind the end
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (position >= size) {
      return -1;
    }
    if (seekable.getPos() != position) {
      seekable.seek(position);
    }
    int count;
    if (target.hasArray()) {
      count = in.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
      target.position(target.position() + Math.max(0, count));
    } else {
      byte[] bytes = new byte[target.remaining()];
      count = in.read(bytes);
      target.put(bytes, 0, Math.max(0, count));
    }
    position += Math.max(0, count);
    return count;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    in.close();
  }
}
