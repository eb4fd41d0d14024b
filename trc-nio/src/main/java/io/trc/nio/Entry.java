package io.trc.nio;

import io.trc.files.Attributes;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is stored for a plain name, or the place where it would be.
 *
 * @param plain the plain path without links, "." and ".."
 * @param folder the stored folder
 * @param name the plain name, empty for the root
 * @param kind what it is
 * @param file the stored file, or null if there is none
 * @param attributes the attributes of the stored file, links not followed, or null if there is none
 */
record Entry(
    TrcPath plain,
    Path folder,
    String name,
    Kind kind,
    @Nullable Path file,
    @Nullable Stored attributes)
    implements Walk.Place {

  enum Kind {
    ABSENT,
    FOLDER,
    /** A file that is stored as it is read. */
    RAW,
    /** A file that is stored as a .trc stream. */
    PACKED,
    LINK,
    /** A link to a packed file; both ends have the suffix. */
    PACKED_LINK,
    OTHER
  }

  @Override
  public boolean exists() {
    return kind != Kind.ABSENT;
  }

  @Override
  public boolean isFolder() {
    return kind == Kind.FOLDER;
  }

  boolean isFile() {
    return kind == Kind.RAW || kind == Kind.PACKED;
  }

  boolean isPacked() {
    return kind == Kind.PACKED;
  }

  @Override
  public boolean isLink() {
    return kind == Kind.LINK || kind == Kind.PACKED_LINK;
  }

  boolean isRoot() {
    return name.isEmpty();
  }

  /** The plain file in the stored folder, by which those who write it know it. */
  Path key() {
    return Names.resolve(folder, name);
  }

  /** The stored file, which must be there. */
  Path there() {
    return Objects.requireNonNull(file);
  }

  Version version() {
    return Version.of(attributesThere());
  }

  /** What the file keeps when its content is written to a new one; a link's own. */
  Attributes dress() throws IOException {
    return Attributes.of(there(), LinkOption.NOFOLLOW_LINKS);
  }

  Stored attributesThere() {
    return Objects.requireNonNull(attributes);
  }
}
