package io.trc.hadoop;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.io.compress.SplitCompressionInputStream;

/** A stream whose positions are one less than they have to be. */
final class OneLessInputStream extends SplitCompressionInputStream {
  private final SplitCompressionInputStream right;

  /** Spoils the positions of a stream that reads from {@code in}. */
  OneLessInputStream(InputStream in, SplitCompressionInputStream right) throws IOException {
    super(in, right.getAdjustedStart(), right.getAdjustedEnd());
    this.right = right;
  }

  @Override
  public int read() throws IOException {
    return right.read();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return right.read(bytes, offset, length);
  }

  @Override
  public void resetState() throws IOException {
    right.resetState();
  }

  @Override
  public long getPos() throws IOException {
    return Math.max(0, right.getPos() - 1);
  }

  @Override
  public void close() throws IOException {
    right.close();
  }
}
