package io.trc.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Gives a file the owner, permissions and times of another, as far as that is allowed. */
final class Attributes {
  private Attributes() {}

  static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  static void copy(Path from, Path to) throws IOException {
    BasicFileAttributes times = Files.readAttributes(from, BasicFileAttributes.class);
    if (posix(to)) {
      copyPosix(from, to);
    }
    Files.getFileAttributeView(to, BasicFileAttributeView.class)
        .setTimes(times.lastModifiedTime(), times.lastAccessTime(), null);
  }

  private static void copyPosix(Path from, Path to) throws IOException {
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
