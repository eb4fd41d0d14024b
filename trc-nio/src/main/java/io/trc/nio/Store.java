package io.trc.nio;

import io.trc.TrcFormatException;
import io.trc.TrcInfo;
import io.trc.TrcOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The files beneath an overlay: which form each has, how one takes the place of another. What
 * changes names is called with the lock held.
 */
final class Store {
  private static final int PIECE = 1 << 16;

  private final OverlayFileSystem fileSystem;
  private final Storing storing;
  private final Tree tree;
  private final Writings writings = new Writings();
  private final Object lock = new Object();

  Store(OverlayFileSystem fileSystem, Storing storing) {
    this.fileSystem = fileSystem;
    this.storing = storing;
    this.tree = new Tree(fileSystem.stored());
  }

  /**
   * A file that is opened for writing.
   *
   * @param entry what was there at that time
   * @param writing where it will be
   * @param created true if opening it made it
   */
  record Target(Entry entry, Writing writing, boolean created) {}

  Tree tree() {
    return tree;
  }

  Writings writings() {
    return writings;
  }

  /** Held while something is put in place, so that nobody in this process sees half of it. */
  Object lock() {
    return lock;
  }

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
      synchronized (lock) {
        return step.run();
      }
    }
  }

  /** Makes an empty file, so that the name is taken and seen from now on. */
  Entry create(Entry place, FileAttribute<?>... attributes) throws IOException {
    Draft.Form form = form(place);
    boolean packed = form.minSize() == 0 && form.packed();
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

  static FileSystemException taken(Entry place) {
    return new FileSystemException(
        place.plain().toString(), null, "the name under which it would be stored is taken");
  }

  /** How the new content of a file is stored. */
  Draft.Form form(Entry entry) throws IOException {
    if (!Tree.isSeenRaw(entry)) {
      return new Draft.Form(true, 0);
    }
    boolean packed = storing.compresses(entry.plain()) && Tree.slot(entry, true) != null;
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
    synchronized (lock) {
      Writing writing = target.writing();
      if (writing.isGivenUp()) {
        return;
      }
      TrcPath plain = plain(writing);
      Entry now = tree.find(plain, false);
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
    TrcPath plain = fileSystem.root();
    Path folder = fileSystem.stored();
    for (Path name : fileSystem.stored().relativize(writing.folder())) {
      if (!name.toString().isEmpty()) {
        plain = plain.resolve(tree.plainName(folder, Names.of(name)));
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
    synchronized (lock) {
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
  void place(Path temporary, Entry entry, boolean packed, boolean keepAttributes)
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

  static void keepPermissions(Path from, Path to) throws IOException {
    PosixFileAttributeView old = Files.getFileAttributeView(from, PosixFileAttributeView.class);
    PosixFileAttributeView fresh = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    if (old != null && fresh != null) {
      fresh.setPermissions(old.readAttributes().permissions());
    }
  }

  static void replace(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException | UnsupportedOperationException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Where a folder or a link goes; a stream that has this name is stored as a plain file instead.
   */
  Path room(Entry place) throws IOException {
    Path slot = Tree.slot(place, false);
    if (slot != null) {
      return slot;
    }
    Entry occupant = tree.occupant(place);
    if (occupant.isPacked() && Tree.isSeenRaw(occupant)) {
      recode(content(occupant, true), occupant, new Draft.Form(false, 0), true);
    } else if (occupant.kind() == Entry.Kind.PACKED_LINK && Tree.isSeenRaw(occupant)) {
      TrcPath target = new TrcPath(fileSystem, tree.target(occupant, occupant.plain()));
      Files.delete(occupant.there());
      Files.createSymbolicLink(
          Names.resolve(occupant.folder(), occupant.name()), tree.storedTarget(target, false));
    }
    slot = Tree.slot(place, false);
    if (slot == null) {
      throw taken(place);
    }
    return slot;
  }

  /** Before an entry goes, stores in the other form what would be seen under its name then. */
  void keepUncovered(Entry entry) throws IOException {
    Entry beside = tree.uncovered(entry);
    if (beside != null) {
      recode(content(beside, true), beside, form(beside), true);
    }
  }

  void delete(Entry entry) throws IOException {
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
    writings.deleted(entry.key());
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

  void deleteIfThere(Entry place) throws IOException {
    if (place.exists()) {
      delete(place);
    }
  }

  /** Stores plain content in the form that its new name asks for, and closes it. */
  void recode(Content plain, Entry place) throws IOException {
    recode(plain, place, form(place), false);
  }

  private void recode(Content plain, Entry place, Draft.Form form, boolean sameFile)
      throws IOException {
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
        if (sameFile) {
          Files.setLastModifiedTime(draft.path(), place.attributesThere().lastModifiedTime());
        }
        place(draft.path(), place, draft.isPacked(), sameFile);
      } finally {
        draft.abort();
      }
    }
  }
}
