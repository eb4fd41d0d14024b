package io.trc.nio;

import io.trc.TrcFormatException;
import io.trc.TrcInfo;
import io.trc.TrcInputStream;
import io.trc.TrcOptions;
import io.trc.TrcOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A directory of any file system, whose .trc files are read as plain. */
final class OverlayFileSystem extends TrcFileSystem {
  private static final int PIECE = 1 << 16;
  private static final Set<String> VIEWS = Set.of("basic", "owner", "posix", "dos", "unix");

  private final Storing storing;
  private final Tree tree;
  private final Writings writings = new Writings();

  /** Held while something is put in place, so that nobody in this process sees half of it. */
  private final Object placing = new Object();

  OverlayFileSystem(TrcFileSystemProvider provider, Path folder, Storing storing) {
    super(provider, folder);
    this.storing = storing;
    this.tree = new Tree(folder);
  }

  /**
   * A file that is opened for writing.
   *
   * @param entry what was there at that time
   * @param writing where it will be
   * @param created true if opening it made it
   */
  record Target(Entry entry, Writing writing, boolean created) {}

  @Override
  void closing() {
    writings.giveUpAll();
  }

  @Override
  public boolean isReadOnly() {
    return storing.readOnly() || stored().getFileSystem().isReadOnly();
  }

  private void checkWritable() {
    check();
    if (isReadOnly()) {
      throw new ReadOnlyFileSystemException();
    }
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    Set<String> views = new TreeSet<>(stored().getFileSystem().supportedFileAttributeViews());
    views.retainAll(VIEWS);
    views.add("basic");
    views.add("trc");
    return views;
  }

  // Reading

  /** The plain length of a file, from the end of its stream. */
  long size(Entry entry) throws IOException {
    if (!entry.isPacked()) {
      return entry.attributesThere().size();
    }
    return settled(
        () -> {
          try (SeekableByteChannel file = Files.newByteChannel(entry.there())) {
            return TrcInfo.plainLength(file);
          }
        });
  }

  /** The plain content of a file. */
  Content content(Entry entry, boolean sequential) throws IOException {
    if (!entry.isPacked()) {
      return new RawContent(Files.newByteChannel(entry.there()));
    }
    return settled(
        () ->
            new PackedContent(Files.newByteChannel(entry.there()), storing.options(), sequential));
  }

  /** The plain content of a finished draft. */
  Content content(Draft draft) throws IOException {
    SeekableByteChannel file = Files.newByteChannel(draft.path());
    return draft.isPacked()
        ? new PackedContent(file, storing.options(), true)
        : new RawContent(file);
  }

  /** Tries again when nothing is being put in place: a stream that just begins is none yet. */
  private <T> T settled(Failures.Step<T> step) throws IOException {
    try {
      return step.run();
    } catch (TrcFormatException e) {
      synchronized (placing) {
        return step.run();
      }
    }
  }

  @Override
  FileChannel open(TrcPath path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    check();
    OpenMode mode = OpenMode.of(options);
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
    Entry entry = file(path, mode);
    return content(entry, true);
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
  InputStream read(TrcPath path, OpenOption... options) throws IOException {
    check();
    OpenMode mode = OpenMode.of(new HashSet<>(Arrays.asList(options)));
    if (mode.write()) {
      throw new UnsupportedOperationException("a stream to read is not opened for writing");
    }
    if (mode.deleteOnClose()) {
      return Channels.newInputStream(open(path, new HashSet<>(Arrays.asList(options))));
    }
    return Failures.naming(
        path,
        () -> {
          Entry entry = file(path, mode);
          InputStream file = Files.newInputStream(entry.there());
          InputStream plain = entry.isPacked() ? new TrcInputStream(file, storing.options()) : file;
          return opened(new PlainInputStream(plain, path, this::closed));
        });
  }

  // Writing

  @Override
  OutputStream write(TrcPath path, OpenOption... options) throws IOException {
    Set<OpenOption> all = new HashSet<>(Arrays.asList(options));
    if (all.contains(StandardOpenOption.READ)) {
      throw new IllegalArgumentException("READ not allowed");
    }
    if (all.isEmpty()) {
      all.add(StandardOpenOption.CREATE);
      all.add(StandardOpenOption.TRUNCATE_EXISTING);
    }
    all.add(StandardOpenOption.WRITE);
    return Channels.newOutputStream(open(path, all));
  }

  private Content writing(TrcPath path, OpenMode mode, FileAttribute<?>... attributes)
      throws IOException {
    checkWritable();
    Target target;
    synchronized (placing) {
      Entry entry = tree.find(path, mode.follow() && !mode.createNew());
      boolean create = !entry.exists();
      if (create) {
        if (!mode.create() && !mode.createNew()) {
          throw new NoSuchFileException(path.toString());
        }
        entry = create(entry, attributes);
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
      target = new Target(entry, writings.begin(entry), create);
    }
    try {
      return new DraftContent(
          this,
          target,
          target.created() || mode.truncate()
              ? DraftContent.Mode.FRESH
              : mode.append() ? DraftContent.Mode.APPEND : DraftContent.Mode.EDIT);
    } catch (IOException | RuntimeException | Error e) {
      abandon(target);
      ended(target);
      throw e;
    }
  }

  /** Makes an empty file, so that the name is taken and seen from now on. */
  private Entry create(Entry place, FileAttribute<?>... attributes) throws IOException {
    boolean packed = form(place.plain(), place).minSize() == 0 && form(place).packed();
    Path slot = Tree.slot(place, packed);
    if (slot == null && packed && Tree.isSeenRaw(place)) {
      packed = false;
      slot = Tree.slot(place, false);
    }
    if (slot == null) {
      throw taken(place);
    }
    Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (SeekableByteChannel file = Files.newByteChannel(slot, options, attributes)) {
      if (packed) {
        try (OutputStream empty =
            new TrcOutputStream(Channels.newOutputStream(file), storing.options())) {
          empty.flush();
        }
      }
    }
    return tree.existing(place.plain(), false);
  }

  private static FileSystemException taken(Entry place) {
    return new FileSystemException(
        place.plain().toString(), null, "the name under which it would be stored is taken");
  }

  private Draft.Form form(Entry entry) throws IOException {
    return form(entry.plain(), entry);
  }

  /** How the new content of a file is stored. */
  private Draft.Form form(TrcPath plain, Entry entry) throws IOException {
    if (!Tree.isSeenRaw(entry)) {
      return new Draft.Form(true, 0);
    }
    boolean packed = storing.compresses(plain) && Tree.slot(entry, true) != null;
    return new Draft.Form(packed, packed ? storing.minSize() : 0);
  }

  /** Begins a draft, in the form that the file has already or that new content gets. */
  Draft draft(Target target, boolean sameForm) throws IOException {
    Draft.Form form =
        sameForm ? new Draft.Form(target.entry().isPacked(), 0) : form(target.entry());
    return new Draft(target.writing(), form, storing.options());
  }

  /** Puts a finished draft in place. */
  void commit(Target target, Draft draft, boolean appended) throws IOException {
    synchronized (placing) {
      Writing writing = target.writing();
      if (writing.isGivenUp()) {
        return;
      }
      Path plain = plain(writing);
      Entry now = tree.find((TrcPath) plain, false);
      if (!now.exists() || !now.isFile()) {
        throw new FileSystemException(
            plain.toString(), null, "it was deleted or replaced while it was written");
      }
      if (!appended) {
        place(draft.path(), now, draft.isPacked(), true);
        return;
      }
      if (now.isPacked() != draft.isPacked()) {
        throw new FileSystemException(
            plain.toString(), null, "it was replaced while something was appended");
      }
      Path longer = Tree.temporary(now.folder());
      try {
        Files.copy(now.there(), longer);
        try (OutputStream out = Files.newOutputStream(longer, StandardOpenOption.APPEND)) {
          Files.copy(draft.path(), out);
        }
        place(longer, now, now.isPacked(), true);
      } finally {
        Files.deleteIfExists(longer);
      }
    }
  }

  private TrcPath plain(Writing writing) throws IOException {
    TrcPath plain = root();
    Path folder = stored();
    for (Path name : stored().relativize(writing.folder())) {
      if (!name.toString().isEmpty()) {
        plain = plain.resolve(tree.plainName(folder, name.toString()));
        folder = folder.resolve(name);
      }
    }
    return plain.resolve(writing.name());
  }

  /** Undoes what opening made. */
  void abandon(Target target) throws IOException {
    if (!target.created() || target.writing().isGivenUp()) {
      return;
    }
    synchronized (placing) {
      target.writing().giveUp();
      Files.deleteIfExists(target.writing().folder().resolve(target.entry().there().getFileName()));
    }
  }

  void ended(Target target) {
    writings.end(target.writing());
  }

  /**
   * Moves a temporary file to where an entry is or would be; what was there is replaced in one
   * step.
   */
  private void place(Path temporary, Entry entry, boolean packed, boolean keepAttributes)
      throws IOException {
    Path slot = Tree.slot(entry, packed);
    if (slot == null || !(packed || Tree.isSeenRaw(entry))) {
      throw taken(entry);
    }
    if (keepAttributes && entry.isFile()) {
      keepAttributes(entry, temporary);
    }
    replace(temporary, slot);
    if (entry.exists() && !slot.equals(entry.file())) {
      Files.deleteIfExists(entry.there());
    }
  }

  /** The file stays what it was, so far as a new file can be made the same. */
  private static void keepAttributes(Entry from, Path to) throws IOException {
    Files.getFileAttributeView(to, BasicFileAttributeView.class)
        .setTimes(null, null, from.attributesThere().creationTime());
    keepPermissions(from.there(), to);
  }

  private static void keepPermissions(Path from, Path to) throws IOException {
    PosixFileAttributeView old = Files.getFileAttributeView(from, PosixFileAttributeView.class);
    PosixFileAttributeView fresh = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    if (old != null && fresh != null) {
      fresh.setPermissions(old.readAttributes().permissions());
    }
  }

  private static void replace(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException | UnsupportedOperationException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
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
          DirectoryStream<Path> files =
              Files.newDirectoryStream(
                  folder.there(), file -> !Tree.isTemporary(file.getFileName().toString()));
          return opened(
              new PlainDirectoryStream(
                  files,
                  file -> path.resolve(tree.plainName(folder.there(), name(file))),
                  filter,
                  this::closed));
        });
  }

  /** zipfs ends the names of folders with a slash. */
  private static String name(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
  }

  @Override
  void createFolder(TrcPath path, FileAttribute<?>... attributes) throws IOException {
    checkWritable();
    Failures.naming(
        path,
        () -> {
          synchronized (placing) {
            return Files.createDirectory(room(absent(path)), attributes);
          }
        });
  }

  /**
   * Where a folder or a link goes; a stream that has this name is stored as a plain file instead.
   */
  private Path room(Entry place) throws IOException {
    Path slot = Tree.slot(place, false);
    if (slot != null) {
      return slot;
    }
    Entry occupant = tree.occupant(place);
    if (occupant.isPacked() && Tree.isSeenRaw(occupant)) {
      recode(content(occupant, true), occupant, new Draft.Form(false, 0));
    } else if (occupant.kind() == Entry.Kind.PACKED_LINK && Tree.isSeenRaw(occupant)) {
      TrcPath target = new TrcPath(this, tree.target(occupant, occupant.plain()));
      Files.delete(occupant.there());
      Files.createSymbolicLink(
          occupant.folder().resolve(occupant.name()), tree.storedTarget(target, false));
    }
    slot = Tree.slot(place, false);
    if (slot == null) {
      throw taken(place);
    }
    return slot;
  }

  private Entry absent(TrcPath path) throws IOException {
    Entry place = tree.find(path, false);
    if (place.exists()) {
      throw new FileAlreadyExistsException(path.toString());
    }
    return place;
  }

  @Override
  void createLink(TrcPath link, Path target, FileAttribute<?>... attributes) throws IOException {
    checkWritable();
    TrcPath plain = TrcPath.of(target);
    Failures.naming(
        link,
        () -> {
          synchronized (placing) {
            Entry place = absent(link);
            boolean packed = Tree.isPackedLink(place.name(), plain);
            Path slot = packed ? Tree.slot(place, true) : room(place);
            if (slot == null) {
              throw taken(place);
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

  @Override
  void delete(TrcPath path) throws IOException {
    checkWritable();
    Failures.naming(
        path,
        () -> {
          synchronized (placing) {
            Entry entry = tree.existing(path, false);
            delete(entry);
            return entry;
          }
        });
  }

  /** Before an entry goes, stores in the other form what would be seen under its name then. */
  private void keepUncovered(Entry entry) throws IOException {
    Entry beside = tree.uncovered(entry);
    if (beside != null) {
      recode(content(beside, true), beside);
    }
  }

  private void delete(Entry entry) throws IOException {
    if (entry.isRoot()) {
      throw new FileSystemException(
          entry.plain().toString(), null, "the root cannot be deleted or moved");
    }
    keepUncovered(entry);
    try {
      Files.delete(entry.there());
    } catch (DirectoryNotEmptyException e) {
      if (!deleteLeftovers(entry.there())) {
        throw e;
      }
      Files.delete(entry.there());
    }
    writings.deleted(entry.folder().resolve(entry.name()));
  }

  /** Deletes what a crash left in a folder where there is nothing else. */
  private static boolean deleteLeftovers(Path folder) throws IOException {
    List<Path> leftovers = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (!Tree.isTemporary(file.getFileName().toString())) {
          return false;
        }
        leftovers.add(file);
      }
    }
    for (Path file : leftovers) {
      Files.deleteIfExists(file);
    }
    return true;
  }

  // Copying and moving, within this provider

  /** Copies; a compressed file is copied as it is stored. */
  void copy(TrcPath source, OverlayFileSystem to, TrcPath target, Set<CopyOption> options)
      throws IOException {
    check();
    to.checkWritable();
    checkCopy(options);
    boolean follow = !options.contains(LinkOption.NOFOLLOW_LINKS);
    boolean withAttributes = options.contains(StandardCopyOption.COPY_ATTRIBUTES);
    Failures.naming(
        source,
        target,
        () -> {
          synchronized (to.placing) {
            Entry named = tree.existing(source, false);
            Entry place = to.tree.find(target, false);
            if (isSame(named, place)) {
              return place;
            }
            Entry from = tree.existing(source, follow);
            if (isSame(from, place)) {
              return place;
            }
            place = to.cleared(place, target, options);
            if (from.isFolder()) {
              to.delete(place, place.exists());
              to.createFolder(target);
            } else if (from.isLink()) {
              to.delete(place, place.exists());
              to.createLink(target, new TrcPath(to, tree.target(from, source)));
            } else {
              to.copyFile(from, this, place);
            }
            if (withAttributes && !from.isLink()) {
              copyAttributes(from.there(), to.tree.existing(target, false).there());
            }
            return place;
          }
        });
  }

  private static boolean isSame(Entry from, Entry to) throws IOException {
    return to.exists()
        && from.there().getFileSystem().equals(to.there().getFileSystem())
        && (from.there().equals(to.there())
            || (!from.isLink() && !to.isLink() && Files.isSameFile(from.there(), to.there())));
  }

  /** The place for a copy: free, or with a file that will be replaced. */
  private Entry cleared(Entry place, TrcPath target, Set<CopyOption> options) throws IOException {
    if (!place.exists()) {
      return place;
    }
    if (!options.contains(StandardCopyOption.REPLACE_EXISTING)
        && !options.contains(StandardCopyOption.ATOMIC_MOVE)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    if (!place.isFile()) {
      delete(place);
      return tree.find(target, false);
    }
    return place;
  }

  private void delete(Entry place, boolean exists) throws IOException {
    if (exists) {
      delete(place);
    }
  }

  private void copyFile(Entry from, OverlayFileSystem source, Entry place) throws IOException {
    boolean packed = from.isPacked();
    if (Tree.slot(place, packed) == null || !(packed || Tree.isSeenRaw(place))) {
      recode(source.content(from, true), place);
      return;
    }
    Path temporary = Tree.temporary(place.folder());
    try {
      Files.copy(from.there(), temporary);
      place(temporary, place, packed, false);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Stores plain content in the form that its new name asks for, and closes it. */
  private void recode(Content plain, Entry place) throws IOException {
    recode(plain, place, form(place));
  }

  private void recode(Content plain, Entry place, Draft.Form form) throws IOException {
    try (Content content = plain) {
      Draft draft = new Draft(new Writing(place), form, storing.options());
      try {
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        long from = 0;
        while (content.read(piece, from) >= 0) {
          from += piece.position();
          draft.write(piece.array(), 0, piece.position());
          piece.clear();
        }
        draft.finish();
        place(draft.path(), place, draft.isPacked(), false);
      } finally {
        draft.abort();
      }
    }
  }

  /** Copies out of an archive. */
  void copyFrom(ArchiveFileSystem archive, TrcPath source, TrcPath target, Set<CopyOption> options)
      throws IOException {
    checkWritable();
    checkCopy(options);
    boolean follow = !options.contains(LinkOption.NOFOLLOW_LINKS);
    Failures.naming(
        source,
        target,
        () -> {
          BasicFileAttributes attributes =
              archive.attributes(source, BasicFileAttributes.class, follow);
          synchronized (placing) {
            Entry place = cleared(tree.find(target, false), target, options);
            if (attributes.isRegularFile()) {
              recode(archive.content(source, follow), place);
            } else {
              delete(place, place.exists());
              if (attributes.isSymbolicLink()) {
                createLink(target, new TrcPath(this, archive.readLink(source).path()));
              } else {
                createFolder(target);
              }
            }
            if (options.contains(StandardCopyOption.COPY_ATTRIBUTES)
                && !attributes.isSymbolicLink()) {
              setTimes(attributes, tree.existing(target, false).there());
            }
            return place;
          }
        });
  }

  private static void checkCopy(Set<CopyOption> options) {
    if (options.contains(StandardCopyOption.ATOMIC_MOVE)) {
      throw new UnsupportedOperationException("a copy is not atomic");
    }
  }

  private static void setTimes(BasicFileAttributes times, Path to) throws IOException {
    Files.getFileAttributeView(to, BasicFileAttributeView.class)
        .setTimes(times.lastModifiedTime(), times.lastAccessTime(), times.creationTime());
  }

  private static void copyAttributes(Path from, Path to) throws IOException {
    BasicFileAttributes times = Files.readAttributes(from, BasicFileAttributes.class);
    keepPermissions(from, to);
    setTimes(times, to);
  }

  /** Moves; nothing is decoded but where the new name asks for another form. */
  void move(TrcPath source, OverlayFileSystem to, TrcPath target, Set<CopyOption> options)
      throws IOException {
    checkWritable();
    to.checkWritable();
    Failures.naming(
        source,
        target,
        () -> {
          synchronized (to.placing) {
            Entry from = tree.existing(source, false);
            Entry place = to.tree.find(target, false);
            if (isSame(from, place)) {
              return place;
            }
            if (from.isRoot() || place.isRoot()) {
              throw new FileSystemException(
                  source.toString(), target.toString(), "the root cannot be deleted or moved");
            }
            moveTo(from, to, to.cleared(place, target, options), options);
            return place;
          }
        });
  }

  private void moveTo(Entry from, OverlayFileSystem to, Entry place, Set<CopyOption> options)
      throws IOException {
    boolean atomic = options.contains(StandardCopyOption.ATOMIC_MOVE);
    boolean packed = from.isPacked() || from.kind() == Entry.Kind.PACKED_LINK;
    Path slot = Tree.slot(place, packed);
    boolean renamed = slot != null && (packed || from.isFolder() || to.isRenamed(from, place));
    if (slot == null && !packed && (from.isFolder() || from.isLink())) {
      slot = to.room(place);
      renamed = from.isFolder() || to.isRenamed(from, place);
    }
    if (atomic && (!renamed || (place.exists() && !slot.equals(place.file())))) {
      throw new AtomicMoveNotSupportedException(
          from.plain().toString(), place.plain().toString(), "it must be stored in another form");
    }
    if (renamed) {
      keepUncovered(from);
      if (place.exists() && from.isFolder()) {
        to.delete(place);
      }
      if (atomic) {
        Files.move(from.there(), slot, StandardCopyOption.ATOMIC_MOVE);
      } else {
        replace(from.there(), slot);
      }
      if (place.exists() && !slot.equals(place.file())) {
        Files.deleteIfExists(place.there());
      }
      if (to == this) {
        writings.moved(from.folder().resolve(from.name()), place.folder().resolve(place.name()));
      } else {
        writings.deleted(from.folder().resolve(from.name()));
        to.writings.deleted(place.folder().resolve(place.name()));
      }
    } else if (from.isLink()) {
      to.delete(place, place.exists());
      to.createLink(place.plain(), new TrcPath(to, tree.target(from, from.plain())));
      delete(from);
    } else {
      to.recode(content(from, true), place);
      delete(from);
    }
  }

  private boolean isRenamed(Entry from, Entry place) throws IOException {
    return from.isLink()
        ? !Tree.isPackedLink(
            place.name(), new TrcPath(from.plain().getFileSystem(), linkTarget(from)))
        : Tree.isSeenRaw(place);
  }

  private static String linkTarget(Entry link) throws IOException {
    return Files.readSymbolicLink(link.there()).toString();
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
              && Files.isHidden(
                  file == null || entry.isPacked() ? entry.folder().resolve(entry.name()) : file);
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
          Entry entry = tree.existing(path, true);
          if (isReadOnly() && Arrays.asList(modes).contains(AccessMode.WRITE)) {
            throw new AccessDeniedException(path.toString(), null, "the file system is read-only");
          }
          checkStoredAccess(entry.there(), modes);
          return entry;
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
  <V extends FileAttributeView> @Nullable V view(TrcPath path, Class<V> type, boolean follow) {
    return new AttributeViews(this, path, follow).of(type);
  }

  void checkChangeable() {
    checkWritable();
  }

  @Override
  <A extends BasicFileAttributes> A attributes(TrcPath path, Class<A> type, boolean follow)
      throws IOException {
    return Failures.naming(
        path,
        () -> {
          Entry entry = entry(path, follow);
          return PlainAttributes.read(entry.there(), type, () -> size(entry), entry.isPacked());
        });
  }

  @Override
  Map<String, Object> attributes(TrcPath path, String names, boolean follow) throws IOException {
    return Failures.naming(
        path,
        () -> {
          Entry entry = entry(path, follow);
          return AttributeNames.read(
              names,
              supportedFileAttributeViews(),
              () -> attributes(path, TrcFileAttributes.class, follow),
              () -> Files.readAttributes(entry.there(), names, LinkOption.NOFOLLOW_LINKS));
        });
  }

  @Override
  void setAttribute(TrcPath path, String name, Object value, boolean follow) throws IOException {
    checkWritable();
    Failures.naming(
        path,
        () -> {
          Entry entry = entry(path, follow);
          return Files.setAttribute(
              entry.there(), AttributeNames.changeable(name), value, LinkOption.NOFOLLOW_LINKS);
        });
  }

  @Override
  TrcPath realPath(TrcPath path, boolean follow) throws IOException {
    return Failures.naming(path, () -> entry(path, follow).plain());
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
    public void close() throws IOException {
      try {
        synchronized (placing) {
          Entry entry = tree.find(path, false);
          if (entry.exists()) {
            delete(entry);
          }
        }
      } finally {
        content.close();
      }
    }
  }
}
