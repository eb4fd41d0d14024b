package io.trc.cli;

import io.trc.TrcException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Says in one line, for people, why something failed. */
final class Cause {
  private Cause() {}

  static String of(Throwable failure) {
    return line(text(failure));
  }

  private static @Nullable String text(Throwable failure) {
    if (failure instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "exists; use -f to overwrite it";
    }
    if (failure instanceof DirectoryNotEmptyException) {
      return "is a folder";
    }
    if (failure instanceof FileSystemLoopException) {
      return "links lead round in a circle";
    }
    if (failure instanceof FileSystemException system) {
      String reason = system.getReason();
      return reason == null ? plain(failure) : reason;
    }
    if (failure instanceof TrcException
        || failure instanceof Failure
        || failure instanceof FileNotFoundException) {
      return failure.getMessage();
    }
    if (failure instanceof IOException) {
      return plain(failure);
    }
    if (failure instanceof InvalidPathException path) {
      return "is no file name here: " + path.getReason();
    }
    if (failure instanceof OutOfMemoryError) {
      return "not enough memory; use fewer threads (-T 1) or give Java more (TRC_JAVA_OPTS=-Xmx2g)";
    }
    return "internal error: " + failure + "; TRC_DEBUG=1 shows where";
  }

  private static String plain(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  /** The text in one line, without what a terminal might take for a command. */
  static String line(@Nullable String text) {
    if (text == null) {
      return "unknown cause";
    }
    StringBuilder line = new StringBuilder(text.length());
    boolean space = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r' || c == '\t') {
        space = line.length() > 0;
        continue;
      }
      if (space) {
        line.append(' ');
        space = false;
      }
      line.append(Character.isISOControl(c) ? '?' : c);
    }
    return line.toString();
  }
}
