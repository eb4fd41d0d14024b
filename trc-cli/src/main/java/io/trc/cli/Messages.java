package io.trc.cli;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * The lines on standard error, and whether all went well. Safe for use by several threads: progress
 * is shown by one of its own.
 */
final class Messages {
  private static final String ERASE = "\r\u001b[K";

  private final PrintStream err;
  private final boolean terminal;
  private int quiet;
  private int verbose;
  private boolean passing;
  private boolean failed;

  Messages(Shell shell) {
    this.err = shell.err();
    this.terminal = shell.errTerminal();
  }

  /** Sets how often -q and -v were given. */
  synchronized void level(int quiet, int verbose) {
    this.quiet = quiet;
    this.verbose = verbose;
  }

  synchronized boolean failed() {
    return failed;
  }

  /** True if a line that shows progress is wanted. */
  synchronized boolean showsProgress() {
    return terminal && quiet == 0;
  }

  /** Shows a line that the next one replaces. */
  synchronized void pass(String line) {
    if (showsProgress()) {
      err.print(ERASE + line);
      err.flush();
      passing = true;
    }
  }

  /** Takes the passing line away. */
  synchronized void erase() {
    if (passing) {
      err.print(ERASE);
      err.flush();
      passing = false;
    }
  }

  /** What became of a file; shown on a terminal, or with -v. */
  synchronized void result(String line) {
    if (verbose > 0 || showsProgress()) {
      print(line);
    }
  }

  /** Something that the command did not do, which its status shall tell. */
  synchronized void skipped(String subject, String why) {
    failed = true;
    if (quiet == 0) {
      print("trc: " + subject + ": " + why);
    }
  }

  /** Something worth knowing that does not change the status. */
  synchronized void note(String text) {
    if (quiet == 0) {
      print("trc: " + text);
    }
  }

  synchronized void error(String text) {
    failed = true;
    if (quiet < 2) {
      print("trc: " + text);
    }
  }

  synchronized void error(String subject, Throwable failure) {
    String cause = Cause.of(failure);
    String name = Cause.line(subject) + ": ";
    error(cause.startsWith(name) ? cause : name + cause); // some texts name their subject
    trace(failure);
  }

  private void trace(@Nullable Throwable failure) {
    String debug = System.getenv("TRC_DEBUG");
    boolean wanted = verbose > 1 || (debug != null && !debug.isEmpty() && !debug.equals("0"));
    if (failure != null && wanted) {
      failure.printStackTrace(err);
    }
  }

  private void print(String line) {
    erase();
    err.println(Cause.line(line));
  }
}
