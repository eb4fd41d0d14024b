package io.trc.nio;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which of the files that followed each other under a name. TRC writes a new file whenever content
 * changes, so its key tells; where the file system beneath has no keys, its time does.
 */
record Version(@Nullable Object key, long size, FileTime modified) {
  static Version of(BasicFileAttributes stored) {
    return new Version(stored.fileKey(), stored.size(), stored.lastModifiedTime());
  }

  boolean isSame(Version other) {
    boolean known = key != null && other.key != null;
    boolean sameFile = known ? Objects.equals(key, other.key) : modified.equals(other.modified);
    return sameFile && size == other.size;
  }
}
