package io.trc.cli;

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
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The files that are being written, under hidden names beside their places. When the process is
 * told to end, they are deleted and no other is begun. Safe for use by several threads.
 */
final class Unfinished {
  private static final String PREFIX = ".trc-";
  private static final String SUFFIX = ".tmp";
  private static final Set<OpenOption> FRESH =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private final Set<Path> files = new LinkedHashSet<>();
  private boolean ended;
  private int last;

  /** A file that was begun. */
  record Begun(Path path, FileChannel channel) {}

  /** True if a file may be one of these, of this or another process. */
  static boolean isOne(String name) {
    return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
  }

  /**
   * Begins a file in a folder.
   *
   * @param secret whether only its owner may read it
   */
  synchronized Begun begin(Path folder, boolean secret) throws IOException {
    awaitEnd();
    FileAttribute<?>[] attributes =
        secret && Attributes.posix(folder)
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    while (true) {
      last++;
      Path path = folder.resolve(PREFIX + ProcessHandle.current().pid() + "-" + last + SUFFIX);
      try {
        FileChannel channel = FileChannel.open(path, FRESH, attributes);
        files.add(path);
        return new Begun(path, channel);
      } catch (FileAlreadyExistsException e) {
        if (last == Integer.MAX_VALUE) {
          throw e;
        }
      }
    }
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
