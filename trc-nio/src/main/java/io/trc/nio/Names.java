package io.trc.nio;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * File names as text and as bytes, one to one: UTF-8, and each byte that belongs to none as a lone
 * surrogate, U+DC80 to U+DCFF, as Python does it (PEP 383).
 */
final class Names {
  private static final char REPLACEMENT = '\uFFFD';
  private static final char ESCAPE = '\uDC00';
  private static final char ESCAPE_FIRST = '\uDC80';
  private static final char ESCAPE_LAST = '\uDCFF';

  /** What stands for itself in the path of a URI; '!' does not, since it ends the stored part. */
  private static final String LITERAL = "/-._~$&'()*+,;=:@";

  private static final String HEX = "0123456789ABCDEF";

  private Names() {}

  /** The text of a name's bytes. */
  static String decode(byte[] bytes) {
    CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    while (true) {
      CoderResult result = utf8.decode(in, out, true);
      if (!result.isError()) {
        return out.flip().toString();
      }
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (ESCAPE | (in.get() & 0xFF)));
      }
    }
  }

  /** The bytes of a name; {@link #checked} tells whether all of its text has such. */
  static byte[] encode(String name) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(name.length() + 16);
    for (int i = 0; i < name.length(); ) {
      int point = name.codePointAt(i);
      if (point >= ESCAPE_FIRST && point <= ESCAPE_LAST) {
        bytes.write(point - ESCAPE);
      } else {
        bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
      }
      i += Character.charCount(point);
    }
    return bytes.toByteArray();
  }

  /**
   * Returns a path whose text has bytes, and is the one text of these bytes.
   *
   * @throws InvalidPathException if it is not, or has a NUL
   */
  static String checked(String path) {
    boolean surrogates = false;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '\0') {
        throw new InvalidPathException(path, "a name has no NUL character", i);
      }
      surrogates |= Character.isSurrogate(c);
    }
    if (surrogates && !decode(encode(path)).equals(path)) {
      throw new InvalidPathException(path, "a name has no lone surrogates");
    }
    return path;
  }

  /** The path of a URI, which is all ASCII. */
  static String percentEncoded(String path) {
    StringBuilder raw = new StringBuilder(path.length() + 16);
    for (byte octet : encode(path)) {
      char c = (char) (octet & 0xFF);
      if ((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || LITERAL.indexOf(c) >= 0) {
        raw.append(c);
      } else {
        raw.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
      }
    }
    return raw.toString();
  }

  /** What {@link #percentEncoded} made of it; other characters than ASCII stand for themselves. */
  static String percentDecoded(String raw) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); ) {
      int point = raw.codePointAt(i);
      if (point == '%') {
        bytes.write(Integer.parseInt(raw, i + 1, i + 3, 16));
        i += 3;
      } else {
        bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
        i += Character.charCount(point);
      }
    }
    return decode(bytes.toByteArray());
  }

  /**
   * The name of a stored file. The default file system has the bytes, but replaces in its text what
   * the locale cannot read; its URI tells them.
   */
  static String of(Path file) {
    String name = String.valueOf(file.getFileName());
    if (name.endsWith("/")) {
      // zipfs ends the names of folders so.
      return name.substring(0, name.length() - 1);
    }
    if (name.indexOf(REPLACEMENT) < 0 || file.getFileSystem() != FileSystems.getDefault()) {
      return name;
    }
    String raw = file.toUri().getRawPath();
    String trimmed = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
    return percentDecoded(trimmed.substring(trimmed.lastIndexOf('/') + 1));
  }

  /**
   * The stored file with a name, the inverse of {@link #of}.
   *
   * @throws InvalidPathException if the file system beneath has no such name
   */
  static Path resolve(Path folder, String name) {
    if (folder.getFileSystem() != FileSystems.getDefault()) {
      return folder.resolve(name);
    }
    InvalidPathException refused = null;
    if (!hasEscape(name)) {
      try {
        return folder.resolve(name);
      } catch (InvalidPathException e) {
        refused = e;
      }
    }
    String parent = folder.toUri().toString();
    Path file =
        Path.of(URI.create(parent + (parent.endsWith("/") ? "" : "/") + percentEncoded(name)));
    if (of(file).equals(name)) {
      return file;
    }
    throw refused != null ? refused : new InvalidPathException(name, "it cannot be stored");
  }

  private static boolean hasEscape(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= ESCAPE_FIRST
          && c <= ESCAPE_LAST
          && (i == 0 || !Character.isHighSurrogate(name.charAt(i - 1)))) {
        return true;
      }
    }
    return false;
  }
}
