package io.trc.hadoop;

import io.trc.TrcInputStream;
import io.trc.TrcOptions;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.io.compress.CompressionInputStream;

/** All members of a stream, as often as new ones are put beneath it. */
final class MemberInputStream extends CompressionInputStream {
  private final TrcOptions options;
  private final FileName name;
  private final byte[] single = new byte[1];
  private TrcInputStream plain;

  MemberInputStream(InputStream in, TrcOptions options, FileName name) throws IOException {
    super(in);
    this.options = options;
    this.name = name;
    plain = decoder();
  }

  private TrcInputStream decoder() {
    return new TrcInputStream(new Unclosed(in), options);
  }

  /** The stream beneath, which outlives what decodes it. */
  private static final class Unclosed extends FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public void close() {}
  }

  @Override
  public int read() throws IOException {
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return name.read(plain, bytes, offset, length);
  }

  @Override
  public int available() throws IOException {
    return plain.available();
  }

  /** Forgets what was read, and begins with what the stream beneath gives from now on. */
  @Override
  public void resetState() throws IOException {
    plain.close();
    plain = decoder();
  }

  @Override
  public void close() throws IOException {
    try {
      plain.close();
    } finally {
      super.close();
    }
  }
}
