package io.trc.nio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

/** A stream of plain bytes; what it throws names the plain path. */
final class PlainInputStream extends InputStream {
  private final InputStream in;
  private final Path plain;
  private final PlainChannel.Closing closing;
  private volatile boolean closed;

  PlainInputStream(InputStream in, Path plain, PlainChannel.Closing closing) {
    this.in = in;
    this.plain = plain;
    this.closing = closing;
  }

  private void check() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  /** As a channel's stream does, it is closed when its reader is interrupted. */
  private <T> T reading(Failures.Step<T> step) throws IOException {
    check();
    try {
      return Failures.naming(plain, () -> Interrupts.in(step));
    } catch (ClosedByInterruptException e) {
      try {
        close();
      } catch (IOException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw e;
    }
  }

  @Override
  public synchronized int read() throws IOException {
    return reading(in::read);
  }

  @Override
  public synchronized int read(byte[] bytes, int offset, int length) throws IOException {
    return reading(() -> in.read(bytes, offset, length));
  }

  @Override
  public synchronized long skip(long n) throws IOException {
    return reading(() -> in.skip(n));
  }

  @Override
  public synchronized int available() throws IOException {
    check();
    return Failures.naming(plain, in::available);
  }

  @Override
  public synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      try {
        in.close();
      } catch (IOException e) {
        throw Failures.plain(e, plain);
      } finally {
        closing.closed(this);
      }
    }
  }
}
