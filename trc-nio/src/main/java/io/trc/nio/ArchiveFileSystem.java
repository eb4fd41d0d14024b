package io.trc.nio;

import io.trc.TrcOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One .trc file, read-only: the entries of the tar in it, or the one file. Nothing is decoded
 * before the first look at what is in it.
 */
final class ArchiveFileSystem extends TrcFileSystem {
  private static final int MOST_LINKS = 40;

  private final TrcOptions options;
  private final ArchiveKind kind;

  /** Held while the shared content is read. */
  private final Object lock = new Object();

  private @Nullable Content shared;
  private @Nullable Node root;

  /** The stored bytes for each plain one. */
  private volatile double ratio;

  ArchiveFileSystem(
      TrcFileSystemProvider provider, Path archive, TrcOptions options, ArchiveKind kind) {
    super(provider, archive);
    this.options = options;
    this.kind = kind;
  }

  /** A node and the plain path that leads to it without links. */
  private record Found(TrcPath path, Node node) {}

  private Content shared() throws IOException {
    Content content = shared;
    if (content == null) {
      content = new PackedContent(new SharedFile(stored()), options);
      shared = content;
    }
    return content;
  }

  private Node index() throws IOException {
    synchronized (lock) {
      check();
      Node known = root;
      if (known == null) {
        FileTime modified = Files.getLastModifiedTime(stored());
        Content content = shared();
        if (kind == ArchiveKind.TAR) {
          known = tar(content, modified);
        } else {
          Rights rights = rights();
          known = Node.folder(modified, rights == null ? null : Rights.UNTOLD_FOLDER);
          known
              .children()
              .put(ArchiveKind.plainName(stored()), Node.file(0, content.size(), modified, rights));
        }
        ratio = content.size() == 0 ? 0 : (double) Files.size(stored()) / content.size();
        root = known;
      }
      return known;
    }
  }

  /** One file has the rights of the archive. */
  private @Nullable Rights rights() throws IOException {
    return hasRights()
        ? Rights.of(Files.readAttributes(stored(), PosixFileAttributes.class))
        : null;
  }

  /** The channel that reads the headers is closed then, the content beneath is not. */
  private static Node tar(Content content, FileTime modified) throws IOException {
    Content part = new Part(content, content, 0, content.size());
    PlainChannel.Access access = new PlainChannel.Access(true, false, false);
    Path name = Path.of("tar");
    try (PlainChannel channel = new PlainChannel(name, part, access, closed -> {})) {
      return TarIndex.read(channel, modified);
    }
  }

  @Override
  void released() throws IOException {
    synchronized (lock) {
      Content content = shared;
      shared = null;
      root = null;
      if (content != null) {
        content.close();
      }
    }
  }

  private Found find(TrcPath path, boolean follow) throws IOException {
    check();
    Node top;
    try {
      top = index();
    } catch (IOException e) {
      throw Failures.plain(e, stored());
    }
    Deque<String> names = new ArrayDeque<>(path.names());
    Deque<Found> folders = new ArrayDeque<>();
    folders.push(new Found(root(), top));
    int links = 0;
    while (true) {
      String name = names.poll();
      if (name == null) {
        return folders.element();
      }
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        if (folders.size() > 1) {
          folders.pop();
        } else if (links > 0) {
          throw leadsOut(path);
        }
        continue;
      }
      Node node = folders.element().node().children().get(name);
      if (node == null) {
        throw new NoSuchFileException(path.toString());
      }
      Found found = new Found(folders.element().path().resolve(name), node);
      boolean last = names.isEmpty();
      if (node.kind() == Node.Kind.LINK && (follow || !last)) {
        if (++links > MOST_LINKS) {
          throw new FileSystemException(path.toString(), null, "Too many levels of symbolic links");
        }
        if (node.target().startsWith("/")) {
          throw leadsOut(path);
        }
        List<String> target = List.of(node.target().split("/", -1));
        for (int i = target.size() - 1; i >= 0; i--) {
          names.push(target.get(i));
        }
      } else if (node.kind() == Node.Kind.FOLDER) {
        folders.push(found);
      } else if (last) {
        return found;
      } else {
        throw new FileSystemException(path.toString(), null, "Not a directory");
      }
    }
  }

  private static FileSystemException leadsOut(Path path) {
    return new FileSystemException(
        path.toString(), null, "a symbolic link leads out of the archive");
  }

  /** The plain bytes of a file. */
  Content content(TrcPath path, boolean follow) throws IOException {
    Node node = find(path, follow).node();
    return switch (node.kind()) {
      case FOLDER -> throw new FileSystemException(path.toString(), null, "Is a directory");
      case LINK -> throw new FileSystemException(path.toString(), null, "is a symbolic link");
      case OTHER ->
          throw new FileSystemException(path.toString(), null, "is no ordinary file of the tar");
      case FILE, SPARSE -> content(node);
    };
  }

  private Content content(Node node) throws IOException {
    if (kind == ArchiveKind.FILE) {
      return new PackedContent(Files.newByteChannel(stored()), options);
    }
    synchronized (lock) {
      check();
      if (node.kind() == Node.Kind.SPARSE) {
        Content whole = new Part(shared(), lock, 0, Long.MAX_VALUE);
        return new Extents(whole, node.parts(), node.size());
      }
      return new Part(shared(), lock, node.offset(), node.size());
    }
  }

  /** An entry of a tar; entries share the decoder and its blocks. */
  private record Part(Content whole, Object lock, long offset, long size) implements Content {
    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      if (position >= size) {
        return -1;
      }
      int limit = target.limit();
      if (target.remaining() > size - position) {
        target.limit(target.position() + (int) (size - position));
      }
      try {
        synchronized (lock) {
          return whole.read(target, offset + position);
        }
      } finally {
        target.limit(limit);
      }
    }

    @Override
    public void close() {
      // What is shared is closed with the file system.
    }
  }

  @Override
  public boolean isReadOnly() {
    return true;
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return hasRights() ? Set.of("basic", "trc", "owner", "posix") : Set.of("basic", "trc");
  }

  @Override
  FileChannel open(TrcPath path, OpenMode mode, FileAttribute<?>... attributes) throws IOException {
    Content content = Failures.naming(path, () -> content(path, mode.follow()));
    return opened(
        new PlainChannel(path, content, new PlainChannel.Access(true, false, false), this::closed));
  }

  @Override
  InputStream read(TrcPath path, OpenMode mode) throws IOException {
    return Channels.newInputStream(open(path, mode));
  }

  @Override
  DirectoryStream<Path> list(TrcPath path, DirectoryStream.Filter<? super Path> filter)
      throws IOException {
    Node folder = find(path, true).node();
    if (folder.kind() != Node.Kind.FOLDER) {
      throw new NotDirectoryException(path.toString());
    }
    List<Path> names = new ArrayList<>();
    for (String name : folder.children().keySet()) {
      names.add(path.resolve(name));
    }
    return opened(
        new PlainDirectoryStream(() -> {}, names.iterator(), plain -> plain, filter, this::closed));
  }

  @Override
  TrcPath readLink(TrcPath link) throws IOException {
    Node node = find(link, false).node();
    if (node.kind() != Node.Kind.LINK) {
      throw new NotLinkException(link.toString());
    }
    return new TrcPath(this, node.target());
  }

  @Override
  boolean isSame(TrcPath path, TrcPath other) throws IOException {
    return find(path, true).node() == find(other, true).node();
  }

  @Override
  boolean isHidden(TrcPath path) {
    check();
    String name = path.fileName();
    return name != null && name.startsWith(".");
  }

  @Override
  FileStore fileStore(TrcPath path) throws IOException {
    find(path, true);
    return new TrcFileStore(Files.getFileStore(stored()), true, supportedFileAttributeViews());
  }

  @Override
  void checkAccess(TrcPath path, AccessMode... modes) throws IOException {
    find(path, true);
    for (AccessMode mode : modes) {
      if (mode != AccessMode.READ) {
        throw new AccessDeniedException(path.toString(), null, "the file system is read-only");
      }
    }
  }

  private boolean hasRights() {
    return kind == ArchiveKind.TAR
        || stored().getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  @Override
  <V extends FileAttributeView> @Nullable V view(TrcPath path, Class<V> type, boolean follow) {
    boolean rights = type == PosixFileAttributeView.class || type == FileOwnerAttributeView.class;
    if (rights && hasRights()) {
      String name = type == PosixFileAttributeView.class ? "posix" : "owner";
      return type.cast(new RightsView(path, name, follow));
    }
    if (type != BasicFileAttributeView.class && type != TrcFileAttributeView.class) {
      return null;
    }
    return type.cast(new View(path, type == TrcFileAttributeView.class ? "trc" : "basic", follow));
  }

  private final class RightsView implements PosixFileAttributeView {
    private final TrcPath path;
    private final String name;
    private final boolean follow;

    RightsView(TrcPath path, String name, boolean follow) {
      this.path = path;
      this.name = name;
      this.follow = follow;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public PosixFileAttributes readAttributes() throws IOException {
      return attributes(path, PosixFileAttributes.class, follow);
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
      return readAttributes().owner();
    }

    @Override
    public void setOwner(UserPrincipal owner) {
      checkWritable();
    }

    @Override
    public void setGroup(GroupPrincipal group) {
      checkWritable();
    }

    @Override
    public void setPermissions(Set<PosixFilePermission> permissions) {
      checkWritable();
    }

    @Override
    public void setTimes(
        @Nullable FileTime modified, @Nullable FileTime access, @Nullable FileTime created) {
      checkWritable();
    }
  }

  private final class View implements TrcFileAttributeView {
    private final TrcPath path;
    private final String name;
    private final boolean follow;

    View(TrcPath path, String name, boolean follow) {
      this.path = path;
      this.name = name;
      this.follow = follow;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public TrcFileAttributes readAttributes() throws IOException {
      return attributes(path, TrcFileAttributes.class, follow);
    }

    @Override
    public void setTimes(
        @Nullable FileTime modified, @Nullable FileTime access, @Nullable FileTime created) {
      checkWritable();
    }
  }

  @Override
  <A extends BasicFileAttributes> A attributes(TrcPath path, Class<A> type, boolean follow)
      throws IOException {
    Node node = find(path, follow).node();
    NodeAttributes attributes = new NodeAttributes(node, Math.round(ratio * node.size()));
    if (type == BasicFileAttributes.class || type == TrcFileAttributes.class) {
      return type.cast(attributes);
    }
    Rights rights = node.rights();
    if (type == PosixFileAttributes.class && rights != null) {
      return type.cast(new NodeRights(attributes, rights));
    }
    throw new UnsupportedOperationException(type + " is not supported");
  }

  @Override
  Map<String, Object> attributes(TrcPath path, String names, boolean follow) throws IOException {
    check();
    return AttributeNames.read(
        names,
        supportedFileAttributeViews(),
        () -> attributes(path, TrcFileAttributes.class, follow),
        () ->
            AttributeNames.rights(
                names, () -> attributes(path, PosixFileAttributes.class, follow)));
  }

  @Override
  TrcPath realPath(TrcPath path, boolean follow) throws IOException {
    return find(path, follow).path();
  }

  /** The attributes of a node. */
  private record NodeAttributes(Node node, long compressedSize) implements TrcFileAttributes {
    @Override
    public boolean isCompressed() {
      return node.isFile();
    }

    @Override
    public FileTime lastModifiedTime() {
      return node.modified();
    }

    @Override
    public FileTime lastAccessTime() {
      return node.modified();
    }

    @Override
    public FileTime creationTime() {
      return node.modified();
    }

    @Override
    public boolean isRegularFile() {
      return node.isFile();
    }

    @Override
    public boolean isDirectory() {
      return node.kind() == Node.Kind.FOLDER;
    }

    @Override
    public boolean isSymbolicLink() {
      return node.kind() == Node.Kind.LINK;
    }

    @Override
    public boolean isOther() {
      return node.kind() == Node.Kind.OTHER;
    }

    @Override
    public long size() {
      return node.size();
    }

    @Override
    public @Nullable Object fileKey() {
      return null;
    }
  }

  /**
   * The attributes of a node with its rights.
   *
   * @param attributes all others
   */
  private record NodeRights(NodeAttributes attributes, Rights rights)
      implements PosixFileAttributes {
    @Override
    public UserPrincipal owner() {
      return rights.owner();
    }

    @Override
    public GroupPrincipal group() {
      return rights.group();
    }

    @Override
    public Set<PosixFilePermission> permissions() {
      return rights.permissions();
    }

    @Override
    public FileTime lastModifiedTime() {
      return attributes.lastModifiedTime();
    }

    @Override
    public FileTime lastAccessTime() {
      return attributes.lastAccessTime();
    }

    @Override
    public FileTime creationTime() {
      return attributes.creationTime();
    }

    @Override
    public boolean isRegularFile() {
      return attributes.isRegularFile();
    }

    @Override
    public boolean isDirectory() {
      return attributes.isDirectory();
    }

    @Override
    public boolean isSymbolicLink() {
      return attributes.isSymbolicLink();
    }

    @Override
    public boolean isOther() {
      return attributes.isOther();
    }

    @Override
    public long size() {
      return attributes.size();
    }

    @Override
    public @Nullable Object fileKey() {
      return attributes.fileKey();
    }
  }
}
