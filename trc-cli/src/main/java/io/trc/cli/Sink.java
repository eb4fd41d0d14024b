package io.trc.cli;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Counts what is written, says where it was to go when that fails, and can be told to take no more.
 */
final class Sink extends OutputStream {
  private final String name;
  private final OutputStream out;
  private long count;
  private boolean aborted;

  Sink(String name, OutputStream out) {
    this.name = name;
    this.out = out;
  }

  /** The bytes written so far. */
  long count() {
    return count;
  }

  /** Makes every further write fail, so that nothing half done is made to look complete. */
  void abort() {
    aborted = true;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (aborted) {
      throw new Failure(name, "nothing more is written after a failure");
    }
    try {
      out.write(bytes, offset, length);
    } catch (ReaderGone e) {
      throw e;
    } catch (IOException e) {
      throw new Failure(name, e);
    }
    count += length;
  }

  @Override
  public void flush() throws IOException {
    if (aborted) {
      return;
    }
    try {
      out.flush();
    } catch (ReaderGone e) {
      throw e;
    } catch (IOException e) {
      throw new Failure(name, e);
    }
  }

  /** Only flushes: whoever opened the stream closes it. */
  @Override
  public void close() throws IOException {
    flush();
  }
}
