package io.trc.cli;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Shows what the library logs as lines of the command. */
final class LogLines extends Handler {
  private final Logger logger = Logger.getLogger("io.trc");
  private final Messages messages;

  private LogLines(Messages messages) {
    this.messages = messages;
  }

  static LogLines into(Messages messages) {
    LogLines lines = new LogLines(messages);
    lines.logger.addHandler(lines);
    lines.logger.setUseParentHandlers(false);
    return lines;
  }

  void end() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }

  @Override
  public void publish(LogRecord record) {
    if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
      Throwable thrown = record.getThrown();
      String text = record.getMessage();
      messages.note(thrown == null ? text : text + ": " + Cause.of(thrown));
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
