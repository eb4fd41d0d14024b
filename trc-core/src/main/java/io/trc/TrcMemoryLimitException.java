package io.trc;

/**
 * The work needs more memory than the limit that was set with {@link
 * TrcOptions.Builder#memoryLimit}.
 */
public class TrcMemoryLimitException extends TrcException {
  private static final long serialVersionUID = 1L;

  private final long needed;
  private final long limit;

  /**
   * Creates an exception with a message that names the cause and, where there is one, the way out.
   *
   * @param message the cause
   * @param needed the memory in bytes that would at least be needed
   * @param limit the memory in bytes that may be taken
   */
  public TrcMemoryLimitException(String message, long needed, long limit) {
    super(message);
    this.needed = needed;
    this.limit = limit;
  }

  /** The memory in bytes that would at least be needed. */
  public long needed() {
    return needed;
  }

  /** The memory in bytes that may be taken. */
  public long limit() {
    return limit;
  }
}
