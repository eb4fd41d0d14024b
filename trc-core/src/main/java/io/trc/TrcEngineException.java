package io.trc;

/** No engine can evaluate the model here. The message says why and what to install or set. */
public class TrcEngineException extends TrcException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception with a message that names the cause and, where there is one, the way out.
   */
  public TrcEngineException(String message) {
    super(message);
  }

  /** Creates an exception with a message and the failure beneath it. */
  public TrcEngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
