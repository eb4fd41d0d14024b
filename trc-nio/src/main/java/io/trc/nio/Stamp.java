package io.trc.nio;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of a stored file or folder, links not followed: what was found out about a settled one
 * is true as long as its stamp is the same.
 *
 * @param key the file's key, or null where the file system beneath has none
 * @param changed when anything of it was changed, a time that nobody can set; where the file system
 *     beneath does not tell, when its content was modified
 * @param size its size where others may set that time, else 0
 */
record Stamp(@Nullable Object key, FileTime changed, long size) {
  /** True where the default file system tells when anything of a file was changed. */
  private static final boolean UNIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

  /** FAT has the coarsest times, whole seconds that are even. */
  private static final long MILLIS_TO_SETTLE = 3_000;

  /** Reads the stamp alone, which is quicker than all attributes. */
  static Stamp read(Path file) throws IOException {
    LinkOption own = LinkOption.NOFOLLOW_LINKS;
    return isTold(file)
        ? of(Files.readAttributes(file, "unix:ctime,fileKey", own))
        : of(Files.readAttributes(file, BasicFileAttributes.class, own));
  }

  static Stamp of(Map<String, Object> unix) {
    FileTime changed = (FileTime) Objects.requireNonNull(unix.get("ctime"));
    return new Stamp(unix.get("fileKey"), changed, 0);
  }

  static Stamp of(BasicFileAttributes basic) {
    return new Stamp(basic.fileKey(), basic.lastModifiedTime(), basic.size());
  }

  /** True if stamps in a file system have a time that nobody can set. */
  static boolean isTold(Path file) {
    return UNIX && file.getFileSystem() == FileSystems.getDefault();
  }

  /**
   * True if, at some moment before the stamp was read, so much time had passed that the next change
   * gets another time, however coarse the clock of the file system beneath is.
   */
  boolean isSettled(long millis) {
    return changed.toMillis() < millis - MILLIS_TO_SETTLE;
  }
}
