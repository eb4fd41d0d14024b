package io.trc;

/** The input is not a .trc stream, or breaks the format in a way that no damage explains. */
public class TrcFormatException extends TrcException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception with a message that names the cause and, where there is one, the way out.
   */
  public TrcFormatException(String message) {
    super(message);
  }

  /** Creates an exception with a message and the failure beneath it. */
  public TrcFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
