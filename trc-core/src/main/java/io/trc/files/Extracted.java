package io.trc.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * Resources as files, for native code that reads nothing else.
 *
 * <p>They lie in the user's cache folder if that is safe from others, else in a fresh private
 * folder among the temporary files. What a killed process leaves behind is removed by a later one.
 */
public final class Extracted {
  private static final String PREFIX = "trc-";
  private static final String UNFINISHED = ".tmp";

  /** What is unfinished for so long belongs to nobody any more. */
  private static final Duration STALE = Duration.ofHours(24);

  private final Path cache;
  private final Path temporary;

  /** Extracts into the user's cache folder, or among the temporary files. */
  public Extracted() {
    this(UserFolders.cache(), Path.of(System.getProperty("java.io.tmpdir", ".")));
  }

  Extracted(Path cache, Path temporary) {
    this.cache = cache;
    this.temporary = temporary;
  }

  /** A file for as long as it is needed. Closing deletes it, unless it is to be kept. */
  public static final class TemporaryFile implements Closeable {
    private final Path path;
    private final @Nullable Path folder;
    private final boolean kept;

    private TemporaryFile(Path path, @Nullable Path folder, boolean kept) {
      this.path = path;
      this.folder = folder;
      this.kept = kept;
    }

    /** Where it is. */
    public Path path() {
      return path;
    }

    @Override
    public void close() throws IOException {
      if (!kept) {
        Files.deleteIfExists(path);
      }
      if (folder != null) {
        Files.deleteIfExists(folder);
      }
    }
  }

  /** Where bytes come from. */
  public interface Source {
    /** Opens them; the caller closes the stream. */
    InputStream open() throws IOException;
  }

  /**
   * A resource as a file that stays in the cache for the next process, where the cache is safe. Its
   * name tells its content, which is verified every time.
   *
   * @param name the file's name
   */
  public TemporaryFile lasting(URL resource, String name) throws IOException {
    if (!PrivateFolder.make(cache)) {
      return temporary(resource::openStream, name);
    }
    removeStale(cache);
    Content wanted = Content.of(resource);
    Path file = cache.resolve(String.format("%s%08x-%s", PREFIX, wanted.crc, name));
    if (!wanted.equals(Content.of(file))) {
      Path fresh = Files.createTempFile(cache, PREFIX, UNFINISHED);
      try {
        try (InputStream in = resource.openStream()) {
          Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
        }
        if (!wanted.equals(Content.of(fresh))) {
          throw new IOException(fresh + " does not hold what was written to it");
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(fresh);
      }
    }
    return new TemporaryFile(file, null, true);
  }

  /** Bytes as a file that is deleted when it is closed. */
  public TemporaryFile temporary(Source source, String name) throws IOException {
    Path folder = null;
    Path file;
    if (PrivateFolder.make(cache)) {
      removeStale(cache);
      file = Files.createTempFile(cache, PREFIX, UNFINISHED);
    } else {
      removeStale(temporary);
      // Only the owner can enter it, so nobody can swap the file before it is loaded.
      folder = Files.createTempDirectory(temporary, PREFIX);
      file = folder.resolve(name);
    }
    TemporaryFile extracted = new TemporaryFile(file, folder, false);
    try (InputStream in = source.open()) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      return extracted;
    } catch (IOException | RuntimeException e) {
      try {
        extracted.close();
      } catch (IOException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw e;
    }
  }

  /** Removes what a process that was killed left behind a day ago or longer. */
  private static void removeStale(Path folder) throws IOException {
    Instant limit = Instant.now().minus(STALE);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, PREFIX + "*")) {
      for (Path entry : entries) {
        boolean directory = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
        if (!directory && !entry.toString().endsWith(UNFINISHED)) {
          continue;
        }
        if (isOlder(entry, limit) && PrivateFolder.isMine(entry)) {
          remove(entry, directory);
        }
      }
    }
  }

  private static boolean isOlder(Path entry, Instant limit) throws IOException {
    try {
      FileTime changed = Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS);
      return changed.toInstant().isBefore(limit);
    } catch (NoSuchFileException e) {
      return false; // another process was quicker
    }
  }

  private static void remove(Path entry, boolean directory) throws IOException {
    if (directory) {
      try (DirectoryStream<Path> inside = Files.newDirectoryStream(entry)) {
        for (Path file : inside) {
          Files.deleteIfExists(file);
        }
      } catch (NoSuchFileException e) {
        return; // another process was quicker
      }
    }
    Files.deleteIfExists(entry);
  }

  /** What is in a file, as far as damage goes: others cannot write to the cache. */
  private record Content(long crc, long length) {
    static Content of(URL resource) throws IOException {
      URLConnection connection = resource.openConnection();
      if (connection instanceof JarURLConnection jar) {
        ZipEntry entry = jar.getJarEntry();
        if (entry != null && entry.getCrc() >= 0 && entry.getSize() >= 0) {
          return new Content(entry.getCrc(), entry.getSize());
        }
      }
      try (InputStream in = connection.getInputStream()) {
        return of(in);
      }
    }

    static @Nullable Content of(Path file) throws IOException {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return null;
      }
      try (InputStream in = Files.newInputStream(file)) {
        return of(in);
      }
    }

    private static Content of(InputStream in) throws IOException {
      CRC32 crc = new CRC32();
      long length =
          new CheckedInputStream(in, crc).transferTo(java.io.OutputStream.nullOutputStream());
      return new Content(crc.getValue(), length);
    }
  }
}
