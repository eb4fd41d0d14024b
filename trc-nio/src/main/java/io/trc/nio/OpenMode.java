package io.trc.nio;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;

/** Open options that go together. */
record OpenMode(
    boolean read,
    boolean write,
    boolean append,
    boolean truncate,
    boolean create,
    boolean createNew,
    boolean deleteOnClose,
    boolean follow) {

  /** True if a file system that is read-only has to refuse it. */
  boolean changes() {
    return write || deleteOnClose;
  }

  /**
   * Checks and sums up. A link is not followed by whoever deletes on close.
   *
   * @throws IllegalArgumentException if they exclude each other
   * @throws UnsupportedOperationException if there is one that is not known
   */
  static OpenMode of(Set<? extends OpenOption> options) {
    boolean follow = true;
    for (OpenOption option : options) {
      if (option == LinkOption.NOFOLLOW_LINKS) {
        follow = false;
      } else if (!(Objects.requireNonNull(option) instanceof StandardOpenOption)) {
        throw new UnsupportedOperationException(option + " is not supported");
      }
    }
    // Who deletes what a link leads to, or the link in its place, deletes what was not meant.
    boolean deleteOnClose = options.contains(StandardOpenOption.DELETE_ON_CLOSE);
    boolean append = options.contains(StandardOpenOption.APPEND);
    boolean write = append || options.contains(StandardOpenOption.WRITE);
    boolean read = options.contains(StandardOpenOption.READ) || !write;
    boolean truncate = write && options.contains(StandardOpenOption.TRUNCATE_EXISTING);
    if (append && read) {
      throw new IllegalArgumentException("READ + APPEND not allowed");
    }
    if (append && truncate) {
      throw new IllegalArgumentException("APPEND + TRUNCATE_EXISTING not allowed");
    }
    return new OpenMode(
        read,
        write,
        append,
        truncate,
        write && options.contains(StandardOpenOption.CREATE),
        write && options.contains(StandardOpenOption.CREATE_NEW),
        deleteOnClose,
        follow && !deleteOnClose);
  }
}
