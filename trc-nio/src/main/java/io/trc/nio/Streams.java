package io.trc.nio;

import io.trc.Trc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which stored files are .trc streams, by their first bytes. It is remembered as long as a file is
 * the same. Safe for use by several threads.
 */
final class Streams {
  static final int MAGIC = 4;

  /** The files that are remembered; each takes some 300 bytes. */
  private static final int MOST = 1 << 14;

  private record Known(Version version, boolean stream) {}

  private final Map<Path, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Known> eldest) {
          return size() > MOST;
        }
      };

  /** True if a regular file is one, judged by its attributes and, if these are new, its bytes. */
  boolean isStream(Path file, BasicFileAttributes attributes) {
    if (attributes.size() < MAGIC) {
      return false;
    }
    Version version = Version.of(attributes);
    synchronized (known) {
      Known before = known.get(file);
      if (before != null && before.version().equals(version)) {
        return before.stream();
      }
    }
    boolean stream = begins(file);
    synchronized (known) {
      known.put(file, new Known(version, stream));
    }
    return stream;
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
