package io.trc.cli;

import io.trc.files.Attributes;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;

/** Where the bytes made from one input go. */
abstract sealed class Output implements Closeable permits Output.Stream, FileOutput {
  private final String name;

  Output(String name) {
    this.name = name;
  }

  /** What it is called in messages. */
  final String name() {
    return name;
  }

  abstract Sink sink();

  /** Makes what was written the final result. Without it, {@link #close} leaves no file behind. */
  abstract void commit() throws IOException;

  /** Standard output, or nowhere: it is not closed. */
  static Output unclosed(String name, OutputStream out) {
    return new Stream(name, new BufferedOutputStream(out, 1 << 16), () -> {});
  }

  /** A device, a pipe: it is there already and is not to be replaced by a file. */
  static Output special(Path path) throws IOException {
    return special(path, StandardOpenOption.WRITE);
  }

  /**
   * What some process has open. It is written to as by its descriptor, so a file grows. What is
   * only open for reading, such as Java's own files, is refused.
   */
  static Output opened(Path path, Path entry) throws IOException {
    if (Attributes.posix(entry)
        && !Files.getPosixFilePermissions(entry, LinkOption.NOFOLLOW_LINKS)
            .contains(PosixFilePermission.OWNER_WRITE)) {
      throw new FileSystemException(path.toString(), null, "is not open for writing");
    }
    return special(
        path, Files.isRegularFile(path) ? StandardOpenOption.APPEND : StandardOpenOption.WRITE);
  }

  private static Output special(Path path, StandardOpenOption option) throws IOException {
    OutputStream out = Files.newOutputStream(path, option);
    return new Stream(path.toString(), new BufferedOutputStream(out, 1 << 16), out);
  }

  static final class Stream extends Output {
    private final Sink sink;
    private final Closeable beneath;

    Stream(String name, OutputStream out, Closeable beneath) {
      super(name);
      this.sink = new Sink(name, out);
      this.beneath = beneath;
    }

    @Override
    Sink sink() {
      return sink;
    }

    @Override
    void commit() throws IOException {
      sink.flush();
    }

    @Override
    public void close() throws IOException {
      beneath.close();
    }
  }
}
