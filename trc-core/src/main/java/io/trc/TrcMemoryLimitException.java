package io.trc;

/**
 * The work needs more memory than the limit that was set with {@link
 * TrcOptions.Builder#memoryLimit}.
 */
public class TrcMemoryLimitException extends TrcException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception with a message that names the cause and, where there is one, the way out.
   */
  public TrcMemoryLimitException(String message) {
    super(message);
  }

  /** Creates an exception with a message and the failure beneath it. */
  public TrcMemoryLimitException(String message, Throwable cause) {
    super(message, cause);
  }
}
