package io.trc.nio;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveStructSparse;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarFile;

/** Reads where the entries of a tar file are. A later entry of a name replaces an earlier one. */
final class TarIndex {
  private static final int RECORD = TarConstants.DEFAULT_RCDSIZE;

  private final Node root;
  private final long length;
  private final TarNames texts;

  private TarIndex(FileTime modified, long length, TarNames texts) {
    this.root = Node.folder(modified, Rights.UNTOLD_FOLDER);
    this.length = length;
    this.texts = texts;
  }

  /**
   * Reads all headers; the blocks between them are not decoded.
   *
   * @param modified the time of folders that have no entry
   * @throws IOException if an entry would be outside the root, naming it
   */
  static Node read(SeekableByteChannel tar, FileTime modified) throws IOException {
    long length = tar.size();
    try (TarFile file =
        new TarFile(
            tar, TarConstants.DEFAULT_BLKSIZE, RECORD, StandardCharsets.ISO_8859_1.name(), false)) {
      List<TarArchiveEntry> entries = file.getEntries();
      TarIndex index = new TarIndex(modified, length, TarNames.of(tar, entries));
      for (TarArchiveEntry entry : entries) {
        index.add(entry);
      }
      return index.root;
    } catch (IllegalArgumentException e) {
      throw new IOException("the tar file is damaged: " + e.getMessage(), e);
    }
  }

  private void add(TarArchiveEntry entry) throws IOException {
    List<String> names = names(texts.name(entry));
    FileTime modified = entry.getLastModifiedTime();
    if (names.isEmpty()) {
      return;
    }
    Node folder = root;
    for (String name : names.subList(0, names.size() - 1)) {
      Node next = folder.children().get(name);
      if (next == null) {
        next = Node.folder(root.modified(), Rights.UNTOLD_FOLDER);
        folder.children().put(name, next);
      } else if (next.kind() != Node.Kind.FOLDER) {
        throw refused(texts.name(entry), "a part of its path is no folder in the tar");
      }
      folder = next;
    }
    String name = names.get(names.size() - 1);
    Node before = folder.children().get(name);
    Node node = node(entry, modified);
    if (before != null && before.kind() == Node.Kind.FOLDER) {
      if (node.kind() != Node.Kind.FOLDER) {
        throw refused(texts.name(entry), "a folder of the tar has the same name");
      }
      node.children().putAll(before.children());
    }
    folder.children().put(name, node);
  }

  private Node node(TarArchiveEntry entry, FileTime modified) throws IOException {
    Rights rights =
        Rights.of(
            entry.getMode(),
            TarNames.owner(entry.getUserName()),
            entry.getLongUserId(),
            TarNames.owner(entry.getGroupName()),
            entry.getLongGroupId());
    if (entry.isDirectory()) {
      return Node.folder(modified, rights);
    }
    if (entry.isSymbolicLink()) {
      String target = texts.target(entry);
      if (target.indexOf('\0') >= 0) {
        throw refused(texts.name(entry), "a link of the tar has a NUL in its target");
      }
      return Node.link(target, modified, rights);
    }
    if (entry.isLink()) {
      return linked(entry);
    }
    if (entry.isFIFO() || entry.isCharacterDevice() || entry.isBlockDevice() || !entry.isFile()) {
      return Node.other(modified, rights);
    }
    if (entry.isSparse()) {
      return sparse(entry, modified, rights);
    }
    long offset = entry.getDataOffset();
    long size = entry.getSize();
    check(entry, offset, size);
    return Node.file(List.of(new Extents.Part(0, size, offset)), size, modified, rights);
  }

  private void check(TarArchiveEntry entry, long offset, long size) throws IOException {
    if (offset < 0 || size < 0 || size > length - offset) {
      throw refused(texts.name(entry), "the tar is cut short");
    }
  }

  /** A file with holes: its parts follow each other in the archive. */
  private Node sparse(TarArchiveEntry entry, FileTime modified, Rights rights) throws IOException {
    List<TarArchiveStructSparse> ordered = entry.getOrderedSparseHeaders();
    long stored = 0;
    for (TarArchiveStructSparse part : ordered) {
      stored += part.getNumbytes();
    }
    long offset = entry.getDataOffset();
    if (entry.isPaxGNU1XSparse()) {
      // The map of the parts comes first, in whole records; TarFile takes it to be one record.
      offset += entry.getSize() - stored - RECORD;
    }
    check(entry, offset, stored);
    List<Extents.Part> parts = new ArrayList<>();
    long end = 0;
    for (TarArchiveStructSparse part : ordered) {
      if (part.getOffset() < end || part.getNumbytes() > entry.getRealSize() - part.getOffset()) {
        throw refused(texts.name(entry), "the parts of a file with holes overlap");
      }
      end = part.getOffset() + part.getNumbytes();
      if (part.getNumbytes() > 0) {
        parts.add(new Extents.Part(part.getOffset(), part.getNumbytes(), offset));
        offset += part.getNumbytes();
      }
    }
    return Node.file(List.copyOf(parts), entry.getRealSize(), modified, rights);
  }

  /** A hard link is the file that an earlier entry described. */
  private Node linked(TarArchiveEntry entry) throws IOException {
    Node node = root;
    for (String name : names(texts.target(entry))) {
      node = node.children().get(name);
      if (node == null) {
        throw refused(texts.name(entry), "it is a link to no earlier entry of the tar");
      }
    }
    if (node.kind() == Node.Kind.FOLDER) {
      throw refused(texts.name(entry), "it is a hard link to a folder");
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
