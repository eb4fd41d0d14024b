package io.trc.nio;

import io.trc.TrcFormatException;
import io.trc.TrcInputStream;
import io.trc.TrcOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.UserPrincipal;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A directory of any file system, whose .trc files are read as plain. */
final class OverlayFileSystem extends TrcFileSystem {
  private static final Set<String> VIEWS = Set.of("basic", "owner", "posix", "dos", "unix");

  private final Storing storing;
  private final Store store;
  private final Tree tree;

  OverlayFileSystem(TrcFileSystemProvider provider, Path folder, Storing storing) {
    super(provider, folder);
    this.storing = storing;
    this.store = new Store(this, storing);
    this.tree = store.tree();
  }

  @Override
  void closing() {
    store.writings().giveUpAll();
  }

  @Override
  public boolean isReadOnly() {
    return storing.readOnly() || stored().getFileSystem().isReadOnly();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    Set<String> views = new TreeSet<>(stored().getFileSystem().supportedFileAttributeViews());
    views.retainAll(VIEWS);
    views.add("basic");
    views.add("trc");
    return views;
  }

  @Override
  FileChannel open(TrcPath path, OpenMode mode, FileAttribute<?>... attributes) throws IOException {
    Content content;
    if (mode.write()) {
      content = Failures.naming(path, () -> writing(path, mode, attributes));
    } else {
      content = Failures.naming(path, () -> reading(path, mode));
    }
    if (mode.deleteOnClose()) {
      content = new Deleted(content, path);
    }
    PlainChannel.Access access = new PlainChannel.Access(mode.read(), mode.write(), mode.append());
    return opened(new PlainChannel(path, content, access, this::closed));
  }

  private Content reading(TrcPath path, OpenMode mode) throws IOException {
    return settled(() -> store.content(file(path, mode)));
  }

  /**
   * Tries again what just failed: the file may have been found before it was stored in another
   * form, or under another name beneath, and gone when it was opened.
   */
  private <T> T settled(Failures.Step<T> step) throws IOException {
    try {
      return step.run();
    } catch (NoSuchFileException | TrcFormatException e) {
      // Not every file system beneath can make a file that is a stream from its first moment on.
      synchronized (store.lock()) {
        return step.run();
      }
    }
  }

  private Entry file(TrcPath path, OpenMode mode) throws IOException {
    Entry entry = tree.existing(path, mode.follow());
    if (entry.isFolder()) {
      throw new FileSystemException(path.toString(), null, "Is a directory");
    }
    if (entry.isLink()) {
      throw new FileSystemException(path.toString(), null, "is a symbolic link");
    }
    return entry;
  }

  @Override
  InputStream read(TrcPath path, OpenMode mode) throws IOException {
    return Failures.naming(
        path,
        () -> {
          InputStream plain = settled(() -> plain(file(path, mode)));
          return opened(new PlainInputStream(plain, path, this::closed));
        });
  }

  private InputStream plain(Entry entry) throws IOException {
    InputStream file = Files.newInputStream(entry.there());
    return entry.isPacked() ? new TrcInputStream(file, storing.options()) : file;
  }

  // Writing

  private Content writing(TrcPath path, OpenMode mode, FileAttribute<?>... attributes)
      throws IOException {
    Store.Target target;
    synchronized (store.lock()) {
      Entry entry = tree.find(path, mode.follow() && !mode.createNew());
      boolean create = !entry.exists();
      if (create) {
        if (!mode.create() && !mode.createNew()) {
          throw new NoSuchFileException(path.toString());
        }
        entry = store.create(entry, attributes);
      } else if (mode.createNew()) {
        throw new FileAlreadyExistsException(path.toString());
      } else if (entry.isFolder()) {
        throw new FileSystemException(path.toString(), null, "Is a directory");
      } else if (!entry.isFile()) {
        throw new FileSystemException(path.toString(), null, "is no regular file");
      } else {
        AccessMode[] needed =
            mode.read()
                ? new AccessMode[] {AccessMode.READ, AccessMode.WRITE}
                : new AccessMode[] {AccessMode.WRITE};
        checkStoredAccess(entry.there(), needed);
      }
      target = new Store.Target(entry, store.writings().begin(entry), create);
    }
    try {
      return new DraftContent(
          store,
          target,
          mode.append()
              ? DraftContent.Mode.APPEND
              : mode.truncate() ? DraftContent.Mode.FRESH : DraftContent.Mode.EDIT);
    } catch (IOException | RuntimeException | Error e) {
      store.abandon(target);
      store.ended(target);
      throw e;
    }
  }

  // Folders and links

  @Override
  @SuppressWarnings("StreamResourceLeak") // whoever asked for the directory stream closes it
  DirectoryStream<Path> list(TrcPath path, DirectoryStream.Filter<? super Path> filter)
      throws IOException {
    check();
    return Failures.naming(
        path,
        () -> {
          Entry folder = tree.existing(path, true);
          if (!folder.isFolder()) {
            throw new NotDirectoryException(path.toString());
          }
          DirectoryStream<Path> files = Files.newDirectoryStream(folder.there());
          try {
            return opened(
                new PlainDirectoryStream(
                    files,
                    tree.list(folder, files),
                    file -> {
                      String name = tree.listedName(folder, file);
                      return name == null ? null : path.child(name);
                    },
                    filter,
                    this::closed));
          } catch (IOException e) {
            files.close();
            throw e;
          }
        });
  }

  void createFolder(TrcPath path, FileAttribute<?>... attributes) throws IOException {
    Failures.naming(
        path,
        () -> {
          synchronized (store.lock()) {
            return Files.createDirectory(store.room(absent(path)), attributes);
          }
        });
  }

  private Entry absent(TrcPath path) throws IOException {
    Entry place = tree.find(path, false);
    if (place.exists()) {
      throw new FileAlreadyExistsException(path.toString());
    }
    return place;
  }

  void createLink(TrcPath link, Path target, FileAttribute<?>... attributes) throws IOException {
    TrcPath plain = TrcPath.of(target);
    Failures.naming(
        link,
        () -> {
          synchronized (store.lock()) {
            Entry place = absent(link);
            boolean packed = Tree.isPackedLink(place.name(), plain);
            Path slot = packed ? Tree.slot(place, true) : store.room(place);
            if (slot == null) {
              throw Store.taken(place);
            }
            return Files.createSymbolicLink(slot, tree.storedTarget(plain, packed), attributes);
          }
        });
  }

  @Override
  TrcPath readLink(TrcPath path) throws IOException {
    check();
    return Failures.naming(
        path,
        () -> {
          Entry link = tree.existing(path, false);
          if (!link.isLink()) {
            throw new NotLinkException(path.toString());
          }
          return new TrcPath(this, tree.target(link, path));
        });
  }

  void delete(TrcPath path) throws IOException {
    Failures.naming(
        path,
        () -> {
          synchronized (store.lock()) {
            Entry entry = tree.existing(path, false);
            store.delete(entry);
            return entry;
          }
        });
  }

  // Attributes

  @Override
  boolean isSame(TrcPath path, TrcPath other) throws IOException {
    check();
    return Failures.naming(
        path,
        () -> {
          Entry one = tree.existing(path, true);
          Entry two = tree.existing(other, true);
          return Files.isSameFile(one.there(), two.there());
        });
  }

  @Override
  boolean isHidden(TrcPath path) throws IOException {
    check();
    return Failures.naming(
        path,
        () -> {
          String name = path.fileName();
          if (!stored().getFileSystem().getSeparator().equals("\\")) {
            return name != null && name.startsWith(".");
          }
          Entry entry = tree.find(path, false);
          Path file = entry.file();
          return !entry.isRoot()
              && Files.isHidden(file == null || entry.isPacked() ? entry.key() : file);
        });
  }

  @Override
  FileStore fileStore(TrcPath path) throws IOException {
    check();
    return Failures.naming(
        path,
        () ->
            new TrcFileStore(
                Files.getFileStore(tree.existing(path, true).there()),
                isReadOnly(),
                supportedFileAttributeViews()));
  }

  @Override
  void checkAccess(TrcPath path, AccessMode... modes) throws IOException {
    check();
    Failures.naming(
        path,
        () -> {
          if (isReadOnly() && Arrays.asList(modes).contains(AccessMode.WRITE)) {
            tree.existing(path, true);
            throw new AccessDeniedException(path.toString(), null, "the file system is read-only");
          }
          return settled(
              () -> {
                Entry entry = tree.existing(path, true);
                checkStoredAccess(entry.there(), modes);
                return entry;
              });
        });
  }

  private static void checkStoredAccess(Path file, AccessMode... modes) throws IOException {
    file.getFileSystem().provider().checkAccess(file, modes);
  }

  /** The stored file of a path, and the attributes of a file that a view of that file read. */
  Entry entry(TrcPath path, boolean follow) throws IOException {
    check();
    return tree.existing(path, follow);
  }

  @Override
  Path there(TrcPath path, boolean follow) throws IOException {
    return entry(path, follow).there();
  }

  @Override
  UserPrincipal owner(TrcPath path, boolean follow) throws IOException {
    return Failures.naming(
        path, () -> Files.getOwner(there(path, follow), LinkOption.NOFOLLOW_LINKS));
  }

  @Override
  <A extends BasicFileAttributes> A attributes(TrcPath path, Class<A> type, boolean follow)
      throws IOException {
    return Failures.naming(
        path,
        () -> {
          return settled(
              () -> {
                Entry entry = entry(path, follow);
                return PlainAttributes.read(entry, type, () -> length(path, entry, follow));
              });
        });
  }

  private Map<String, Object> storedAttributes(TrcPath path, String names, boolean follow)
      throws IOException {
    return Files.readAttributes(there(path, follow), names, LinkOption.NOFOLLOW_LINKS);
  }

  private long length(TrcPath path, Entry seen, boolean follow) throws IOException {
    return Failures.naming(
        path,
        () -> {
          try {
            return store.size(seen);
          } catch (NoSuchFileException | TrcFormatException e) {
            return settled(() -> store.size(entry(path, follow)));
          }
        });
  }

  @Override
  Map<String, Object> attributes(TrcPath path, String names, boolean follow) throws IOException {
    return Failures.naming(
        path,
        () -> {
          check();
          return AttributeNames.read(
              names,
              supportedFileAttributeViews(),
              () -> attributes(path, TrcFileAttributes.class, follow),
              () -> settled(() -> storedAttributes(path, names, follow)));
        });
  }

  void setAttribute(TrcPath path, String name, Object value, boolean follow) throws IOException {
    Failures.naming(
        path,
        () -> {
          return Files.setAttribute(
              there(path, follow),
              AttributeNames.changeable(name),
              value,
              LinkOption.NOFOLLOW_LINKS);
        });
  }

  @Override
  TrcPath realPath(TrcPath path, boolean follow) throws IOException {
    return Failures.naming(path, () -> entry(path, follow).plain());
  }

  Store store() {
    return store;
  }

  TrcOptions options() {
    return storing.options();
  }

  /** Deletes the file when its channel is closed. */
  private final class Deleted implements Content {
    private final Content content;
    private final TrcPath path;

    Deleted(Content content, TrcPath path) {
      this.content = content;
      this.path = path;
    }

    @Override
    public long size() throws IOException {
      return content.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return content.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      content.write(source, position);
    }

    @Override
    public void truncate(long size) throws IOException {
      content.truncate(size);
    }

    @Override
    public void giveUp() {
      content.giveUp();
    }

    @Override
    public void close() throws IOException {
      try {
        synchronized (store.lock()) {
          Entry entry = tree.find(path, false);
          if (entry.exists()) {
            store.delete(entry);
          }
        }
      } finally {
        content.close();
      }
    }
  }
}
