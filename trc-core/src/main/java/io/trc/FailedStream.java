package io.trc;

import java.io.IOException;

/** A stream that failed stays failed: every further call says so. */
final class FailedStream {
  private FailedStream() {}

  /**
   * The failure for a further call. It is a new one with the first as its cause, because an
   * exception that is thrown twice cannot be suppressed by itself where a try closes what failed.
   */
  static IOException again(IOException first) {
    String message = "the stream failed before: " + first.getMessage();
    return first instanceof TrcException
        ? new TrcException(message, first)
        : new IOException(message, first);
  }
}
