package io.trc.hadoop;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.Compressor;

/**
 * Stands in for a compressor where one is pooled: the streams of {@link TrcCodec} do the work. What
 * would do it here throws {@link UnsupportedOperationException}.
 */
final class NoCompressor implements Compressor {
  @Override
  public void setInput(byte[] bytes, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean needsInput() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setDictionary(byte[] bytes, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long getBytesRead() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long getBytesWritten() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void finish() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean finished() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int compress(byte[] bytes, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  /** Does nothing: there is nothing to reset. */
  @Override
  public void reset() {}

  /** Does nothing: there is nothing to free. */
  @Override
  public void end() {}

  /** Does nothing: streams read the configuration of their codec. */
  @Override
  public void reinit(Configuration conf) {}
}
