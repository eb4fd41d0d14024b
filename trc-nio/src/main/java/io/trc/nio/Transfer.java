package io.trc.nio;

import io.trc.files.Attributes;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;

/** Copies and moves between overlays, or within one, and out of archives. */
final class Transfer {
  private final OverlayFileSystem to;
  private final Store own;
  private final Store theirs;
  private final Set<CopyOption> options;

  Transfer(OverlayFileSystem from, OverlayFileSystem to, Set<CopyOption> options) {
    this.to = to;
    this.own = from.store();
    this.theirs = to.store();
    this.options = options;
  }

  /** Copies; a compressed file is copied as it is stored. */
  void copy(TrcPath source, TrcPath target) throws IOException {
    checkCopy(options);
    boolean follow = !options.contains(LinkOption.NOFOLLOW_LINKS);
    boolean withAttributes = options.contains(StandardCopyOption.COPY_ATTRIBUTES);
    Failures.naming(
        source,
        target,
        () -> {
          synchronized (theirs.lock()) {
            Entry named = own.tree().existing(source, false);
            Entry place = theirs.tree().find(target, false);
            if (isSame(named, place)) {
              return place;
            }
            Entry from = own.tree().existing(source, follow);
            if (isSame(from, place)) {
              return place;
            }
            place = cleared(theirs, place, target, options);
            if (from.isFolder()) {
              theirs.deleteIfThere(place);
              to.createFolder(target);
            } else if (from.isLink()) {
              theirs.deleteIfThere(place);
              to.createLink(target, new TrcPath(to, own.tree().target(from, source)));
            } else {
              copyFile(from, place);
            }
            if (withAttributes && !from.isLink()) {
              from.dress().putOn(theirs.tree().existing(target, false).there());
            }
            return place;
          }
        });
  }

  /** Moves; nothing is decoded but where the new name asks for another form. */
  void move(TrcPath source, TrcPath target) throws IOException {
    Failures.naming(
        source,
        target,
        () -> {
          synchronized (theirs.lock()) {
            Entry from = own.tree().existing(source, false);
            Entry place = theirs.tree().find(target, false);
            if (isSame(from, place)) {
              return place;
            }
            if (from.isRoot() || place.isRoot()) {
              throw new FileSystemException(
                  source.toString(), target.toString(), "the root cannot be deleted or moved");
            }
            moveTo(from, cleared(theirs, place, target, options));
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
  private static Entry cleared(Store store, Entry place, TrcPath target, Set<CopyOption> options)
      throws IOException {
    if (!place.exists()) {
      return place;
    }
    if (!options.contains(StandardCopyOption.REPLACE_EXISTING)
        && !options.contains(StandardCopyOption.ATOMIC_MOVE)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    if (!place.isFile()) {
      store.delete(place);
      return store.tree().find(target, false);
    }
    store.writings().deleted(place.key());
    return place;
  }

  private void copyFile(Entry from, Entry place) throws IOException {
    boolean packed = from.isPacked();
    if (!Store.isPlaceFor(from.there(), packed, place)) {
      theirs.copy(own.content(from), place, from.dress().permissions());
      return;
    }
    Path temporary = Tree.temporary(place.folder());
    try {
      Files.copy(from.there(), temporary);
      theirs.place(temporary, place, packed);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void checkCopy(Set<CopyOption> options) {
    if (options.contains(StandardCopyOption.ATOMIC_MOVE)) {
      throw new UnsupportedOperationException("a copy is not atomic");
    }
  }

  private void moveTo(Entry from, Entry place) throws IOException {
    boolean atomic = options.contains(StandardCopyOption.ATOMIC_MOVE);
    boolean packed = from.isPacked() || from.kind() == Entry.Kind.PACKED_LINK;
    Path slot = Tree.slot(place, packed);
    boolean renamed = slot != null && (packed || from.isFolder() || isRenamed(from, place));
    if (slot == null && !packed && (from.isFolder() || from.isLink())) {
      slot = theirs.room(place);
      renamed = from.isFolder() || isRenamed(from, place);
    }
    if (atomic && (!renamed || (place.exists() && !slot.equals(place.file())))) {
      throw new AtomicMoveNotSupportedException(
          from.plain().toString(), place.plain().toString(), "it must be stored in another form");
    }
    if (renamed) {
      own.keepUncovered(from);
      if (place.exists() && from.isFolder()) {
        theirs.delete(place);
      }
      if (atomic) {
        Files.move(from.there(), slot, StandardCopyOption.ATOMIC_MOVE);
      } else {
        Store.replace(from.there(), slot);
      }
      if (place.exists() && !slot.equals(place.file())) {
        Files.deleteIfExists(place.there());
      }
      moved(from, place);
    } else if (from.isLink()) {
      theirs.deleteIfThere(place);
      to.createLink(place.plain(), new TrcPath(to, own.tree().target(from, from.plain())));
      own.delete(from);
    } else {
      theirs.move(own.content(from), place, from.dress());
      own.remove(from);
      moved(from, place);
    }
  }

  /** Who writes the file goes on, if it is still in this file system. */
  private void moved(Entry from, Entry place) throws IOException {
    if (own == theirs) {
      own.writings().moved(from.key(), place.key());
      Entry now = own.tree().existing(place.plain(), false);
      own.writings().recoded(place.key(), from.version(), now.version());
    } else {
      own.writings().deleted(from.key());
      theirs.writings().deleted(place.key());
    }
  }

  private static boolean isRenamed(Entry from, Entry place) throws IOException {
    return from.isLink()
        ? !Tree.isPackedLink(
            place.name(), new TrcPath(from.plain().getFileSystem(), linkTarget(from)))
        : Store.isPlaceFor(from.there(), false, place);
  }

  private static String linkTarget(Entry link) throws IOException {
    return Files.readSymbolicLink(link.there()).toString();
  }

  /** Copies out of an archive. */
  static void copyFrom(
      ArchiveFileSystem archive,
      TrcPath source,
      OverlayFileSystem to,
      TrcPath target,
      Set<CopyOption> options)
      throws IOException {
    Store store = to.store();
    checkCopy(options);
    boolean follow = !options.contains(LinkOption.NOFOLLOW_LINKS);
    Failures.naming(
        source,
        target,
        () -> {
          Attributes attributes =
              follow ? Attributes.of(source) : Attributes.of(source, LinkOption.NOFOLLOW_LINKS);
          synchronized (store.lock()) {
            Entry place = cleared(store, store.tree().find(target, false), target, options);
            if (attributes.all().isRegularFile()) {
              store.copy(archive.content(source, follow), place, attributes.permissions());
            } else {
              store.deleteIfThere(place);
              if (attributes.all().isSymbolicLink()) {
                to.createLink(target, new TrcPath(to, archive.readLink(source).path()));
              } else {
                to.createFolder(target);
              }
            }
            if (options.contains(StandardCopyOption.COPY_ATTRIBUTES)
                && !attributes.all().isSymbolicLink()) {
              attributes.putOn(store.tree().existing(target, false).there());
            }
            return place;
          }
        });
  }
}
