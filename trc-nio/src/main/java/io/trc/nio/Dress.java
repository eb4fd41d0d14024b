package io.trc.nio;

import java.io.IOException;
import java.nio.file.FileSystem;
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
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a file keeps when its content is written to a new one: mode, owner, times.
 *
 * @param from the file system it is from
 * @param times the times
 * @param posix owner and mode, or null where there is no such thing
 */
record Dress(FileSystem from, BasicFileAttributes times, @Nullable PosixFileAttributes posix) {
  /** Each right of the group, and the same right of others. */
  private static final Map<PosixFilePermission, PosixFilePermission> GROUP_AND_OTHERS =
      new EnumMap<>(
          Map.of(
              PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ,
              PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE,
              PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE));

  /** The dress of a file; a link's own. */
  static Dress of(Path file) throws IOException {
    LinkOption own = LinkOption.NOFOLLOW_LINKS;
    if (isPosix(file)) {
      PosixFileAttributes posix = Files.readAttributes(file, PosixFileAttributes.class, own);
      return new Dress(file.getFileSystem(), posix, posix);
    }
    BasicFileAttributes times = Files.readAttributes(file, BasicFileAttributes.class, own);
    return new Dress(file.getFileSystem(), times, null);
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** A file is made with this so that only its owner can read it, until it is dressed. */
  static FileAttribute<?>[] ownerOnly(Path folder) {
    return mode(
        folder, EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
  }

  /** A copy is made with this, so that the mask of the process is kept. */
  static FileAttribute<?>[] copied(Path folder, @Nullable Set<PosixFilePermission> mode) {
    return mode == null ? new FileAttribute<?>[0] : mode(folder, mode);
  }

  private static FileAttribute<?>[] mode(Path folder, Set<PosixFilePermission> mode) {
    return isPosix(folder)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)}
        : new FileAttribute<?>[0];
  }

  /** The mode, or null where there is none. */
  @Nullable Set<PosixFilePermission> mode() {
    return posix == null ? null : posix.permissions();
  }

  /** Gives a file a mode, where there is one. */
  static void permit(Path file, @Nullable Set<PosixFilePermission> mode) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (mode != null && view != null) {
      view.setPermissions(mode);
    }
  }

  /** Dresses a file whose content is new: it has times of its own, but for that of creation. */
  void putOnNew(Path file) throws IOException {
    putOnRights(file);
    setTimes(file, null);
  }

  /** Dresses a file that is the same as before. */
  void putOnSame(Path file) throws IOException {
    putOnRights(file);
    setTimes(file, times);
  }

  private void setTimes(Path file, @Nullable BasicFileAttributes all) throws IOException {
    Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(
            all == null ? null : all.lastModifiedTime(),
            all == null ? null : all.lastAccessTime(),
            times.creationTime());
  }

  private void putOnRights(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (posix == null || view == null) {
      return;
    }
    Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
    mode.addAll(posix.permissions());
    // Owner and group first: rights are not for a group that the file will not belong to.
    if (from.equals(file.getFileSystem()) && !putOnOwner(view, posix)) {
      GROUP_AND_OTHERS.forEach(
          (group, others) -> {
            if (!posix.permissions().contains(others)) {
              mode.remove(group);
            }
          });
    }
    view.setPermissions(mode);
  }

  /** Gives the file to owner and group; false if the group stays another one. */
  private static boolean putOnOwner(PosixFileAttributeView view, PosixFileAttributes wanted)
      throws IOException {
    PosixFileAttributes fresh = view.readAttributes();
    boolean grouped = fresh.group().equals(wanted.group());
    if (!grouped) {
      grouped = permitted(() -> view.setGroup(wanted.group()));
    }
    if (!fresh.owner().equals(wanted.owner())) {
      permitted(() -> view.setOwner(wanted.owner()));
    }
    return grouped;
  }

  private interface Step {
    void run() throws IOException;
  }

  /** Does what an ordinary user may often not do; false if it was not permitted. */
  private static boolean permitted(Step step) {
    try {
      step.run();
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
