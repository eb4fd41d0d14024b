package io.trc.compress;

import io.trc.TrcMemoryLimitException;
import io.trc.TrcOptions;
import org.apache.commons.compress.MemoryLimitException;

/**
 * A memory limit as Commons Compress counts it.
 *
 * @param kib the limit in KiB, negative for none
 */
record MemoryLimit(int kib) {
  static final MemoryLimit NONE = new MemoryLimit(-1);

  /** The options with this limit in place of theirs, if it is one. */
  TrcOptions in(TrcOptions options) {
    if (kib < 0) {
      return options;
    }
    return options.toBuilder().memoryLimit(Math.max(1, kib * 1024L)).build();
  }

  /** What Commons Compress throws when a limit is exceeded. */
  static MemoryLimitException exceeded(TrcMemoryLimitException cause) {
    long needed = (cause.needed() + 1023) / 1024;
    int limit = (int) Math.min(Integer.MAX_VALUE, cause.limit() / 1024);
    return new MemoryLimitException(needed, limit, (Throwable) cause);
  }
}
