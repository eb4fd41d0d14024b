package io.trc.nio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a stored file or folder, links not followed.
 *
 * @param isSettled true if what is found out about it from now on holds as long as its stamp does
 */
record Stored(
    FileTime lastModifiedTime,
    FileTime lastAccessTime,
    FileTime creationTime,
    boolean isRegularFile,
    boolean isDirectory,
    boolean isSymbolicLink,
    long size,
    @Nullable Object fileKey,
    Stamp stamp,
    boolean isSettled)
    implements BasicFileAttributes {
  private static final String NAMES =
      "unix:lastModifiedTime,lastAccessTime,creationTime,mode,size,fileKey,ctime";

  private static final int TYPE = 0170000;
  private static final int REGULAR_FILE = 0100000;
  private static final int DIRECTORY = 0040000;
  private static final int SYMBOLIC_LINK = 0120000;

  static Stored read(Path file) throws IOException {
    long moment = System.currentTimeMillis();
    LinkOption own = LinkOption.NOFOLLOW_LINKS;
    if (Stamp.isTold(file)) {
      Map<String, Object> all = Files.readAttributes(file, NAMES, own);
      Stamp stamp = Stamp.of(all);
      int type = get(all, "mode", Integer.class) & TYPE;
      return new Stored(
          get(all, "lastModifiedTime", FileTime.class),
          get(all, "lastAccessTime", FileTime.class),
          get(all, "creationTime", FileTime.class),
          type == REGULAR_FILE,
          type == DIRECTORY,
          type == SYMBOLIC_LINK,
          get(all, "size", Long.class),
          stamp.key(),
          stamp,
          stamp.isSettled(moment));
    }
    BasicFileAttributes all = Files.readAttributes(file, BasicFileAttributes.class, own);
    Stamp stamp = Stamp.of(all);
    return new Stored(
        all.lastModifiedTime(),
        all.lastAccessTime(),
        all.creationTime(),
        all.isRegularFile(),
        all.isDirectory(),
        all.isSymbolicLink(),
        all.size(),
        all.fileKey(),
        stamp,
        stamp.isSettled(moment));
  }

  private static <T> T get(Map<String, Object> all, String name, Class<T> type) {
    return type.cast(Objects.requireNonNull(all.get(name)));
  }

  @Override
  public boolean isOther() {
    return !isRegularFile && !isDirectory && !isSymbolicLink;
  }
}
