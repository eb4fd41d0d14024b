package io.trc;

/**
 * The model is there but computes other logits on this machine than where the archive was written.
 */
public class TrcNumericsException extends TrcException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception with a message that names the cause and, where there is one, the way out.
   */
  public TrcNumericsException(String message) {
    super(message);
  }

  /** Creates an exception with a message and the failure beneath it. */
  public TrcNumericsException(String message, Throwable cause) {
    super(message, cause);
  }
}
