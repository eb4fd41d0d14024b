package io.trc.nio;

import io.trc.Trc;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which streams are alone in their folder: {@code n.trc} was listed and {@code n} was not, so that
 * nobody has to look for {@code n} in vain. It is remembered as long as a folder has the same
 * stamp, which is read at every look: a name that comes or goes changes it. Safe for use by several
 * threads.
 */
final class Listings {
  /**
   * The file systems beneath that are known to keep the times of folders, whoever changes them. Not
   * all do, least of all those over a network.
   */
  private static final Set<String> KEEPING =
      Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "tmpfs", "overlay");

  /** The names that are remembered, in all folders together; each takes some 100 bytes. */
  private static final int MOST = 1 << 16;

  private record Listing(Stamp stamp, Set<String> alone) {}

  private final @Nullable Object device;
  private final Map<Path, Listing> known = new LinkedHashMap<>(16, 0.75f, true);
  private int names;

  /** Remembers the folders of the file system, of those beneath, that the root belongs to. */
  Listings(Path root) {
    this.device = keepingDevice(root);
  }

  private static @Nullable Object keepingDevice(Path root) {
    try {
      return Stamp.isTold(root) && KEEPING.contains(Files.getFileStore(root).type())
          ? device(root)
          : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static Object device(Path folder) throws IOException {
    return Files.getAttribute(folder, "unix:dev", LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * True if a stream is alone in a folder, false if that is not known.
   *
   * @param attributes those of the folder, or null if they are still to be read
   */
  boolean isAlone(Path folder, @Nullable Stored attributes, String stream) throws IOException {
    Listing listing;
    synchronized (known) {
      listing = known.get(folder);
    }
    return listing != null
        && listing.alone().contains(stream)
        && listing.stamp().equals(attributes == null ? Stamp.read(folder) : attributes.stamp());
  }

  /**
   * Returns what is in a folder, and remembers it if it may.
   *
   * @param attributes read before the listing began
   */
  Iterator<Path> all(Path folder, Stored attributes, DirectoryStream<Path> files)
      throws IOException {
    Iterator<Path> all = files.iterator();
    if (device == null
        || !attributes.isSettled()
        || isKnown(folder, attributes.stamp())
        || !device.equals(device(folder))) {
      return all;
    }
    List<Path> first = new ArrayList<>();
    try {
      while (first.size() < MOST && all.hasNext()) {
        first.add(all.next());
      }
      if (!all.hasNext()) {
        remember(folder, attributes.stamp(), first);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Iterator<Path> begun = first.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return begun.hasNext() || all.hasNext();
      }

      @Override
      public Path next() {
        return begun.hasNext() ? begun.next() : all.next();
      }
    };
  }

  private boolean isKnown(Path folder, Stamp stamp) {
    synchronized (known) {
      Listing listing = known.get(folder);
      return listing != null && listing.stamp().equals(stamp);
    }
  }

  private void remember(Path folder, Stamp stamp, List<Path> files) {
    Set<String> all = files.stream().map(Names::of).collect(Collectors.toCollection(HashSet::new));
    Predicate<String> isAlone =
        name ->
            name.endsWith(Trc.SUFFIX)
                && !all.contains(name.substring(0, name.length() - Trc.SUFFIX.length()));
    Set<String> alone = all.stream().filter(isAlone).collect(Collectors.toSet());
    if (alone.isEmpty() || isCaseIgnored(folder, all, alone)) {
      return;
    }
    synchronized (known) {
      forget(known.put(folder, new Listing(stamp, alone)));
      names += alone.size();
      Iterator<Listing> eldest = known.values().iterator();
      while (names > MOST) {
        forget(eldest.next());
        eldest.remove();
      }
    }
  }

  private void forget(@Nullable Listing listing) {
    names -= listing == null ? 0 : listing.alone().size();
  }

  /** In some folders of some file systems, other names than those listed lead to the files. */
  private static boolean isCaseIgnored(Path folder, Set<String> all, Set<String> alone) {
    for (String stream : alone) {
      String stem = stream.substring(0, stream.length() - Trc.SUFFIX.length());
      String other = stem + Trc.SUFFIX.toUpperCase(Locale.ROOT);
      if (!all.contains(other)) {
        return Files.exists(Names.resolve(folder, other), LinkOption.NOFOLLOW_LINKS);
      }
    }
    return false;
  }
}
