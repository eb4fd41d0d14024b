package io.trc.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A file of an archive: parts of it, and zeros where there is none. All such files share the
 * decoder and its blocks, which are closed with the file system.
 *
 * @param whole the plain bytes of the archive
 * @param lock held while they are read
 * @param parts the parts in order, which do not overlap
 * @param size the size of the file
 */
record Extents(Content whole, Object lock, List<Part> parts, long size) implements Content {
  /**
   * A part of a file.
   *
   * @param at where it is in the file
   * @param length its bytes
   * @param offset where it is in the archive
   */
  record Part(long at, long length, long offset) {}

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    if (position >= size) {
      return -1;
    }
    Part next = null;
    for (Part part : parts) {
      if (position < part.at() + part.length()) {
        next = part;
        break;
      }
    }
    if (next != null && next.at() <= position) {
      long into = position - next.at();
      return limited(target, next.length() - into, next.offset() + into);
    }
    long end = next == null ? size : next.at();
    int zeros = (int) Math.min(target.remaining(), end - position);
    target.put(new byte[zeros]);
    return zeros;
  }

  private int limited(ByteBuffer target, long most, long offset) throws IOException {
    int limit = target.limit();
    target.limit(target.position() + (int) Math.min(most, target.remaining()));
    try {
      synchronized (lock) {
        return whole.read(target, offset);
      }
    } finally {
      target.limit(limit);
    }
  }

  @Override
  public void close() {
    // What is shared is closed with the file system.
  }
}
