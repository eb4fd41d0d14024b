package io.trc;

/** The archive needs a model that was not found. The message names it and says how to give it. */
public class TrcModelMissingException extends TrcException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception with a message that names the cause and, where there is one, the way out.
   */
  public TrcModelMissingException(String message) {
    super(message);
  }

  /** Creates an exception with a message and the failure beneath it. */
  public TrcModelMissingException(String message, Throwable cause) {
    super(message, cause);
  }
}
