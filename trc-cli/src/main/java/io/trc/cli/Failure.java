package io.trc.cli;

import java.io.IOException;

/** A failure of something other than the input at hand: the output, the model. */
final class Failure extends IOException {
  private static final long serialVersionUID = 1L;

  private final String subject;

  Failure(String subject, String cause) {
    super(cause);
    this.subject = subject;
  }

  Failure(String subject, Throwable cause) {
    super(Cause.of(cause), cause);
    this.subject = subject;
  }

  /** What failed: a file's name. */
  String subject() {
    return subject;
  }
}
