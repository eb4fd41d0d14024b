package io.trc.nio;

import io.trc.TrcOptions;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Opens file systems that store text compressed and show it plain.
 *
 * <pre>{@code
 * try (FileSystem notes = TrcFileSystems.open(Path.of("/data/notes"))) {
 *   Files.writeString(notes.getPath("today.txt"), text);   // stored as /data/notes/today.txt.trc
 *   Files.readString(notes.getPath("today.txt"));
 * }
 * }</pre>
 *
 * <p>The directory may be in any file system. The same with a URI, and with the keys below in the
 * map: {@code FileSystems.newFileSystem(URI.create("trc:file:///data/notes!/"), Map.of())}. An
 * archive, {@code corpus.tar.trc} or {@code x.txt.trc}, is opened read-only by {@link #openArchive}
 * or {@code FileSystems.newFileSystem(Path.of("corpus.tar.trc"))}.
 *
 * <p>File systems are safe for use by several threads.
 */
public final class TrcFileSystems {
  /** How to compress: {@link TrcOptions}. */
  public static final String OPTIONS = "trc.options";

  /** The level, 1 to 9, as a number or text; wins over that of the options. */
  public static final String LEVEL = "trc.level";

  /** The threads that code blocks, as a number or text; wins over that of the options. */
  public static final String THREADS = "trc.threads";

  /**
   * Which new files are compressed: {@code "all"} (the default), {@code "none"}, or {@code
   * "glob:**.txt"}, matched with the absolute plain path.
   */
  public static final String COMPRESS = "trc.compress";

  /** New files with fewer bytes are not compressed; a number or text, 0 by default. */
  public static final String MIN_SIZE = "trc.minSize";

  /** True, or {@code "true"}, if nothing may be written. */
  public static final String READ_ONLY = "trc.readOnly";

  /**
   * What an archive holds: {@code "tar"} shows the entries of the tar in it, {@code "file"} the one
   * file; by default that depends on its name.
   */
  public static final String ARCHIVE = "trc.archive";

  static final List<String> KEYS =
      List.of(OPTIONS, LEVEL, THREADS, COMPRESS, MIN_SIZE, READ_ONLY, ARCHIVE);

  private TrcFileSystems() {}

  /** Opens a directory with {@link TrcOptions#DEFAULT}. */
  public static FileSystem open(Path directory) throws IOException {
    return open(directory, TrcOptions.DEFAULT);
  }

  /**
   * Opens a directory, all of whose new files are compressed.
   *
   * @throws java.nio.file.NoSuchFileException if it is not there
   * @throws java.nio.file.NotDirectoryException if it is none
   */
  public static FileSystem open(Path directory, TrcOptions options) throws IOException {
    return open(directory, options, Map.of());
  }

  /**
   * Opens a directory.
   *
   * @param env any of the keys of this class
   */
  public static FileSystem open(Path directory, TrcOptions options, Map<String, ?> env)
      throws IOException {
    return provider().openFolder(directory, with(env, options));
  }

  /**
   * Opens an archive read-only. That reads its first bytes; no model is loaded before a file is
   * read.
   *
   * @throws io.trc.TrcFormatException if it is no .trc file
   */
  public static FileSystem openArchive(Path archive, TrcOptions options) throws IOException {
    return provider().openArchive(archive, with(Map.of(), options));
  }

  private static Map<String, Object> with(Map<String, ?> env, TrcOptions options) {
    Map<String, Object> all = new HashMap<>(env);
    all.put(OPTIONS, options);
    return all;
  }

  /** The installed provider, or one of its own where the class path is not the application's. */
  static TrcFileSystemProvider provider() {
    for (FileSystemProvider provider : FileSystemProvider.installedProviders()) {
      if (provider instanceof TrcFileSystemProvider installed) {
        return installed;
      }
    }
    return Holder.PROVIDER;
  }

  private static final class Holder {
    static final TrcFileSystemProvider PROVIDER = new TrcFileSystemProvider();
  }
}
