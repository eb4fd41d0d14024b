package io.trc;

/**
 * The input is a .trc stream that was damaged or truncated: a checksum, a length or a code does not
 * fit.
 */
public class TrcCorruptedException extends TrcException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception with a message that names the cause and, where there is one, the way out.
   */
  public TrcCorruptedException(String message) {
    super(message);
  }

  /** Creates an exception with a message and the failure beneath it. */
  public TrcCorruptedException(String message, Throwable cause) {
    super(message, cause);
  }
}
