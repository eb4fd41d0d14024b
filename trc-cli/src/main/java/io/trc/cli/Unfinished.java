package io.trc.cli;

import io.trc.files.Attributes;
import io.trc.files.Leftover;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The files that are being written, under hidden names beside their places. When the process is
 * told to end, they are deleted and no other is begun. Safe for use by several threads.
 */
final class Unfinished {
  private static final Set<OpenOption> FRESH =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);

  private final Set<Path> files = new LinkedHashSet<>();
  private final Set<Path> swept = new HashSet<>();
  private boolean ended;
  private int last;

  /** A file that was begun. As long as the channel is open, no other process takes it for stale. */
  record Begun(Path path, FileChannel channel) {}

  /**
   * Begins a file in a folder, which only its owner may read. What processes that were killed have
   * left there is deleted.
   */
  synchronized Begun begin(Path folder) throws IOException {
    awaitEnd();
    while (true) {
      Path path = fresh(folder);
      FileChannel channel;
      try {
        channel = FileChannel.open(path, FRESH, Attributes.secret(folder));
      } catch (FileAlreadyExistsException e) {
        continue;
      }
      files.add(path);
      if (Leftover.claim(path, channel)) {
        if (swept.add(folder)) {
          Leftover.sweep(folder, Files.getOwner(path), files);
        }
        return new Begun(path, channel);
      }
      files.remove(path); // another process took it for stale before it could be locked
      channel.close();
    }
  }

  private Path fresh(Path folder) throws IOException {
    if (last == Integer.MAX_VALUE) {
      throw new IOException("too many files");
    }
    last++;
    return folder.resolve(Leftover.name(ProcessHandle.current().pid(), last));
  }

  /** Moves a finished file to its place. */
  synchronized void move(Path begun, Path target, boolean overwrite) throws IOException {
    awaitEnd();
    if (!overwrite && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    try {
      Files.move(begun, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(begun, target, StandardCopyOption.REPLACE_EXISTING);
    }
    files.remove(begun);
  }

  /** Deletes a file that is of no use. */
  synchronized void discard(Path begun) throws IOException {
    if (files.remove(begun)) {
      Files.deleteIfExists(begun);
    }
  }

  /** Gives a file the permissions that any new file gets in its folder: those of the umask. */
  synchronized void dressAsNew(Path begun) throws IOException {
    awaitEnd();
    if (!Attributes.posix(begun)) {
      return;
    }
    Path probe = fresh(begun.resolveSibling(""));
    files.add(probe);
    try {
      Files.createFile(probe);
      Files.setPosixFilePermissions(begun, Files.getPosixFilePermissions(probe));
    } finally {
      discard(probe);
    }
  }

  /** Deletes all of them; the process is about to end. */
  synchronized void end() {
    ended = true;
    for (Path file : files) {
      // Not an exception's business: the process ends in any case, and this is all that can be
      // done.
      if (!file.toFile().delete() && file.toFile().exists()) {
        System.err.println("trc: " + file + ": cannot be deleted");
      }
    }
    files.clear();
  }

  /** Once the process is ending, whoever asks for more waits for that. */
  private void awaitEnd() throws IOException {
    try {
      while (ended) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the process is ending", e);
    }
  }
}
