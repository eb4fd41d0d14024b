package io.trc;

/**
 * The root of all failures that are TRC's own. Failures of the underlying stream stay plain {@link
 * java.io.IOException}s.
 */
public class TrcException extends java.io.IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception with a message that names the cause and, where there is one, the way out.
   */
  public TrcException(String message) {
    super(message);
  }

  /** Creates an exception with a message and the failure beneath it. */
  public TrcException(String message, Throwable cause) {
    super(message, cause);
  }
}
