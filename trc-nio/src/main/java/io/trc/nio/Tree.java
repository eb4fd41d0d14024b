package io.trc.nio;

import io.trc.Trc;
import io.trc.nio.Entry.Kind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is stored for a plain name.
 *
 * <p>The rule, by which every stored file is seen under one name of its own: {@code n} is what is
 * stored as {@code n}, or else the .trc stream stored as {@code n.trc}. So {@code n.trc} is seen
 * under its own name only where {@code n} is stored too, or where it is no stream, whatever its
 * name says.
 */
final class Tree extends Walk<Entry> {
  private static final Pattern TEMPORARY = Pattern.compile("\\.trc-[0-9a-f-]{36}\\.tmp");

  private final Path root;
  private final Entry top;
  private final Listings listings;
  private final Streams streams = new Streams();

  /**
   * Opens.
   *
   * @param root the stored folder
   * @param plain the root of the plain names
   */
  Tree(Path root, TrcPath plain) {
    this.root = root;
    this.top = new Entry(plain, root, "", Kind.FOLDER, root, null);
    this.listings = new Listings(root);
  }

  /** A name for a file that is not seen, beside the one that it will replace. */
  static Path temporary(Path folder) {
    return folder.resolve(".trc-" + UUID.randomUUID() + ".tmp");
  }

  /** The hidden file that whoever replaces a file locks. */
  static Path lockFile(Path folder, String name) {
    return folder.resolve(".trc-" + UUID.nameUUIDFromBytes(Names.encode(name)) + ".tmp");
  }

  static boolean isTemporary(String storedName) {
    return TEMPORARY.matcher(storedName).matches();
  }

  /** The name of the stream that is read as {@code name}. */
  static String packed(String name) {
    return name + Trc.SUFFIX;
  }

  private static boolean hasSuffix(String name) {
    return name.length() > Trc.SUFFIX.length() && name.endsWith(Trc.SUFFIX);
  }

  private static String withoutSuffix(String name) {
    return name.substring(0, name.length() - Trc.SUFFIX.length());
  }

  @Override
  Entry find(TrcPath path, boolean follow) throws IOException {
    return Failures.naming(
        path,
        () -> {
          Entry entry = super.find(path, follow);
          return entry.isRoot()
              ? new Entry(top.plain(), root, "", Kind.FOLDER, root, Stored.read(root))
              : entry;
        });
  }

  @Override
  Entry root() {
    return top;
  }

  @Override
  Entry look(Entry folder, String name) throws IOException {
    TrcPath plain = folder.plain().child(name);
    Path there = folder.there();
    if (listings.isAlone(there, folder.attributes(), packed(name))) {
      Entry stream = stream(plain, there, name);
      if (stream != null) {
        return stream;
      }
    }
    return look(plain, there, name);
  }

  private Entry look(TrcPath plain, Path folder, String name) throws IOException {
    Entry entry = raw(plain, folder, name);
    if (entry == null) {
      entry = stream(plain, folder, name);
    }
    if (entry == null) {
      // It may have been stored in this form after the first look.
      entry = raw(plain, folder, name);
    }
    return entry != null ? entry : new Entry(plain, folder, name, Kind.ABSENT, null, null);
  }

  private @Nullable Entry raw(TrcPath plain, Path folder, String name) throws IOException {
    try {
      Path file = Names.resolve(folder, name);
      Stored attributes = attributes(file);
      return attributes != null && !isPackedForm(folder, name, attributes)
          ? new Entry(plain, folder, name, kind(attributes), file, attributes)
          : null;
    } catch (InvalidPathException e) {
      throw new FileSystemException(plain.toString(), null, e.getReason());
    }
  }

  private @Nullable Entry stream(TrcPath plain, Path folder, String name) throws IOException {
    Path file = Names.resolve(folder, packed(name));
    Stored attributes = ifPossible(file);
    if (attributes == null || !canBePacked(file, attributes)) {
      return null;
    }
    Kind kind = attributes.isSymbolicLink() ? Kind.PACKED_LINK : Kind.PACKED;
    return new Entry(plain, folder, name, kind, file, attributes);
  }

  private static Kind kind(Stored raw) {
    if (raw.isSymbolicLink()) {
      return Kind.LINK;
    }
    if (raw.isDirectory()) {
      return Kind.FOLDER;
    }
    return raw.isRegularFile() ? Kind.RAW : Kind.OTHER;
  }

  /** The plain name under which a stored file is seen. */
  String plainName(Path folder, String storedName) throws IOException {
    if (hasSuffix(storedName)) {
      Stored attributes = attributes(Names.resolve(folder, storedName));
      if (attributes != null && isPackedForm(folder, storedName, attributes)) {
        return withoutSuffix(storedName);
      }
    }
    return storedName;
  }

  /** The stored files of a folder. */
  Iterator<Path> list(Entry folder, DirectoryStream<Path> files) throws IOException {
    return listings.all(folder.there(), folder.attributesThere(), files);
  }

  /** The plain name under which a file is listed, or null if it is not seen or gone meanwhile. */
  @Nullable String listedName(Entry folder, Path file) throws IOException {
    String name = Names.of(file);
    if (!hasSuffix(name)) {
      return isTemporary(name) ? null : name;
    }
    try {
      boolean packed =
          listings.isAlone(folder.there(), folder.attributes(), name)
              ? streams.isKnown(file) || canBePacked(file, Stored.read(file))
              : isPackedForm(folder.there(), name, Stored.read(file));
      return packed ? withoutSuffix(name) : name;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private boolean isPackedForm(Path folder, String name, Stored attributes) throws IOException {
    if (!hasSuffix(name) || !canBePacked(Names.resolve(folder, name), attributes)) {
      return false;
    }
    String shorter = withoutSuffix(name);
    Stored beside = attributes(Names.resolve(folder, shorter));
    return beside == null || isPackedForm(folder, shorter, beside);
  }

  /** Only a stream is, or a link to one; where a link leads nowhere, its name decides. */
  private boolean canBePacked(Path file, Stored attributes) throws IOException {
    if (attributes.isRegularFile()) {
      return streams.isStream(file, attributes);
    }
    return attributes.isSymbolicLink()
        && hasSuffix(Files.readSymbolicLink(file).toString())
        && (!Files.isRegularFile(file) || Streams.begins(file));
  }

  /** True if a file that is stored as it is must not have the suffix, since it is a stream. */
  boolean isStream(Entry entry) {
    return streams.isStream(entry.there(), entry.attributesThere());
  }

  /** The plain length of a packed file. */
  long length(Entry entry) throws IOException {
    return streams.length(entry.there(), entry.attributesThere());
  }

  private static @Nullable Stored attributes(Path file) throws IOException {
    try {
      return Stored.read(file);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** The attributes of a file with the suffix, which may make the name too long to be stored. */
  private static @Nullable Stored ifPossible(Path file) throws IOException {
    try {
      return attributes(file);
    } catch (FileSystemException e) {
      if (isTooLong(e)) {
        return null;
      }
      throw e;
    }
  }

  /** Such a failure has no class of its own. */
  private static boolean isTooLong(FileSystemException e) {
    return e.getClass() == FileSystemException.class;
  }

  @Override
  String target(Entry link, TrcPath asked) throws IOException {
    Path target = Files.readSymbolicLink(link.there());
    boolean absolute = target.isAbsolute();
    if (absolute) {
      if (!target.startsWith(root)) {
        throw leadsOut(asked);
      }
      target = root.relativize(target);
    }
    List<String> names = new ArrayList<>();
    target.forEach(name -> names.add(Names.of(name)));
    String plain = (absolute ? "/" : "") + String.join("/", names);
    return link.kind() == Kind.PACKED_LINK ? withoutSuffix(plain) : plain;
  }

  /** The target that is stored for a plain one. */
  Path storedTarget(TrcPath plain, boolean packed) {
    if (plain.path().isEmpty()) {
      return root.getFileSystem().getPath("");
    }
    Path target = root;
    for (int i = 0; i < plain.getNameCount(); i++) {
      String name = plain.getName(i).toString();
      boolean last = i == plain.getNameCount() - 1;
      target = Names.resolve(target, last && packed ? packed(name) : name);
    }
    return plain.isAbsolute() ? target : target.subpath(root.getNameCount(), target.getNameCount());
  }

  /**
   * True if a link must be stored with the suffix at both ends, so as to be seen under its name.
   */
  static boolean isPackedLink(String name, TrcPath target) {
    return hasSuffix(name) && hasSuffix(target.path());
  }

  /** Where a file is stored in the given form, or null if that name is taken or too long. */
  static @Nullable Path slot(Entry entry, boolean packed) throws IOException {
    String name = packed ? packed(entry.name()) : entry.name();
    Path slot = Names.resolve(entry.folder(), name);
    try {
      return slot.equals(entry.file()) || attributes(slot) == null ? slot : null;
    } catch (FileSystemException e) {
      if (packed && isTooLong(e)) {
        return null;
      }
      throw e;
    }
  }

  /**
   * True if what is stored as it is will be seen under its name, whatever it is and becomes of the
   * files beside it.
   */
  static boolean isSeenRaw(Entry entry) {
    return !hasSuffix(entry.name());
  }

  /** What is stored, with the suffix, under the very name of an entry; or something absent. */
  Entry occupant(Entry entry) throws IOException {
    if (!hasSuffix(entry.name())) {
      return entry;
    }
    String shorter = withoutSuffix(entry.name());
    return look(entry.plain().resolveSibling(shorter), entry.folder(), shorter);
  }

  /**
   * The file that would be seen under the name of an entry if that were gone, or null if there is
   * none: a stream {@code n.trc} is then no longer seen as such.
   */
  @Nullable Entry uncovered(Entry entry) throws IOException {
    if (entry.isPacked() || entry.kind() == Kind.PACKED_LINK) {
      return null;
    }
    Entry beside =
        look(
            entry.plain().resolveSibling(packed(entry.name())),
            entry.folder(),
            packed(entry.name()));
    return beside.kind() == Kind.RAW && isStream(beside) ? beside : null;
  }
}
