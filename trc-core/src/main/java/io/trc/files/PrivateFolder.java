package io.trc.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Whether a folder is safe from other users: what lies in it will be loaded as code.
 *
 * <p>Where the file system knows no Unix modes, the platform's own place for a user's files is
 * trusted.
 */
final class PrivateFolder {
  private static final int WRITABLE_BY_OTHERS = 0022;
  private static final int STICKY = 01000;
  private static final int ROOT = 0;

  private PrivateFolder() {}

  /**
   * Makes the folder if need be; false if it cannot be made or others could change what is there.
   */
  static boolean make(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    try {
      if (!knowsModes(absolute)) {
        Files.createDirectories(absolute);
        return Files.isWritable(absolute);
      }
      Files.createDirectories(
          absolute,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path real = absolute.toRealPath();
      if (!isMine(real) || (mode(real) & WRITABLE_BY_OTHERS) != 0 || !Files.isWritable(real)) {
        return false;
      }
      for (Path above = real.getParent(); above != null; above = above.getParent()) {
        int mode = mode(above);
        boolean guarded = (mode & WRITABLE_BY_OTHERS) == 0 || (mode & STICKY) != 0;
        if (!guarded || (uid(above) != ROOT && !isMine(above))) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      System.getLogger("io.trc")
          .log(System.Logger.Level.DEBUG, "the cache folder " + folder + " cannot be used", e);
      return false;
    }
  }

  /** True if the file belongs to the user whose process this is. */
  static boolean isMine(Path file) throws IOException {
    Path self = Path.of("/proc/self");
    if (knowsModes(file) && Files.exists(self)) {
      return uid(file) == uid(self);
    }
    return Files.getOwner(file, LinkOption.NOFOLLOW_LINKS)
        .getName()
        .equals(System.getProperty("user.name"));
  }

  private static boolean knowsModes(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  private static int mode(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
  }

  private static int uid(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }
}
