package io.trc.member;

import io.trc.TrcCorruptedException;
import io.trc.TrcEngineException;
import io.trc.TrcException;
import io.trc.TrcFormatException;
import io.trc.TrcMemoryLimitException;
import io.trc.TrcModelException;
import io.trc.TrcModelMissingException;
import io.trc.TrcNumericsException;
import io.trc.TrcUnsupportedException;
import java.io.IOException;
import java.io.InterruptedIOException;

/** A stream that failed stays failed: every further call says so. */
public final class FailedStream {
  private FailedStream() {}

  /**
   * The failure for a further call, of the same kind. It is a new one with the first as its cause,
   * because an exception that is thrown twice would have to suppress itself where a try closes the
   * stream that failed.
   */
  public static IOException again(IOException first) {
    String message = "the stream failed before: " + first.getMessage();
    if (first instanceof TrcCorruptedException) {
      return new TrcCorruptedException(message, first);
    }
    if (first instanceof TrcUnsupportedException) {
      return new TrcUnsupportedException(message, first);
    }
    if (first instanceof TrcFormatException) {
      return new TrcFormatException(message, first);
    }
    if (first instanceof TrcModelMissingException) {
      return new TrcModelMissingException(message, first);
    }
    if (first instanceof TrcModelException) {
      return new TrcModelException(message, first);
    }
    if (first instanceof TrcNumericsException) {
      return new TrcNumericsException(message, first);
    }
    if (first instanceof TrcEngineException) {
      return new TrcEngineException(message, first);
    }
    if (first instanceof TrcMemoryLimitException limited) {
      TrcMemoryLimitException again =
          new TrcMemoryLimitException(message, limited.needed(), limited.limit());
      again.initCause(first);
      return again;
    }
    if (first instanceof InterruptedIOException) {
      InterruptedIOException again = new InterruptedIOException(message);
      again.initCause(first);
      return again;
    }
    return first instanceof TrcException
        ? new TrcException(message, first)
        : new IOException(message, first);
  }
}
