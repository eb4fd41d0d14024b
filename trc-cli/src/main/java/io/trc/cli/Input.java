package io.trc.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Something to read.
 *
 * @param path the file, or null for standard input
 * @param name what it is called in messages
 * @param length its length in bytes, or -1 if it is no regular file
 */
record Input(@Nullable Path path, String name, long length) {
  static final Input STDIN = new Input(null, Shell.STDIN, -1);

  Input(Path path, long length) {
    this(path, path.toString(), length);
  }

  InputStream open(Shell shell) throws IOException {
    return path == null ? new Standard(shell.in()) : Files.newInputStream(path);
  }

  /** The file, if it is a regular one. */
  @Nullable Path regularFile() {
    return length < 0 ? null : path;
  }

  /** Standard input. It is not closed, for it may be named again. */
  private static final class Standard extends FilterInputStream {
    Standard(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (IOException e) {
        throw new IOException("read error: " + e.getMessage(), e);
      }
    }

    @Override
    public void close() {}
  }
}
