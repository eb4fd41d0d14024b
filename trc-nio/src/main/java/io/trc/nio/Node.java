package io.trc.nio;

import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file or folder of an archive. Not changed once the archive is indexed.
 *
 * @param target of a link
 * @param rights who may do what, or null where nobody knows
 * @param parts what there is of a file; between them are holes
 * @param children of a folder
 */
record Node(
    Kind kind,
    long size,
    String target,
    FileTime modified,
    @Nullable Rights rights,
    List<Extents.Part> parts,
    Map<String, Node> children) {
  enum Kind {
    FOLDER,
    FILE,
    LINK,
    /** A pipe or a device. */
    OTHER
  }

  static Node folder(FileTime modified, @Nullable Rights rights) {
    return new Node(Kind.FOLDER, 0, "", modified, rights, List.of(), new TreeMap<>());
  }

  /** A file; if it has no part, it is one hole. */
  static Node file(
      List<Extents.Part> parts, long size, FileTime modified, @Nullable Rights rights) {
    return new Node(Kind.FILE, size, "", modified, rights, parts, Map.of());
  }

  static Node link(String target, FileTime modified, Rights rights) {
    return new Node(Kind.LINK, target.length(), target, modified, rights, List.of(), Map.of());
  }

  static Node other(FileTime modified, Rights rights) {
    return new Node(Kind.OTHER, 0, "", modified, rights, List.of(), Map.of());
  }
}
