package io.trc.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Owner, permissions and times of a file that is being made. It is secret while it is written, and
 * then gets those of another file, as far as that is allowed.
 */
public final class Attributes {
  private Attributes() {}

  /** True if files of this path's file system have Unix owners and permissions. */
  public static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** What to create a file with that only its owner may read. */
  public static FileAttribute<?>[] secret(Path folder) {
    return posix(folder)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Gives a file the owner, permissions and times of the regular file that it was made from. */
  public static void copy(Path from, Path to) throws IOException {
    BasicFileAttributes times = Files.readAttributes(from, BasicFileAttributes.class);
    if (posix(to)) {
      copyPosix(from, to);
    }
    Files.getFileAttributeView(to, BasicFileAttributeView.class)
        .setTimes(times.lastModifiedTime(), times.lastAccessTime(), null);
  }

  /** Gives a file the owner and permissions of the regular file that it is to replace. */
  public static void copyPosix(Path from, Path to) throws IOException {
    PosixFileAttributes source = Files.readAttributes(from, PosixFileAttributes.class);
    PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    PosixFileAttributes fresh =
        Files.readAttributes(to, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    boolean sameOwner =
        source.owner().equals(fresh.owner()) || tried(() -> view.setOwner(source.owner()));
    boolean sameGroup =
        source.group().equals(fresh.group()) || tried(() -> view.setGroup(source.group()));
    view.setPermissions(permissions(source.permissions(), sameOwner && sameGroup));
  }

  /** Gives a file the permissions of another of the same owner. */
  public static void copyPermissions(Path from, Path to) throws IOException {
    Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
  }

  /**
   * Dresses a file that was made from another: as that one if it is a regular file, else as the
   * file that it is to replace, else as any new one.
   */
  public static void dress(Path fresh, Path source, Path target) throws IOException {
    if (Files.isRegularFile(source)) {
      copy(source, fresh);
    } else if (posix(target) && Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      copyPosix(target, fresh);
    } else if (posix(fresh)) {
      dressAsNew(fresh);
    }
  }

  /** Gives a file the permissions that any new file gets in its folder: those of the umask. */
  private static void dressAsNew(Path fresh) throws IOException {
    Path probe = fresh.resolveSibling(fresh.getFileName() + ".mode");
    try {
      Files.createFile(probe);
      copyPermissions(probe, fresh);
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /** In another group, its members may no more than everybody may. */
  private static Set<PosixFilePermission> permissions(
      Set<PosixFilePermission> source, boolean sameGroup) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    permissions.addAll(source);
    if (!sameGroup) {
      keep(permissions, PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);
      keep(permissions, PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
      keep(permissions, PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);
    }
    return permissions;
  }

  private static void keep(
      Set<PosixFilePermission> permissions, PosixFilePermission one, PosixFilePermission other) {
    if (!permissions.contains(one) || !permissions.contains(other)) {
      permissions.remove(one);
      permissions.remove(other);
    }
  }

  private interface Change {
    void make() throws IOException;
  }

  /** Only root may give files away, so a refusal is the normal case. */
  private static boolean tried(Change change) {
    try {
      change.make();
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
