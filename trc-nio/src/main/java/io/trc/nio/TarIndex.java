package io.trc.nio;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/** Reads where the entries of a tar file are. A later entry of a name replaces an earlier one. */
final class TarIndex {
  private final Node root;
  private final long length;

  private TarIndex(FileTime modified, long length) {
    this.root = Node.folder(modified);
    this.length = length;
  }

  /**
   * Reads all headers; the blocks between them are not decoded.
   *
   * @param modified the time of folders that have no entry
   * @throws IOException if an entry would be outside the root, naming it
   */
  static Node read(SeekableByteChannel tar, FileTime modified) throws IOException {
    TarIndex index = new TarIndex(modified, tar.size());
    try (TarFile file = new TarFile(tar)) {
      for (TarArchiveEntry entry : file.getEntries()) {
        index.add(entry);
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("the tar file is damaged: " + e.getMessage(), e);
    }
    return index.root;
  }

  private void add(TarArchiveEntry entry) throws IOException {
    List<String> names = names(entry.getName());
    FileTime modified = entry.getLastModifiedTime();
    if (names.isEmpty()) {
      return;
    }
    Node folder = root;
    for (String name : names.subList(0, names.size() - 1)) {
      Node next = folder.children().get(name);
      if (next == null) {
        next = Node.folder(root.modified());
        folder.children().put(name, next);
      } else if (next.kind() != Node.Kind.FOLDER) {
        throw refused(entry.getName(), "a part of its path is no folder in the tar");
      }
      folder = next;
    }
    String name = names.get(names.size() - 1);
    Node before = folder.children().get(name);
    Node node = node(entry, modified);
    if (before != null && before.kind() == Node.Kind.FOLDER) {
      if (node.kind() != Node.Kind.FOLDER) {
        throw refused(entry.getName(), "a folder of the tar has the same name");
      }
      node.children().putAll(before.children());
    }
    folder.children().put(name, node);
  }

  private Node node(TarArchiveEntry entry, FileTime modified) throws IOException {
    if (entry.isDirectory()) {
      return Node.folder(modified);
    }
    if (entry.isSymbolicLink()) {
      return Node.link(entry.getLinkName(), modified);
    }
    if (entry.isLink()) {
      return linked(entry);
    }
    if (!entry.isFile() || entry.isSparse()) {
      return Node.other(modified);
    }
    long offset = entry.getDataOffset();
    long size = entry.getSize();
    if (offset < 0 || size < 0 || size > length - offset) {
      throw refused(entry.getName(), "the tar is cut short");
    }
    return Node.file(offset, size, modified);
  }

  /** A hard link is the file that an earlier entry described. */
  private Node linked(TarArchiveEntry entry) throws IOException {
    Node node = root;
    for (String name : names(entry.getLinkName())) {
      node = node.children().get(name);
      if (node == null) {
        throw refused(entry.getName(), "it is a link to no earlier entry of the tar");
      }
    }
    if (node.kind() == Node.Kind.FOLDER) {
      throw refused(entry.getName(), "it is a hard link to a folder");
    }
    return node;
  }

  private static List<String> names(String path) throws IOException {
    if (path.startsWith("/") || path.indexOf('\0') >= 0) {
      throw refused(path, "an entry of the tar has an absolute path");
    }
    List<String> names = new ArrayList<>();
    for (String name : path.split("/", -1)) {
      if (name.equals("..")) {
        throw refused(path, "an entry of the tar leads out of it");
      }
      if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return names;
  }

  private static IOException refused(String entry, String reason) {
    return new IOException(reason + ": " + entry);
  }
}
