package io.trc.nio;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessMode;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the overlay and the archive have in common: names, what is open, closing. */
abstract class TrcFileSystem extends FileSystem {
  private final TrcFileSystemProvider provider;
  private final Path stored;
  private final long number;
  private final Set<Closeable> openThings = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean open = new AtomicBoolean(true);

  /**
   * Opens.
   *
   * @param stored the real path of the directory or the archive
   */
  TrcFileSystem(TrcFileSystemProvider provider, Path stored) {
    this.provider = provider;
    this.stored = stored;
    this.number = provider.nextNumber();
  }

  /** The file systems of a provider are counted, so that their paths have an order. */
  final long number() {
    return number;
  }

  static boolean follows(LinkOption... options) {
    for (LinkOption option : options) {
      if (option == LinkOption.NOFOLLOW_LINKS) {
        return false;
      }
    }
    return true;
  }

  /** The real path of the directory or the archive beneath. */
  final Path stored() {
    return stored;
  }

  final void check() {
    if (!open.get()) {
      throw new ClosedFileSystemException();
    }
  }

  /**
   * Asked before anything is changed, by whatever call or option.
   *
   * @throws ReadOnlyFileSystemException if nothing may be
   */
  final void checkWritable() {
    check();
    if (isReadOnly()) {
      throw new ReadOnlyFileSystemException();
    }
  }

  /** Remembers what closes with the file system. */
  final <C extends Closeable> C opened(C thing) throws IOException {
    openThings.add(thing);
    if (!open.get()) {
      thing.close();
      throw new ClosedFileSystemException();
    }
    return thing;
  }

  final void closed(Closeable thing) {
    openThings.remove(thing);
  }

  final TrcPath root() {
    return new TrcPath(this, "/");
  }

  @Override
  public final TrcFileSystemProvider provider() {
    return provider;
  }

  /** Called once, before what is open is closed. */
  void closing() {}

  /** Called once, after what was open is closed. */
  void released() throws IOException {}

  @Override
  public final void close() throws IOException {
    if (!open.compareAndSet(true, false)) {
      return;
    }
    provider.closed(this);
    closing();
    IOException failure = null;
    for (Closeable thing : Set.copyOf(openThings)) {
      failure = close(thing, failure);
    }
    failure = close(this::released, failure);
    if (failure != null) {
      throw failure;
    }
  }

  private static @Nullable IOException close(Closeable thing, @Nullable IOException before) {
    try {
      thing.close();
      return before;
    } catch (IOException e) {
      if (before == null) {
        return e;
      }
      before.addSuppressed(e);
      return before;
    }
  }

  @Override
  public final boolean isOpen() {
    return open.get();
  }

  @Override
  public final String getSeparator() {
    return "/";
  }

  @Override
  public final Iterable<Path> getRootDirectories() {
    check();
    return List.of(root());
  }

  @Override
  public final Iterable<FileStore> getFileStores() {
    check();
    try {
      return List.of(fileStore(root()));
    } catch (IOException e) {
      return List.of();
    }
  }

  @Override
  public final TrcPath getPath(String first, String... more) {
    check();
    StringBuilder path = new StringBuilder(first);
    for (String part : more) {
      if (!part.isEmpty()) {
        if (path.length() > 0) {
          path.append('/');
        }
        path.append(part);
      }
    }
    return new TrcPath(this, path.toString());
  }

  @Override
  public final PathMatcher getPathMatcher(String syntaxAndPattern) {
    check();
    int colon = syntaxAndPattern.indexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("no syntax before ':' in " + syntaxAndPattern);
    }
    String text = syntaxAndPattern.substring(colon + 1);
    Pattern pattern =
        switch (syntaxAndPattern.substring(0, colon).toLowerCase(Locale.ROOT)) {
          case "glob" -> Globs.pattern(text);
          case "regex" -> Pattern.compile(text);
          default ->
              throw new UnsupportedOperationException(
                  "the syntax of " + syntaxAndPattern + " is not known");
        };
    return path -> pattern.matcher(path.toString()).matches();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    check();
    return stored.getFileSystem().getUserPrincipalLookupService();
  }

  @Override
  public final WatchService newWatchService() {
    check();
    throw new UnsupportedOperationException("TRC file systems cannot be watched");
  }

  @Override
  public final String toString() {
    return "trc:" + stored;
  }

  /** Opens a file; a mode that changes it was checked before. */
  abstract FileChannel open(TrcPath path, OpenMode mode, FileAttribute<?>... attributes)
      throws IOException;

  /** Opens a file to be read from its beginning to its end. */
  abstract InputStream read(TrcPath path, OpenMode mode) throws IOException;

  abstract DirectoryStream<Path> list(TrcPath folder, DirectoryStream.Filter<? super Path> filter)
      throws IOException;

  abstract TrcPath readLink(TrcPath link) throws IOException;

  /** True if two paths of this file system lead to the same file, which must be there. */
  abstract boolean isSame(TrcPath path, TrcPath other) throws IOException;

  abstract boolean isHidden(TrcPath path) throws IOException;

  abstract FileStore fileStore(TrcPath path) throws IOException;

  abstract void checkAccess(TrcPath path, AccessMode... modes) throws IOException;

  /** The stored file of a path, whose attributes are changed in its place. */
  Path there(TrcPath path, boolean follow) throws IOException {
    throw new ReadOnlyFileSystemException();
  }

  abstract UserPrincipal owner(TrcPath path, boolean follow) throws IOException;

  abstract <A extends BasicFileAttributes> A attributes(TrcPath path, Class<A> type, boolean follow)
      throws IOException;

  abstract Map<String, Object> attributes(TrcPath path, String names, boolean follow)
      throws IOException;

  abstract TrcPath realPath(TrcPath path, boolean follow) throws IOException;
}
