package io.trc.nio;

import io.trc.TrcOptions;
import io.trc.TrcOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The new content of a file on its way into a temporary file in the same folder. */
final class Draft {
  /**
   * How to store.
   *
   * @param packed true to compress
   * @param minSize but not what has fewer bytes
   */
  record Form(boolean packed, int minSize) {}

  private final Supplier<Path> folder;
  private final String temporary;
  private final TrcOptions options;
  private final Form form;
  private final Cut file;
  private @Nullable ByteArrayOutputStream early;
  private OutputStream sink;
  private boolean packed;
  private long count;

  /**
   * Begins.
   *
   * @param folder where the file is, whatever becomes of the name of that place
   * @param attributes what the file is made with: only its owner may read it, unless it is a copy
   */
  Draft(Supplier<Path> folder, Form form, TrcOptions options, FileAttribute<?>... attributes)
      throws IOException {
    this.folder = folder;
    this.options = options;
    this.form = form;
    Path path = Tree.temporary(folder.get());
    this.temporary = path.getFileName().toString();
    this.file = new Cut(create(path, attributes));
    this.sink = file;
    if (form.packed() && form.minSize() > 0) {
      early = new ByteArrayOutputStream();
      sink = early;
    } else if (form.packed()) {
      pack();
    }
  }

  /** Makes a file that was not there, with the given attributes from its first moment on. */
  static OutputStream create(Path path, FileAttribute<?>... attributes) throws IOException {
    return Channels.newOutputStream(
        Files.newByteChannel(
            path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes));
  }

  private void pack() throws IOException {
    sink = new TrcOutputStream(file, options);
    packed = true;
  }

  /** The plain bytes so far. */
  long count() {
    return count;
  }

  /** True if what was finished is a .trc stream. */
  boolean isPacked() {
    return packed;
  }

  Path path() {
    return folder.get().resolve(temporary);
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    count += length;
    ByteArrayOutputStream held = early;
    if (held != null && count >= form.minSize()) {
      early = null;
      pack();
      held.writeTo(sink);
    }
    sink.write(bytes, offset, length);
  }

  /** Completes the file. */
  void finish() throws IOException {
    if (early != null) {
      early.writeTo(file);
      file.close();
    } else {
      sink.close();
    }
  }

  /** Gives up and deletes the file; harmless after it was moved into place. */
  void abort() throws IOException {
    file.cut = true;
    try {
      sink.close();
      file.close();
    } catch (CutException e) {
      // The coder below had more to write, to a file that nobody wants.
      file.close();
    } finally {
      Files.deleteIfExists(path());
    }
  }

  private static final class CutException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** A file that takes nothing more once it is given up. */
  private static final class Cut extends FilterOutputStream {
    private boolean cut;
    private boolean closed;

    Cut(OutputStream file) {
      super(file);
    }

    private void check() throws IOException {
      if (cut) {
        throw new CutException();
      }
    }

    @Override
    public void write(int b) throws IOException {
      check();
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      check();
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        out.close();
      }
    }
  }
}
