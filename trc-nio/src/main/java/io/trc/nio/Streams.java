package io.trc.nio;

import io.trc.Trc;
import io.trc.TrcInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which stored files are .trc streams, by their first bytes, and how long their plain content is.
 * It is remembered as long as a file is the same. Safe for use by several threads.
 */
final class Streams {
  static final int MAGIC = 4;

  /** The files that are remembered; each takes some 400 bytes. */
  private static final int MOST = 1 << 14;

  private static final long UNKNOWN = -1;

  private record Known(Stamp stamp, boolean stream, long length) {}

  private final Map<Path, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Known> eldest) {
          return size() > MOST;
        }
      };

  private @Nullable Known known(Path file) {
    synchronized (known) {
      return known.get(file);
    }
  }

  private @Nullable Known known(Path file, Stored attributes) {
    Known before = known(file);
    return before != null && before.stamp().equals(attributes.stamp()) ? before : null;
  }

  private void remember(Path file, Known found) {
    synchronized (known) {
      known.put(file, found);
    }
  }

  /** True if a file is known to be one. */
  boolean isKnown(Path file) throws IOException {
    Known before = known(file);
    return before != null && before.stream() && before.stamp().equals(Stamp.read(file));
  }

  /** True if a regular file is one, judged by its attributes and, if these are new, its bytes. */
  boolean isStream(Path file, Stored attributes) {
    if (attributes.size() < MAGIC) {
      return false;
    }
    Known before = known(file, attributes);
    if (before != null) {
      return before.stream();
    }
    boolean stream = begins(file);
    if (attributes.isSettled()) {
      remember(file, new Known(attributes.stamp(), stream, UNKNOWN));
    }
    return stream;
  }

  /** The plain length of a stream, from its end. */
  long length(Path file, Stored attributes) throws IOException {
    Known before = known(file, attributes);
    if (before != null && before.length() != UNKNOWN) {
      return before.length();
    }
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long length = TrcInfo.plainLength(channel);
      // The attributes may be old, and another file be in its place for a while: only where also
      // names that come and go change the times will that be noticed.
      if (attributes.isSettled() && Stamp.isTold(file)) {
        remember(file, new Known(attributes.stamp(), true, length));
      }
      return length;
    }
  }

  /** What may not be read has the name of a stream and is taken for one; reading it tells more. */
  static boolean begins(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] magic = in.readNBytes(MAGIC);
      return Trc.matches(magic, magic.length);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
