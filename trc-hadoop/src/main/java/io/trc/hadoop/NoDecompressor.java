package io.trc.hadoop;

import org.apache.hadoop.io.compress.Decompressor;

/**
 * Stands in for a decompressor where one is pooled: the streams of {@link TrcCodec} do the work.
 * What would do it here throws {@link UnsupportedOperationException}.
 */
final class NoDecompressor implements Decompressor {
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
  public boolean needsDictionary() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean finished() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int decompress(byte[] bytes, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int getRemaining() {
    throw new UnsupportedOperationException();
  }

  /** Does nothing: there is nothing to reset. */
  @Override
  public void reset() {}

  /** Does nothing: there is nothing to free. */
  @Override
  public void end() {}
}
