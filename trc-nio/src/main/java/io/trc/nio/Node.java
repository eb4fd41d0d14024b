package io.trc.nio;

import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file or folder of an archive. Not changed once the archive is indexed. */
final class Node {
  enum Kind {
    FOLDER,
    FILE,
    /** A file with holes. */
    SPARSE,
    LINK,
    /** A pipe or a device. */
    OTHER
  }

  private final Kind kind;
  private final long offset;
  private final long size;
  private final String target;
  private final FileTime modified;
  private final @Nullable Rights rights;
  private final List<Extents.Part> parts;
  private final Map<String, Node> children = new TreeMap<>();

  private Node(
      Kind kind,
      long offset,
      long size,
      String target,
      FileTime modified,
      @Nullable Rights rights,
      List<Extents.Part> parts) {
    this.kind = kind;
    this.offset = offset;
    this.size = size;
    this.target = target;
    this.modified = modified;
    this.rights = rights;
    this.parts = parts;
  }

  static Node folder(FileTime modified, @Nullable Rights rights) {
    return new Node(Kind.FOLDER, 0, 0, "", modified, rights, List.of());
  }

  static Node file(long offset, long size, FileTime modified, @Nullable Rights rights) {
    return new Node(Kind.FILE, offset, size, "", modified, rights, List.of());
  }

  /** A file with holes; if it has no part, it is one hole. */
  static Node sparse(List<Extents.Part> parts, long size, FileTime modified, Rights rights) {
    return new Node(Kind.SPARSE, 0, size, "", modified, rights, parts);
  }

  static Node link(String target, FileTime modified, Rights rights) {
    return new Node(Kind.LINK, 0, target.length(), target, modified, rights, List.of());
  }

  static Node other(FileTime modified, Rights rights) {
    return new Node(Kind.OTHER, 0, 0, "", modified, rights, List.of());
  }

  Kind kind() {
    return kind;
  }

  /** Where the file begins among the plain bytes. */
  long offset() {
    return offset;
  }

  long size() {
    return size;
  }

  String target() {
    return target;
  }

  FileTime modified() {
    return modified;
  }

  /** Who may do what, or null where nobody knows. */
  @Nullable Rights rights() {
    return rights;
  }

  /** What there is of a file with holes. */
  List<Extents.Part> parts() {
    return parts;
  }

  boolean isFile() {
    return kind == Kind.FILE || kind == Kind.SPARSE;
  }

  Map<String, Node> children() {
    return children;
  }
}
