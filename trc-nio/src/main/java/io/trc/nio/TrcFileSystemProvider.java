package io.trc.nio;

import io.trc.Trc;
import io.trc.TrcFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The provider of the scheme {@code trc}; see {@link TrcFileSystems} for what it opens.
 *
 * <p>A file system is known to its URI, {@code trc:file:///data/notes!/}, until it is closed.
 * Several may be open on one directory, of which the URI names the one that was opened first and is
 * still open.
 */
public final class TrcFileSystemProvider extends FileSystemProvider {
  private static final int MAGIC = 4;

  /** The file systems on each directory or archive, the one that its URI names first. */
  private final Map<Path, List<TrcFileSystem>> open = new HashMap<>();

  private final AtomicLong numbers = new AtomicLong();

  /** For {@link java.util.ServiceLoader}; call {@link TrcFileSystems#open} instead. */
  public TrcFileSystemProvider() {}

  /** {@code "trc"}. */
  @Override
  public String getScheme() {
    return TrcUri.SCHEME;
  }

  /**
   * Opens a directory or an archive, {@code trc:file:///data/notes!/} or {@code
   * trc:file:///data/corpus.tar.trc!/}.
   *
   * @param env any of the keys of {@link TrcFileSystems}
   * @throws FileSystemAlreadyExistsException if one is open there
   */
  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> env) throws IOException {
    Path stored = Path.of(TrcUri.parse(uri).stored()).toRealPath();
    synchronized (open) {
      if (open.containsKey(stored)) {
        throw new FileSystemAlreadyExistsException(uri.toString());
      }
      return Files.isDirectory(stored) ? openFolder(stored, env) : openArchive(stored, env);
    }
  }

  /**
   * Opens an archive read-only, by its first bytes.
   *
   * @throws UnsupportedOperationException if it is no .trc file
   */
  @Override
  public FileSystem newFileSystem(Path path, Map<String, ?> env) throws IOException {
    if (!Files.isRegularFile(path) || !isArchive(path)) {
      throw new UnsupportedOperationException(path + " is no .trc file");
    }
    return openArchive(path, env);
  }

  private static boolean isArchive(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] magic = in.readNBytes(MAGIC);
      return Trc.matches(magic, magic.length);
    }
  }

  TrcFileSystem openFolder(Path folder, Map<String, ?> env) throws IOException {
    Storing storing = Storing.of(env);
    Path real = folder.toRealPath();
    if (!Files.isDirectory(real)) {
      throw new NotDirectoryException(folder.toString());
    }
    return known(new OverlayFileSystem(this, real, storing));
  }

  TrcFileSystem openArchive(Path archive, Map<String, ?> env) throws IOException {
    Storing storing = Storing.of(env);
    Path real = archive.toRealPath();
    if (!isArchive(real)) {
      throw new TrcFormatException(archive + " is no .trc file");
    }
    return known(
        new ArchiveFileSystem(
            this, real, storing.options(), ArchiveKind.of(real, env.get(TrcFileSystems.ARCHIVE))));
  }

  private TrcFileSystem known(TrcFileSystem fileSystem) {
    synchronized (open) {
      open.computeIfAbsent(fileSystem.stored(), none -> new ArrayList<>()).add(fileSystem);
    }
    return fileSystem;
  }

  long nextNumber() {
    return numbers.getAndIncrement();
  }

  void closed(TrcFileSystem fileSystem) {
    synchronized (open) {
      open.computeIfPresent(
          fileSystem.stored(),
          (stored, all) -> {
            all.remove(fileSystem);
            return all.isEmpty() ? null : all;
          });
    }
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return find(uri, TrcUri.parse(uri));
  }

  @Override
  public Path getPath(URI uri) {
    TrcUri parsed = TrcUri.parse(uri);
    return find(uri, parsed).getPath(parsed.path());
  }

  private TrcFileSystem find(URI uri, TrcUri parsed) {
    Path stored = Path.of(parsed.stored());
    synchronized (open) {
      List<TrcFileSystem> found = open.get(stored);
      if (found == null) {
        found = open.get(real(uri, stored));
      }
      if (found != null) {
        return found.get(0);
      }
    }
    throw new FileSystemNotFoundException(uri.toString());
  }

  private static Path real(URI uri, Path stored) {
    try {
      return stored.toRealPath();
    } catch (IOException e) {
      FileSystemNotFoundException none = new FileSystemNotFoundException(uri.toString());
      none.initCause(e);
      throw none;
    }
  }

  private static TrcFileSystem of(TrcPath path) {
    return path.getFileSystem();
  }

  /** The one place that lets a call change something. */
  private static OverlayFileSystem writable(TrcPath path) {
    path.getFileSystem().checkWritable();
    if (path.getFileSystem() instanceof OverlayFileSystem overlay) {
      return overlay;
    }
    throw new ReadOnlyFileSystemException();
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return open(TrcPath.of(path), options, attributes);
  }

  private static FileChannel open(
      TrcPath plain, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    of(plain).check();
    OpenMode mode = OpenMode.of(options);
    TrcFileSystem fileSystem = mode.changes() ? writable(plain) : of(plain);
    return fileSystem.open(plain, mode, attributes);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
    TrcPath plain = TrcPath.of(path);
    of(plain).check();
    Set<OpenOption> all = new HashSet<>(Arrays.asList(options));
    OpenMode mode = OpenMode.of(all);
    if (mode.write()) {
      throw new UnsupportedOperationException("a stream to read is not opened for writing");
    }
    return mode.changes() ? Channels.newInputStream(open(plain, all)) : of(plain).read(plain, mode);
  }

  @Override
  public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
    Set<OpenOption> all = new HashSet<>(Arrays.asList(options));
    if (all.contains(StandardOpenOption.READ)) {
      throw new IllegalArgumentException("READ not allowed");
    }
    if (all.isEmpty()) {
      all.add(StandardOpenOption.CREATE);
      all.add(StandardOpenOption.TRUNCATE_EXISTING);
    }
    all.add(StandardOpenOption.WRITE);
    return Channels.newOutputStream(open(TrcPath.of(path), all));
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
    TrcPath plain = TrcPath.of(folder);
    return of(plain).list(plain, Objects.requireNonNull(filter));
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
    TrcPath plain = TrcPath.of(folder);
    writable(plain).createFolder(plain, attributes);
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    TrcPath plain = TrcPath.of(link);
    writable(plain).createLink(plain, target, attributes);
  }

  /**
   * Not supported: files are replaced when they are written, so two names would not stay one file.
   */
  @Override
  public void createLink(Path link, Path existing) {
    of(TrcPath.of(link)).check();
    of(TrcPath.of(existing)).check();
    throw new UnsupportedOperationException("TRC file systems have no hard links");
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    TrcPath plain = TrcPath.of(link);
    return of(plain).readLink(plain);
  }

  @Override
  public void delete(Path path) throws IOException {
    TrcPath plain = TrcPath.of(path);
    writable(plain).delete(plain);
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    TrcPath from = TrcPath.of(source);
    TrcPath to = TrcPath.of(target);
    Set<CopyOption> all = known(options);
    of(from).check();
    OverlayFileSystem two = writable(to);
    if (of(from) instanceof OverlayFileSystem one) {
      new Transfer(one, two, all).copy(from, to);
    } else if (of(from) instanceof ArchiveFileSystem archive) {
      Transfer.copyFrom(archive, from, two, to, all);
    }
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    TrcPath from = TrcPath.of(source);
    TrcPath to = TrcPath.of(target);
    Set<CopyOption> all = known(options);
    new Transfer(writable(from), writable(to), all).move(from, to);
  }

  private static Set<CopyOption> known(CopyOption... options) {
    Set<CopyOption> all = new HashSet<>();
    for (CopyOption option : options) {
      if (!(Objects.requireNonNull(option) instanceof StandardCopyOption)
          && option != LinkOption.NOFOLLOW_LINKS) {
        throw new UnsupportedOperationException(option + " is not supported");
      }
      all.add(option);
    }
    return all;
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    if (!(path instanceof TrcPath first) || !(other instanceof TrcPath second)) {
      return Objects.requireNonNull(path).equals(Objects.requireNonNull(other));
    }
    of(first).check();
    return first.equals(second) || (of(first) == of(second) && of(first).isSame(first, second));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    TrcPath plain = TrcPath.of(path);
    return of(plain).isHidden(plain);
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    TrcPath plain = TrcPath.of(path);
    return of(plain).fileStore(plain);
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    TrcPath plain = TrcPath.of(path);
    of(plain).checkAccess(plain, modes);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    TrcPath plain = TrcPath.of(path);
    of(plain).check();
    return new AttributeViews(of(plain), plain, TrcFileSystem.follows(options))
        .of(Objects.requireNonNull(type));
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    TrcPath plain = TrcPath.of(path);
    return of(plain)
        .attributes(plain, Objects.requireNonNull(type), TrcFileSystem.follows(options));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    TrcPath plain = TrcPath.of(path);
    return of(plain).attributes(plain, names, TrcFileSystem.follows(options));
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options)
      throws IOException {
    TrcPath plain = TrcPath.of(path);
    writable(plain).setAttribute(plain, name, value, TrcFileSystem.follows(options));
  }
}
