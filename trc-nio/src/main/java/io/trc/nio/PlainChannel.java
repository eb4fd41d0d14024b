package io.trc.nio;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Objects;

/** An open file. Threads may share it; they read one after the other. */
final class PlainChannel extends FileChannel {
  private static final int PIECE = 1 << 13;

  /** How a file was opened. */
  record Access(boolean readable, boolean writable, boolean append) {}

  /** Told when the channel is closed, so that the file system forgets it. */
  interface Closing {
    void closed(Closeable channel) throws IOException;
  }

  private final Path plain;
  private final Content content;
  private final Access access;
  private final Closing closing;
  private final Object lock = new Object();
  private long position;

  PlainChannel(Path plain, Content content, Access access, Closing closing) {
    this.plain = plain;
    this.content = content;
    this.access = access;
    this.closing = closing;
  }

  /**
   * Runs a step. As with any {@link java.nio.channels.InterruptibleChannel}, whoever is interrupted
   * finds this channel closed; what others have open is not touched.
   */
  private <T> T locked(Failures.Step<T> step) throws IOException {
    try {
      synchronized (lock) {
        if (!isOpen()) {
          throw new ClosedChannelException();
        }
        try {
          return Interrupts.in(step);
        } catch (ClosedByInterruptException e) {
          content.giveUp();
          throw e;
        } catch (IOException e) {
          throw Failures.plain(e, plain);
        }
      }
    } catch (ClosedByInterruptException e) {
      // Not with the lock held: whoever is closing has what close needs, and waits for the lock.
      try {
        close();
      } catch (IOException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw e;
    }
  }

  private void checkReadable() throws IOException {
    checkOpen();
    if (!access.readable()) {
      throw new NonReadableChannelException();
    }
  }

  private void checkWritable() throws IOException {
    checkOpen();
    if (!access.writable()) {
      throw new NonWritableChannelException();
    }
  }

  private void checkOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  private static void checkNotNegative(long value, String what) {
    if (value < 0) {
      throw new IllegalArgumentException("negative " + what + ": " + value);
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    checkReadable();
    return locked(
        () -> {
          int count = fill(target, position);
          position += Math.max(0, count);
          return count;
        });
  }

  @Override
  public int read(ByteBuffer target, long from) throws IOException {
    checkReadable();
    checkNotNegative(from, "position");
    return locked(() -> fill(target, from));
  }

  /** Fills the buffer if the file goes on that long: applications seldom expect less. */
  private int fill(ByteBuffer target, long from) throws IOException {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("read-only buffer");
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    int total = 0;
    while (target.hasRemaining()) {
      int count = content.read(target, from + total);
      if (count < 0) {
        break;
      }
      total += count;
    }
    return total == 0 ? -1 : total;
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, targets.length);
    checkReadable();
    return locked(
        () -> {
          long total = 0;
          for (int i = offset; i < offset + length; i++) {
            if (targets[i].hasRemaining()) {
              int count = fill(targets[i], position);
              if (count < 0) {
                return total == 0 ? -1L : total;
              }
              position += count;
              total += count;
              if (targets[i].hasRemaining()) {
                break;
              }
            }
          }
          return total;
        });
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    checkWritable();
    return locked(() -> put(source));
  }

  private int put(ByteBuffer source) throws IOException {
    if (access.append()) {
      position = content.size();
    }
    int count = source.remaining();
    if (count > 0) {
      content.write(source, position);
    }
    position += count;
    return count;
  }

  @Override
  public int write(ByteBuffer source, long to) throws IOException {
    checkNotNegative(to, "position");
    checkWritable();
    return locked(() -> putAt(source, to));
  }

  private int putAt(ByteBuffer source, long to) throws IOException {
    int count = source.remaining();
    if (count > 0) {
      content.write(source, access.append() ? content.size() : to);
    }
    return count;
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, sources.length);
    checkWritable();
    return locked(
        () -> {
          long total = 0;
          for (int i = offset; i < offset + length; i++) {
            total += put(sources[i]);
          }
          return total;
        });
  }

  @Override
  public long position() throws IOException {
    return locked(() -> access.append() ? content.size() : position);
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    checkOpen();
    checkNotNegative(newPosition, "position");
    return locked(
        () -> {
          position = newPosition;
          return this;
        });
  }

  @Override
  public long size() throws IOException {
    return locked(content::size);
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    checkWritable();
    checkNotNegative(size, "size");
    return locked(
        () -> {
          if (size < content.size()) {
            content.truncate(size);
          }
          position = Math.min(position, size);
          return this;
        });
  }

  /** What was written is in place when the channel is closed, not before. */
  @Override
  public void force(boolean metaData) throws IOException {
    checkOpen();
  }

  @Override
  public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
    checkReadable();
    if (!target.isOpen()) {
      throw new ClosedChannelException();
    }
    checkNotNegative(from, "position");
    checkNotNegative(count, "count");
    if (target instanceof PlainChannel other && !other.access.writable()) {
      throw new NonWritableChannelException();
    }
    long done = 0;
    while (done < count) {
      ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, count - done));
      if (read(piece, from + done) < 0) {
        break;
      }
      piece.flip();
      int length = piece.remaining();
      int written = target.write(piece);
      done += written;
      if (written < length) {
        break;
      }
    }
    return done;
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long to, long count) throws IOException {
    checkWritable();
    if (!source.isOpen()) {
      throw new ClosedChannelException();
    }
    checkNotNegative(to, "position");
    checkNotNegative(count, "count");
    if (to > size()) {
      return 0;
    }
    long done = 0;
    while (done < count) {
      ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, count - done));
      if (source.read(piece) <= 0) {
        break;
      }
      piece.flip();
      done += write(piece, to + done);
    }
    return done;
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long from, long size) {
    throw new UnsupportedOperationException("what is stored is not what is read; it is not mapped");
  }

  @Override
  public FileLock lock(long from, long size, boolean shared) {
    throw new UnsupportedOperationException("TRC file systems have no locks");
  }

  @Override
  public FileLock tryLock(long from, long size, boolean shared) {
    throw new UnsupportedOperationException("TRC file systems have no locks");
  }

  @Override
  protected void implCloseChannel() throws IOException {
    synchronized (lock) {
      try {
        Interrupts.deferred(content::close);
      } catch (IOException e) {
        throw Failures.plain(e, plain);
      } finally {
        closing.closed(this);
      }
    }
  }
}
