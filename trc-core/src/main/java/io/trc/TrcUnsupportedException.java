package io.trc;

/**
 * The input is a .trc stream of a newer version, or uses a feature that this version does not know.
 */
public class TrcUnsupportedException extends TrcFormatException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception with a message that names the cause and, where there is one, the way out.
   */
  public TrcUnsupportedException(String message) {
    super(message);
  }

  /** Creates an exception with a message and the failure beneath it. */
  public TrcUnsupportedException(String message, Throwable cause) {
    super(message, cause);
  }
}
