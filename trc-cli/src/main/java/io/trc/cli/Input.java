package io.trc.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Something to read.
 *
 * @param path the file, or null for standard input
 * @param length its length in bytes, or -1 where it is unknown
 */
record Input(@Nullable Path path, long length) {
  static final Input STDIN = new Input(null, -1);

  /** What it is called in messages. */
  String name() {
    return path == null ? Shell.STDIN : path.toString();
  }

  InputStream open(Shell shell) throws IOException {
    return path == null ? shell.in() : Files.newInputStream(path);
  }
}
