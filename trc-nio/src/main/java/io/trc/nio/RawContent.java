package io.trc.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** Reads a file that is stored as it is. */
record RawContent(SeekableByteChannel file) implements Content {
  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    file.position(position);
    return file.read(target);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
