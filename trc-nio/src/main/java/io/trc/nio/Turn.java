package io.trc.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The turn of one who replaces a file by what is made of it. Others wait: those of this process,
 * whatever file system they came through, for a lock; those of other processes for the lock on a
 * hidden file beside it, which goes with the turn. What a crash leaves of that file binds nobody.
 *
 * <p>A turn is taken last: whoever has one waits for no other lock.
 */
final class Turn {
  /** The lock file is shorter than this. */
  private static final int LENGTHS = 1 << 16;

  /** How often the lock file is looked for: by chance alone, once in 2^32 times too often. */
  private static final int LOOKS = 2;

  /** The files whose turn somebody has or waits for. */
  private static final Map<Path, Turn> TAKEN = new HashMap<>();

  private final ReentrantLock lock = new ReentrantLock();
  private int users;

  private Turn() {}

  /** Runs a step when it is its turn to replace the file of a plain name. */
  static <T> T at(Path folder, String name, Failures.Step<T> step) throws IOException {
    Path key = Names.resolve(folder, name);
    Turn turn;
    synchronized (TAKEN) {
      turn = TAKEN.computeIfAbsent(key, none -> new Turn());
      turn.users++;
    }
    turn.lock.lock();
    try {
      // Other file systems are in memory or in a file of this process.
      return folder.getFileSystem() == FileSystems.getDefault()
          ? amongProcesses(Tree.lockFile(folder, name), step)
          : step.run();
    } finally {
      turn.lock.unlock();
      synchronized (TAKEN) {
        turn.users--;
        if (turn.users == 0) {
          TAKEN.remove(key);
        }
      }
    }
  }

  private static <T> T amongProcesses(Path file, Failures.Step<T> step) throws IOException {
    FileChannel channel = locked(file);
    try {
      return step.run();
    } finally {
      try {
        // First gone, then unlocked: whoever waited for it sees that, and makes a new one.
        Files.deleteIfExists(file);
      } finally {
        channel.close();
      }
    }
  }

  private static FileChannel locked(Path file) throws IOException {
    while (true) {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      boolean held = false;
      try {
        channel.lock();
        held = isThere(channel, file);
        if (held) {
          return channel;
        }
      } catch (OverlappingFileLockException e) {
        FileSystemException busy =
            new FileSystemException(
                file.toString(), null, "another copy of TRC in this process writes beside it");
        busy.initCause(e);
        throw busy;
      } finally {
        if (!held) {
          channel.close();
        }
      }
    }
  }

  /**
   * True if what is open still has its name. Its length tells: to open it a second time and close
   * that would end the lock, as POSIX has it.
   */
  private static boolean isThere(FileChannel channel, Path file) throws IOException {
    for (int look = 0; look < LOOKS; look++) {
      int length = ThreadLocalRandom.current().nextInt(1, LENGTHS);
      channel.truncate(0).write(ByteBuffer.allocate(1), length - 1);
      try {
        if (Files.size(file) != length) {
          return false;
        }
      } catch (NoSuchFileException e) {
        return false;
      }
    }
    return true;
  }
}
