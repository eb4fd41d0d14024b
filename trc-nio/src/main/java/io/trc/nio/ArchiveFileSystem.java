package io.trc.nio;

import io.trc.TrcOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One .trc file, read-only: the entries of the tar in it, or the one file. Nothing is decoded
 * before the first look at what is in it.
 */
final class ArchiveFileSystem extends TrcFileSystem {
  private final TrcOptions options;
  private final ArchiveKind kind;

  /** Held while the shared content is read. */
  private final Object lock = new Object();

  private final Walk<Found> entries = new Entries();
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

  /** What is at a plain path without links, or null. */
  private record Found(TrcPath path, @Nullable Node there) implements Walk.Place {
    Node node() {
      return Objects.requireNonNull(there);
    }

    @Override
    public boolean exists() {
      return there != null;
    }

    @Override
    public boolean isFolder() {
      return there != null && there.kind() == Node.Kind.FOLDER;
    }

    @Override
    public boolean isLink() {
      return there != null && there.kind() == Node.Kind.LINK;
    }
  }

  private final class Entries extends Walk<Found> {
    @Override
    Found root() throws IOException {
      try {
        return new Found(ArchiveFileSystem.this.root(), index());
      } catch (IOException e) {
        throw Failures.plain(e, stored());
      }
    }

    @Override
    Found look(Found folder, String name) {
      return new Found(folder.path().child(name), folder.node().children().get(name));
    }

    @Override
    String target(Found link, TrcPath asked) throws IOException {
      String target = link.node().target();
      if (target.startsWith("/")) {
        throw leadsOut(asked);
      }
      return target;
    }
  }

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
              .put(
                  ArchiveKind.plainName(stored()),
                  Node.file(List.of(), content.size(), modified, rights));
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
  private Node tar(Content content, FileTime modified) throws IOException {
    long size = content.size();
    Content part = new Extents(content, lock, List.of(new Extents.Part(0, size, 0)), size);
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
    return entries.existing(path, follow);
  }

  /** The plain bytes of a file. */
  Content content(TrcPath path, boolean follow) throws IOException {
    Node node = find(path, follow).node();
    return switch (node.kind()) {
      case FOLDER -> throw new FileSystemException(path.toString(), null, "Is a directory");
      case LINK -> throw new FileSystemException(path.toString(), null, "is a symbolic link");
      case OTHER ->
          throw new FileSystemException(path.toString(), null, "is no ordinary file of the tar");
      case FILE -> content(node);
    };
  }

  private Content content(Node node) throws IOException {
    if (kind == ArchiveKind.FILE) {
      return new PackedContent(Files.newByteChannel(stored()), options);
    }
    synchronized (lock) {
      check();
      return new Extents(shared(), lock, node.parts(), node.size());
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
  @SuppressWarnings("ReferenceEquality") // other files may be alike
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
  UserPrincipal owner(TrcPath path, boolean follow) throws IOException {
    return attributes(path, PosixFileAttributes.class, follow).owner();
  }

  @Override
  <A extends BasicFileAttributes> A attributes(TrcPath path, Class<A> type, boolean follow)
      throws IOException {
    Node node = find(path, follow).node();
    long compressedSize = Math.round(ratio * node.size());
    if (type == BasicFileAttributes.class || type == TrcFileAttributes.class) {
      return type.cast(new NodeAttributes(node, compressedSize));
    }
    Rights rights = node.rights();
    if (type == PosixFileAttributes.class && rights != null) {
      return type.cast(new NodeRights(node, compressedSize, rights));
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
  private static class NodeAttributes implements TrcFileAttributes {
    private final Node node;
    private final long compressedSize;

    NodeAttributes(Node node, long compressedSize) {
      this.node = node;
      this.compressedSize = compressedSize;
    }

    @Override
    public boolean isCompressed() {
      return isRegularFile();
    }

    @Override
    public long compressedSize() {
      return compressedSize;
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
      return node.kind() == Node.Kind.FILE;
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

  private static final class NodeRights extends NodeAttributes implements PosixFileAttributes {
    private final Rights rights;

    NodeRights(Node node, long compressedSize, Rights rights) {
      super(node, compressedSize);
      this.rights = rights;
    }

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
  }
}
