package org.apache.hadoop.io.compress;

import io.trc.TrcOptions;
import io.trc.TrcOutputStream;
import io.trc.hadoop.TrcCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Stands before Hadoop's class of this name, since it is the only one that Hadoop's tests of
 * splitting know. It reads by {@link TrcCodec}, under the other's file extension.
 *
 * <p>Those tests write some twenty million bytes. So that they take seconds and not minutes, all
 * bytes are inverted: what is no text is left to LZMA2. A block is ended every 64 KiB.
 */
public class BZip2Codec extends TrcCodec {
  private static final int BLOCK = 1 << 16;

  /** What all positions lack: 0, or 1 for a test that has to fail. */
  public static volatile int less;

  @Override
  public CompressionOutputStream createOutputStream(OutputStream out) throws IOException {
    TrcOptions options = TrcOptions.builder().level(1).syncFlush(true).build();
    return new Inverting(new TrcOutputStream(out, options));
  }

  private static final class Inverting extends CompressionOutputStream {
    private final TrcOutputStream trc;
    private int written;

    Inverting(TrcOutputStream trc) {
      super(trc);
      this.trc = trc;
    }

    @Override
    public void write(int b) throws IOException {
      trc.write(~b);
      if (++written % BLOCK == 0) {
        trc.flush();
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      for (int i = 0; i < length; i++) {
        write(bytes[offset + i]);
      }
    }

    @Override
    public void finish() throws IOException {
      trc.finish();
    }

    @Override
    public void resetState() {
      throw new UnsupportedOperationException();
    }
  }

  @Override
  public SplitCompressionInputStream createInputStream(
      InputStream in, Decompressor decompressor, long start, long end, READ_MODE mode)
      throws IOException {
    return new Inverted(in, super.createInputStream(in, decompressor, start, end, mode));
  }

  private static final class Inverted extends SplitCompressionInputStream {
    private final SplitCompressionInputStream trc;

    Inverted(InputStream in, SplitCompressionInputStream trc) throws IOException {
      super(in, trc.getAdjustedStart(), trc.getAdjustedEnd());
      this.trc = trc;
    }

    @Override
    public int read() throws IOException {
      int octet = trc.read();
      return octet < 0 ? -1 : ~octet & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = trc.read(bytes, offset, length);
      for (int i = 0; i < count; i++) {
        bytes[offset + i] = (byte) ~bytes[offset + i];
      }
      return count;
    }

    @Override
    public void resetState() throws IOException {
      trc.resetState();
    }

    @Override
    public long getPos() throws IOException {
      return Math.max(0, trc.getPos() - less);
    }

    @Override
    public void close() throws IOException {
      trc.close();
    }
  }

  @Override
  public String getDefaultExtension() {
    return ".bz2";
  }
}
