package io.trc.cli;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

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

  /** A device, a pipe: what is there already and is not to be replaced by a file. */
  static Output special(Path path) throws IOException {
    OutputStream out = Files.newOutputStream(path);
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
