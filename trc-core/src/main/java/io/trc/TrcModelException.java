package io.trc;

/** A model file cannot be used: it is no GGUF file, is damaged, or is of an unsupported kind. */
public class TrcModelException extends TrcException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception with a message that names the cause and, where there is one, the way out.
   */
  public TrcModelException(String message) {
    super(message);
  }

  /** Creates an exception with a message and the failure beneath it. */
  public TrcModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
