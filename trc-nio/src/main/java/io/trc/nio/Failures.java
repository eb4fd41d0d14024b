package io.trc.nio;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Failures of the file system beneath, told in plain names. */
final class Failures {
  private Failures() {}

  /** What may fail beneath. */
  interface Step<T extends @Nullable Object> {
    T run() throws IOException;
  }

  /** Runs a step; what it throws names the plain path. */
  static <T extends @Nullable Object> T naming(Path plain, Step<T> step) throws IOException {
    return naming(plain, null, step);
  }

  static <T extends @Nullable Object> T naming(Path plain, @Nullable Path other, Step<T> step)
      throws IOException {
    try {
      return step.run();
    } catch (IOException e) {
      throw plain(e, plain, other);
    }
  }

  static IOException plain(IOException e, Path plain) {
    return plain(e, plain, null);
  }

  /** The same failure with the plain names in place of the stored ones. */
  static IOException plain(IOException e, Path plain, @Nullable Path otherPlain) {
    String file = plain.toString();
    String other = otherPlain == null ? null : otherPlain.toString();
    if (e instanceof ClosedChannelException || e instanceof InterruptedIOException) {
      return e;
    }
    if (!(e instanceof FileSystemException failure)) {
      return because(new FileSystemException(file, other, message(e)), e);
    }
    if (failure.getFile() != null
        && (failure.getFile().equals(file) || failure.getFile().equals(other))) {
      return e;
    }
    String reason = failure.getReason();
    FileSystemException told;
    if (e instanceof NoSuchFileException) {
      told = new NoSuchFileException(file, null, reason);
    } else if (e instanceof FileAlreadyExistsException) {
      told = new FileAlreadyExistsException(other == null ? file : other, null, reason);
    } else if (e instanceof DirectoryNotEmptyException) {
      told = new DirectoryNotEmptyException(other == null ? file : other);
    } else if (e instanceof AccessDeniedException) {
      told = new AccessDeniedException(file, other, reason);
    } else if (e instanceof NotDirectoryException) {
      told = new NotDirectoryException(file);
    } else if (e instanceof NotLinkException) {
      told = new NotLinkException(file, other, reason);
    } else if (e instanceof FileSystemLoopException) {
      told = new FileSystemLoopException(file);
    } else if (e instanceof AtomicMoveNotSupportedException) {
      told = new AtomicMoveNotSupportedException(file, other, reason);
    } else {
      told = new FileSystemException(file, other, reason);
    }
    return because(told, e);
  }

  /**
   * Throws a failure that the method does not declare. {@code BasicFileAttributes.size()} declares
   * none, but those who call it do, {@code Files.size} and file visitors among them: they are to
   * see the IOException that they expect of a damaged file.
   */
  @SuppressWarnings("unchecked") // nothing is cast at run time
  static <E extends Exception> void throwUndeclared(IOException e) throws E {
    throw (E) e;
  }

  private static String message(IOException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private static <E extends IOException> E because(E told, IOException cause) {
    told.initCause(cause);
    return told;
  }
}
