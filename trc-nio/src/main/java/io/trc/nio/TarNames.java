package io.trc.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarUtils;

/**
 * The names in a tar as text: UTF-8 or, where they are none, ISO 8859-1, whatever the locale. Where
 * that would give two entries one name, the odd bytes are escaped as {@link Names} does it.
 *
 * <p>The tar is read as ISO 8859-1, by which a name's characters are its bytes. Only names of PAX
 * headers are text already.
 */
final class TarNames {
  private static final int RECORD = 512;
  private static final int NAME_LENGTH = 100;
  private static final int LINK = 157;
  private static final int PREFIX = 345;
  private static final int PREFIX_LENGTH = 155;
  private static final int USTAR = 257;

  /** A header lies this many records before its data at most; between are maps of holes. */
  private static final int MOST_RECORDS = 1 << 12;

  private final SeekableByteChannel tar;
  private final Map<Read, String> texts = new HashMap<>();

  /** A name as it was read; the same characters may be bytes in one place and text in another. */
  private record Read(String name, boolean bytes) {}

  private TarNames(SeekableByteChannel tar) {
    this.tar = tar;
  }

  /** Reads what the entries need to have names of their own. */
  static TarNames of(SeekableByteChannel tar, List<TarArchiveEntry> entries) throws IOException {
    TarNames names = new TarNames(tar);
    Set<String> utf8 = new HashSet<>();
    Set<String> others = new HashSet<>();
    for (TarArchiveEntry entry : entries) {
      String name = entry.getName();
      Read read = names.read(entry, name, true);
      if (!isAscii(name) && read.bytes() && !isUtf8(name)) {
        others.add(name);
      } else {
        String text = read.bytes() ? utf8(name) : name;
        utf8.add(text);
        names.texts.put(read, text);
      }
    }
    for (String name : others) {
      names.texts.put(
          new Read(name, true),
          utf8.contains(name) ? Names.decode(name.getBytes(StandardCharsets.ISO_8859_1)) : name);
    }
    return names;
  }

  private Read read(TarArchiveEntry entry, String name, boolean isName) throws IOException {
    return new Read(name, !isAscii(name) && isBytes(entry, name, isName));
  }

  /** The name of an entry. */
  String name(TarArchiveEntry entry) throws IOException {
    String name = entry.getName();
    return texts.getOrDefault(read(entry, name, true), name);
  }

  /** The target of an entry that is a link. */
  String target(TarArchiveEntry entry) throws IOException {
    String target = entry.getLinkName();
    Read read = read(entry, target, false);
    String known = texts.get(read);
    if (known != null) {
      return known;
    }
    return read.bytes() && isUtf8(target) ? utf8(target) : target;
  }

  /** The name of an owner. */
  static String owner(String name) {
    return isUtf8(name) ? utf8(name) : name;
  }

  private static boolean isAscii(String name) {
    return name.chars().allMatch(c -> c < 0x80);
  }

  private static boolean isUtf8(String latin) {
    if (latin.chars().anyMatch(c -> c > 0xFF)) {
      return false;
    }
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(latin.getBytes(StandardCharsets.ISO_8859_1)));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static String utf8(String latin) {
    return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /**
   * True if a name came from the header, or from GNU's record of a long name, of which the header
   * has the beginning; false if it came from a PAX header and is text.
   */
  private boolean isBytes(TarArchiveEntry entry, String read, boolean isName) throws IOException {
    if (read.chars().anyMatch(c -> c > 0xFF)) {
      return false;
    }
    byte[] header = header(entry);
    String first = field(header, isName ? 0 : LINK, NAME_LENGTH);
    String prefix = field(header, PREFIX, PREFIX_LENGTH);
    if (isName && field(header, USTAR, 6).equals("ustar") && !prefix.isEmpty()) {
      first = prefix + "/" + first;
    }
    return !first.isEmpty() && read.startsWith(first);
  }

  private static String field(byte[] header, int from, int length) {
    int end = from;
    while (end < from + length && header[end] != 0) {
      end++;
    }
    return new String(header, from, end - from, StandardCharsets.ISO_8859_1);
  }

  private byte[] header(TarArchiveEntry entry) throws IOException {
    byte[] header = new byte[RECORD];
    for (int back = 1; back <= MOST_RECORDS; back++) {
      tar.position(entry.getDataOffset() - (long) back * RECORD);
      ByteBuffer record = ByteBuffer.wrap(header);
      while (record.hasRemaining() && tar.read(record) >= 0) {
        // One record.
      }
      if (TarUtils.verifyCheckSum(header)) {
        return header;
      }
    }
    throw new IOException("the tar file is damaged: an entry without a header");
  }
}
