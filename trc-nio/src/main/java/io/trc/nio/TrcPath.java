package io.trc.nio;

import com.github.robtimus.filesystems.SimpleAbstractPath;
import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A plain name: names with '/' between them, whatever the file system beneath uses. */
final class TrcPath extends SimpleAbstractPath {
  private final TrcFileSystem fileSystem;

  TrcPath(TrcFileSystem fileSystem, String path) {
    super(Names.checked(path));
    this.fileSystem = fileSystem;
  }

  private TrcPath(TrcPath folder, String name) {
    super(join(folder.path(), Names.checked(name)), true);
    this.fileSystem = folder.fileSystem;
  }

  /** Resolves one name, without a look at what this path is made of. */
  TrcPath child(String name) {
    return new TrcPath(this, name);
  }

  private static String join(String folder, String name) {
    return folder.isEmpty() || folder.equals(ROOT_PATH) ? folder + name : folder + SEPARATOR + name;
  }

  /** The path as one of this provider's. */
  static TrcPath of(Path path) {
    if (Objects.requireNonNull(path) instanceof TrcPath own) {
      return own;
    }
    throw new ProviderMismatchException(path + " belongs to " + path.getFileSystem().provider());
  }

  /** The names from the root on, "." and ".." and empty ones among them. */
  List<String> names() {
    return List.of(path().split(SEPARATOR));
  }

  @Override
  protected TrcPath createPath(String path) {
    return new TrcPath(fileSystem, path);
  }

  @Override
  public TrcPath resolve(Path other) {
    return (TrcPath) super.resolve(other);
  }

  @Override
  public TrcPath resolve(String other) {
    return resolve(createPath(other));
  }

  @Override
  public TrcPath resolveSibling(String other) {
    return (TrcPath) super.resolveSibling(createPath(other));
  }

  @Override
  public Path relativize(Path other) {
    if (of(other).fileSystem != fileSystem) {
      throw new ProviderMismatchException(other + " belongs to another file system");
    }
    return super.relativize(other);
  }

  @Override
  public int compareTo(Path other) {
    TrcPath that = (TrcPath) other;
    int order = super.compareTo(that);
    return order != 0 ? order : Long.compare(fileSystem.number(), that.fileSystem.number());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }

  @Override
  public TrcFileSystem getFileSystem() {
    return fileSystem;
  }

  @Override
  public TrcPath toAbsolutePath() {
    return isAbsolute() ? this : createPath(ROOT_PATH + path());
  }

  @Override
  public TrcPath toRealPath(LinkOption... options) throws IOException {
    return fileSystem.realPath(this, TrcFileSystem.follows(options));
  }

  @Override
  public URI toUri() {
    return TrcUri.of(fileSystem.stored(), toAbsolutePath().path());
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    Objects.requireNonNull(watcher);
    throw new UnsupportedOperationException("TRC file systems cannot be watched");
  }
}
