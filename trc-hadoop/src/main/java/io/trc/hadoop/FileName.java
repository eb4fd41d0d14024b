package io.trc.hadoop;

import io.trc.TrcCorruptedException;
import io.trc.TrcException;
import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * What a file is called, for errors. A codec is not told; the configuration of a MapReduce task
 * knows it, and so do streams of object stores.
 *
 * @param name the name, or null where it is not known
 */
record FileName(@Nullable String name) {
  /** Where MapReduce says which file a task reads. */
  static final String KEY = "mapreduce.map.input.file";

  /** In the descriptions that streams of object stores give of themselves. */
  private static final Pattern ADDRESS = Pattern.compile("[a-z][a-z0-9+.-]*://[^\\s,;{}]+");

  static FileName of(InputStream in, @Nullable Configuration conf) {
    String configured = conf == null ? null : conf.get(KEY);
    if (configured != null) {
      return new FileName(configured);
    }
    Matcher address = ADDRESS.matcher(in.toString());
    return new FileName(address.find() ? address.group() : null);
  }

  /** Reads what a stream decodes, while the task is told of it; a failure has the name in front. */
  int read(InputStream plain, byte[] bytes, int offset, int length) throws IOException {
    TrcProgress.begin();
    try {
      return plain.read(bytes, offset, length);
    } catch (TrcException e) {
      throw in(e);
    } finally {
      TrcProgress.end();
    }
  }

  /** The same failure with the name in front of it. */
  TrcException in(TrcException failure) {
    if (name == null) {
      return failure;
    }
    String message = name + ": " + failure.getMessage();
    return failure instanceof TrcCorruptedException
        ? new TrcCorruptedException(message, failure)
        : new TrcException(message, failure);
  }
}
