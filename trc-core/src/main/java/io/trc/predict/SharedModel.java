package io.trc.predict;

/**
 * A model in native memory, shared by what was opened from it, and freed when the last of them lets
 * go: freeing it earlier would end the process. Its one user at first is who made it.
 */
public abstract class SharedModel {
  private int users = 1;

  /** For the models of an engine. */
  protected SharedModel() {}

  /** Gives the memory back. */
  protected abstract void free();

  /** Takes part in the use of the model. */
  public final synchronized void retain() {
    if (users == 0) {
      throw new IllegalStateException("the model is closed");
    }
    users++;
  }

  /** Ends one use. Each user calls this once. */
  public final synchronized void release() {
    if (--users == 0) {
      free();
    }
  }

  /** Whether the model's memory was given back. */
  public final synchronized boolean isFreed() {
    return users == 0;
  }
}
