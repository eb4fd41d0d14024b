package io.trc.nio;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The files of a folder under their plain names. */
final class PlainDirectoryStream implements DirectoryStream<Path> {
  /** The plain path of a stored file, or null if it is left out. */
  interface Naming {
    @Nullable Path plain(Path stored) throws IOException;
  }

  private final Closeable stored;
  private final Iterator<Path> files;
  private final Naming naming;
  private final Filter<? super Path> filter;
  private final PlainChannel.Closing closing;
  private boolean iterated;
  private volatile boolean closed;

  PlainDirectoryStream(
      Closeable stored,
      Iterator<Path> files,
      Naming naming,
      Filter<? super Path> filter,
      PlainChannel.Closing closing) {
    this.stored = stored;
    this.files = files;
    this.naming = naming;
    this.filter = filter;
    this.closing = closing;
  }

  @Override
  public synchronized Iterator<Path> iterator() {
    if (closed) {
      throw new ClosedDirectoryStreamException();
    }
    if (iterated) {
      throw new IllegalStateException("the directory stream was iterated already");
    }
    iterated = true;
    return new Names();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    try {
      stored.close();
    } finally {
      closing.closed(this);
    }
  }

  private final class Names implements Iterator<Path> {
    private @Nullable Path next;

    @Override
    public boolean hasNext() {
      while (next == null && !closed && files.hasNext()) {
        try {
          Path plain = naming.plain(files.next());
          if (plain != null && filter.accept(plain)) {
            next = plain;
          }
        } catch (IOException e) {
          throw new DirectoryIteratorException(e);
        }
      }
      return next != null;
    }

    @Override
    public Path next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Path path = next;
      next = null;
      return path;
    }
  }
}
