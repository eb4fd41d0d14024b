package io.trc.nio;

import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;

/** A file or folder of an archive. Not changed once the archive is indexed. */
final class Node {
  enum Kind {
    FOLDER,
    FILE,
    LINK,
    OTHER
  }

  private final Kind kind;
  private final long offset;
  private final long size;
  private final String target;
  private final FileTime modified;
  private final Map<String, Node> children = new TreeMap<>();

  private Node(Kind kind, long offset, long size, String target, FileTime modified) {
    this.kind = kind;
    this.offset = offset;
    this.size = size;
    this.target = target;
    this.modified = modified;
  }

  static Node folder(FileTime modified) {
    return new Node(Kind.FOLDER, 0, 0, "", modified);
  }

  static Node file(long offset, long size, FileTime modified) {
    return new Node(Kind.FILE, offset, size, "", modified);
  }

  static Node link(String target, FileTime modified) {
    return new Node(Kind.LINK, 0, target.length(), target, modified);
  }

  static Node other(FileTime modified) {
    return new Node(Kind.OTHER, 0, 0, "", modified);
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

  Map<String, Node> children() {
    return children;
  }
}
