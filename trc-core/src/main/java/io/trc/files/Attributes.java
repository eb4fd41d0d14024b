package io.trc.files;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Owner, permissions and times of a file, for the one that is made from it or takes its place. That
 * one is secret while it is written, and then gets them, as far as that is allowed.
 *
 * @param fileSystem the file system that knows the owner
 * @param all the attributes, with owner and permissions where there are such
 */
public record Attributes(FileSystem fileSystem, BasicFileAttributes all) {
  /** Each right of the group, and the same right of others. */
  private static final Map<PosixFilePermission, PosixFilePermission> GROUP_AND_OTHERS =
      new EnumMap<>(
          Map.of(
              PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ,
              PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE,
              PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE));

  /** Reads those of a file. */
  public static Attributes of(Path file, LinkOption... options) throws IOException {
    Class<? extends BasicFileAttributes> type =
        posix(file) ? PosixFileAttributes.class : BasicFileAttributes.class;
    return new Attributes(file.getFileSystem(), Files.readAttributes(file, type, options));
  }

  /** True if files of this path's file system have Unix owners and permissions. */
  public static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** What to create a file with that only its owner may read. */
  public static FileAttribute<?>[] secret(Path folder) {
    return creating(folder, PosixFilePermissions.fromString("rw-------"));
  }

  /** What to create a file with that has these permissions, as far as the process's mask allows. */
  public static FileAttribute<?>[] creating(
      Path folder, @Nullable Set<PosixFilePermission> permissions) {
    return permissions != null && posix(folder)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  /** The permissions, or null where there are none. */
  public @Nullable Set<PosixFilePermission> permissions() {
    return all instanceof PosixFileAttributes posix ? posix.permissions() : null;
  }

  /** Gives them to a file. */
  public void putOn(Path file) throws IOException {
    putRightsOn(file);
    setTimes(file, all.lastModifiedTime(), all.lastAccessTime());
  }

  /** Gives them to a file whose content is another: it has times of its own, but for its birth. */
  public void putOnChanged(Path file) throws IOException {
    putRightsOn(file);
    setTimes(file, null, null);
  }

  private void setTimes(Path file, @Nullable FileTime modified, @Nullable FileTime access)
      throws IOException {
    Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(modified, access, all.creationTime());
  }

  /** Gives owner and permissions to a file. */
  public void putRightsOn(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null || !(all instanceof PosixFileAttributes posix)) {
      return;
    }
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    permissions.addAll(posix.permissions());
    // Owner and group first: rights are not for a group that the file will not belong to.
    if (fileSystem.equals(file.getFileSystem()) && !isGroupKept(view, posix)) {
      // Its members may no more than everybody may, and the members of the other no more either.
      GROUP_AND_OTHERS.forEach(
          (group, others) -> {
            if (!permissions.contains(group) || !permissions.contains(others)) {
              permissions.remove(group);
              permissions.remove(others);
            }
          });
    }
    view.setPermissions(permissions);
  }

  /** Gives the file to owner and group; false if the group stays another one. */
  private static boolean isGroupKept(PosixFileAttributeView view, PosixFileAttributes wanted)
      throws IOException {
    PosixFileAttributes fresh = view.readAttributes();
    boolean kept =
        fresh.group().equals(wanted.group()) || tried(() -> view.setGroup(wanted.group()));
    if (!fresh.owner().equals(wanted.owner())) {
      tried(() -> view.setOwner(wanted.owner()));
    }
    return kept;
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

  /**
   * Dresses a file that was made from another: as that one if it is a regular file, else as the
   * file that it is to replace, else as any new one.
   */
  public static void dress(Path fresh, Path source, Path target) throws IOException {
    if (Files.isRegularFile(source)) {
      of(source).putOn(fresh);
    } else if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      of(target).putRightsOn(fresh);
    } else if (posix(fresh)) {
      dressAsNew(fresh);
    }
  }

  /** Gives a file the permissions that any new file gets in its folder: those of the umask. */
  private static void dressAsNew(Path fresh) throws IOException {
    Path probe = fresh.resolveSibling(fresh.getFileName() + ".mode");
    try {
      Files.createFile(probe);
      Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(probe));
    } finally {
      Files.deleteIfExists(probe);
    }
  }
}
