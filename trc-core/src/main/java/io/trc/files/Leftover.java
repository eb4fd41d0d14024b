package io.trc.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a killed process left half written, under a hidden name that tells its number. Whoever
 * writes such a file holds a lock on it. So one is stale, and deleted, if it is the user's own, its
 * process has gone, and nobody holds the lock: the number alone would not do, since containers and
 * machines that share the folder have numbers of their own.
 */
public final class Leftover {
  private static final Pattern NAME = Pattern.compile("\\.trc-(\\d{1,18})-\\d{1,10}\\.tmp");

  private Leftover() {}

  /** The hidden name of a process's file. */
  public static String name(long pid, int number) {
    return ".trc-" + pid + "-" + number + ".tmp";
  }

  /** True if a file is half written, by this or another process. */
  public static boolean isOne(String name) {
    return NAME.matcher(name).matches();
  }

  /** Locks a file that was just created; false if another process has taken it for stale. */
  public static boolean claim(Path path, FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      return true; // no locks on this file system: then nobody takes it for stale either
    }
  }

  /**
   * Deletes the stale ones in a folder.
   *
   * @param user whose they must be
   * @param own the files that this process is writing; opening them would give up their locks
   */
  public static void sweep(Path folder, UserPrincipal user, Set<Path> own) throws IOException {
    try (DirectoryStream<Path> names = Files.newDirectoryStream(folder, ".trc-*.tmp")) {
      for (Path path : names) {
        if (!own.contains(path)) {
          deleteIfStale(path, user);
        }
      }
    } catch (AccessDeniedException e) {
      return; // a folder that may be written to and not be listed: its leftovers are not seen
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static void deleteIfStale(Path path, UserPrincipal user) throws IOException {
    try {
      if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
          && Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(user)
          && hasNoProcess(path)) {
        deleteUnlessLocked(path);
      }
    } catch (NoSuchFileException e) {
      return; // another process finished it, or was quicker to delete it
    }
  }

  private static void deleteUnlessLocked(Path path) throws IOException {
    try (FileChannel channel =
            FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        Files.delete(path);
      }
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException | OverlappingFileLockException e) {
      return; // not to be locked or not to be deleted: not proven to be stale, so it stays
    }
  }

  /** True if the process that the name tells has ended, or another has its number now. */
  private static boolean hasNoProcess(Path path) throws IOException {
    Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
    if (!name.matches()) {
      return false;
    }
    long pid = Long.parseLong(name.group(1));
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isEmpty() || pid == ProcessHandle.current().pid()) {
      return true;
    }
    FileTime written = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS);
    Optional<Instant> start = process.get().info().startInstant();
    return start.isPresent() && start.get().isAfter(written.toInstant());
  }
}
