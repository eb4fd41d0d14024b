package io.trc.nio;

import io.trc.Trc;
import io.trc.TrcOptions;
import io.trc.TrcOutputStream;
import io.trc.files.Attributes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files beneath an overlay: which form each has, how one takes the place of another. What
 * changes names is called with the lock held.
 */
final class Store {
  private final OverlayFileSystem fileSystem;
  private final Storing storing;
  private final Tree tree;
  private final Writings writings = new Writings();
  private final Object lock = new Object();

  Store(OverlayFileSystem fileSystem, Storing storing) {
    this.fileSystem = fileSystem;
    this.storing = storing;
    this.tree = new Tree(fileSystem.stored(), fileSystem.root());
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
    return tree.length(entry);
  }

  /** The plain content of a file. */
  Content content(Entry entry) throws IOException {
    return content(entry.there(), entry.isPacked());
  }

  /** The plain content of a finished draft. */
  Content content(Draft draft) throws IOException {
    return content(draft.path(), draft.isPacked());
  }

  private Content content(Path path, boolean packed) throws IOException {
    SeekableByteChannel file = Files.newByteChannel(path);
    return packed ? new PackedContent(file, storing.options()) : new RawContent(file);
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
    if (packed) {
      createEmptyStream(place.folder(), slot, attributes);
    } else {
      Draft.create(slot, attributes).close();
    }
    return tree.existing(place.plain(), false);
  }

  /**
   * An empty stream has its name at once and whole, where the file system beneath has links, so
   * that nobody sees half of it and a crash leaves none.
   */
  private static void createEmptyStream(Path folder, Path slot, FileAttribute<?>... attributes)
      throws IOException {
    Path temporary = Tree.temporary(folder);
    try {
      try (OutputStream file = Draft.create(temporary, attributes)) {
        file.write(emptyStream());
      }
      if (isLinked(slot, temporary)) {
        return;
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
    try (OutputStream file = Draft.create(slot, attributes)) {
      file.write(emptyStream());
    }
  }

  /** The same whatever the options, and no reason to load a model. */
  private static byte[] emptyStream() throws IOException {
    return Trc.compress(new byte[0], TrcOptions.DEFAULT);
  }

  private static boolean isLinked(Path slot, Path file) throws IOException {
    try {
      Files.createLink(slot, file);
      return true;
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      return false;
    }
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

  /** Begins a draft that only its owner can read, in the form that new content gets. */
  Draft draft(Target target) throws IOException {
    return draft(target, form(target.entry()));
  }

  /**
   * Begins a draft of what is appended. It is held back as long as it is so little that it may be
   * put together with what is there.
   */
  Draft draftToAppend(Target target, boolean empty) throws IOException {
    Draft.Form form = form(target.entry());
    boolean packed = empty ? form.packed() : target.entry().isPacked();
    int most = Math.max(storing.options().blockSize(), empty ? form.minSize() : 0);
    return draft(target, new Draft.Form(packed, packed ? most : 0));
  }

  private Draft draft(Target target, Draft.Form form) throws IOException {
    Writing writing = target.writing();
    return new Draft(writing::folder, form, storing.options(), Attributes.secret(writing.folder()));
  }

  /** How finished content takes its place. */
  enum Change {
    /** Whatever is there goes. */
    REPLACE,
    /** It was made of what was there when it was opened, which must still be there. */
    EDIT,
    /** It comes after whatever is there now. */
    APPEND
  }

  /** Puts a finished draft in place. */
  void commit(Target target, Draft draft, Change change) throws IOException {
    synchronized (lock) {
      Writing writing = target.writing();
      if (writing.isGivenUp()) {
        return;
      }
      TrcPath plain = plain(writing);
      Turn.at(
          writing.folder(),
          writing.name(),
          () -> {
            Entry now = tree.find(plain, false);
            if (!now.isFile()) {
              throw new FileSystemException(
                  plain.toString(), null, "it was deleted or replaced while it was written");
            }
            if (change == Change.EDIT && !now.version().isSame(writing.version())) {
              throw new FileSystemException(
                  plain.toString(), null, "another wrote it while it was written");
            }
            if (change == Change.APPEND) {
              append(draft, now);
            } else {
              replace(draft, now);
            }
            return now;
          });
    }
  }

  private void replace(Draft draft, Entry now) throws IOException {
    if (isPlaceFor(draft.path(), draft.isPacked(), now)) {
      now.dress().putOnChanged(draft.path());
      place(draft.path(), now, draft.isPacked());
    } else {
      // Since it was begun, the name that it would have got was taken.
      recodeDraft(draft, now);
    }
  }

  private void recodeDraft(Draft draft, Entry now) throws IOException {
    Attributes dress = now.dress();
    recode(content(draft), now, form(now), dress::putOnChanged, Attributes.secret(now.folder()));
  }

  /** True if a stored file can be put where an entry is, as it is. */
  static boolean isPlaceFor(Path file, boolean packed, Entry entry) throws IOException {
    return Tree.slot(entry, packed) != null && isSeen(file, packed, entry);
  }

  /** A file that is no stream is seen whatever its name is. */
  private static boolean isSeen(Path file, boolean packed, Entry entry) {
    return packed || Tree.isSeenRaw(entry) || !Streams.begins(file);
  }

  private void append(Draft draft, Entry now) throws IOException {
    if (size(now) == 0) {
      Draft.Form form = form(now);
      boolean packed = form.packed() && draft.count() >= form.minSize();
      if (packed == draft.isPacked()) {
        replace(draft, now);
      } else {
        recodeDraft(draft, now);
      }
      return;
    }
    if (!now.isPacked() && !Tree.isSeenRaw(now) && size(now) < Streams.MAGIC) {
      // With some more bytes it might begin like a stream.
      recodeLonger(draft, now);
      return;
    }
    boolean packed = now.isPacked();
    Path longer = Tree.temporary(now.folder());
    try {
      try (OutputStream out = Draft.create(longer, Attributes.secret(now.folder()))) {
        if (packed == draft.isPacked()) {
          Files.copy(now.there(), out);
          Files.copy(draft.path(), out);
        } else if (packed) {
          Tail tail = Tail.of(now.there(), draft.count(), storing.options());
          tail.copyWhatIsBefore(out);
          try (OutputStream member = new TrcOutputStream(out, storing.options())) {
            member.write(tail.plain());
            copy(draft, member);
          }
        } else {
          Files.copy(now.there(), out);
          copy(draft, out);
        }
      }
      checkStillThere(now);
      now.dress().putOnChanged(longer);
      place(longer, now, packed);
    } finally {
      Files.deleteIfExists(longer);
    }
  }

  private void recodeLonger(Draft draft, Entry now) throws IOException {
    try (Spool all = new Spool();
        Content before = content(now);
        Content added = content(draft)) {
      before.copyTo(all::append);
      added.copyTo(all::append);
      Attributes dress = now.dress();
      recode(all, now, form(now), dress::putOnChanged, Attributes.secret(now.folder()));
    }
  }

  /** What is replaced must be what was copied: not all who change files wait for their turn. */
  private void checkStillThere(Entry now) throws IOException {
    Entry still = tree.find(now.plain(), false);
    if (!still.isFile() || !still.version().isSame(now.version())) {
      throw new FileSystemException(
          now.plain().toString(), null, "it was replaced while something was appended");
    }
  }

  private void copy(Draft draft, OutputStream out) throws IOException {
    try (Content content = content(draft)) {
      content.copyTo(out::write);
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

  /** Undoes what opening made, if that is still there. */
  void abandon(Target target) throws IOException {
    Writing writing = target.writing();
    if (!target.created() || writing.isGivenUp()) {
      return;
    }
    synchronized (lock) {
      writing.giveUp();
      TrcPath plain = plain(writing);
      Turn.at(
          writing.folder(),
          writing.name(),
          () -> {
            Entry now = tree.find(plain, false);
            return now.isFile()
                && now.version().isSame(writing.version())
                && Files.deleteIfExists(now.there());
          });
    }
  }

  void ended(Target target) {
    writings.end(target.writing());
  }

  /**
   * Moves a temporary file to where an entry is or would be; what was there is replaced in one
   * step.
   */
  void place(Path temporary, Entry entry, boolean packed) throws IOException {
    Path slot = Tree.slot(entry, packed);
    if (slot == null || !isSeen(temporary, packed, entry)) {
      throw taken(entry);
    }
    replace(temporary, slot);
    if (entry.exists() && !slot.equals(entry.file())) {
      Files.deleteIfExists(entry.there());
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
      recodeInPlace(occupant, new Draft.Form(false, 0));
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
      recodeInPlace(beside, form(beside));
    }
  }

  void delete(Entry entry) throws IOException {
    if (entry.isRoot()) {
      throw new FileSystemException(
          entry.plain().toString(), null, "the root cannot be deleted or moved");
    }
    remove(entry);
    writings.deleted(entry.key());
  }

  /** Deletes what is stored; who writes it may go on elsewhere. */
  void remove(Entry entry) throws IOException {
    keepUncovered(entry);
    try {
      Files.delete(entry.there());
    } catch (DirectoryNotEmptyException e) {
      if (!deleteLeftovers(entry.there())) {
        throw e;
      }
      Files.delete(entry.there());
    }
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

  /** Stores a file in another form; it stays the same file. */
  private void recodeInPlace(Entry seen, Draft.Form form) throws IOException {
    Turn.at(
        seen.folder(),
        seen.name(),
        () -> {
          Entry entry = tree.existing(seen.plain(), false);
          Attributes dress = entry.dress();
          recode(content(entry), entry, form, dress::putOn, Attributes.secret(entry.folder()));
          Entry now = tree.existing(seen.plain(), false);
          writings.recoded(entry.key(), entry.version(), now.version());
          return now;
        });
  }

  /** Copies plain content in the form that its new name asks for, and closes it. */
  void copy(Content plain, Entry place, @Nullable Set<PosixFilePermission> mode)
      throws IOException {
    recode(plain, place, form(place), path -> {}, Attributes.creating(place.folder(), mode));
  }

  /** Moves plain content in the form that its new name asks for, and closes it. */
  void move(Content plain, Entry place, Attributes dress) throws IOException {
    recode(plain, place, form(place), dress::putOn, Attributes.secret(place.folder()));
  }

  private interface Dressing {
    void on(Path draft) throws IOException;
  }

  private void recode(
      Content plain,
      Entry place,
      Draft.Form form,
      Dressing dressing,
      FileAttribute<?>... attributes)
      throws IOException {
    try (Content content = plain) {
      Draft draft = new Draft(place::folder, form, storing.options(), attributes);
      try {
        content.copyTo(draft::write);
        draft.finish();
        dressing.on(draft.path());
        place(draft.path(), place, draft.isPacked());
      } finally {
        draft.abort();
      }
    }
  }
}
