package io.trc.nio;

import java.nio.file.attribute.BasicFileAttributes;

/**
 * The attributes of a file and how it is stored.
 *
 * <pre>{@code
 * TrcFileAttributes attributes = Files.readAttributes(path, TrcFileAttributes.class);
 * System.out.println(attributes.size() + " -> " + attributes.compressedSize());
 * }</pre>
 *
 * The string form is the view {@code trc}: {@code Files.getAttribute(path, "trc:compressedSize")}.
 * The instance is safe for use by several threads.
 */
public interface TrcFileAttributes extends BasicFileAttributes {
  /**
   * The plain size. Where the file is compressed, it is found when it is first asked for, so that a
   * damaged file can be listed; then this throws the {@link java.io.IOException} that {@code
   * Files.size} declares.
   */
  @Override
  long size();

  /** True if the file is stored as a .trc stream, or is an entry of one. */
  boolean isCompressed();

  /**
   * The bytes that are stored: for a file that is not compressed its size; for an entry of an
   * archive, its share of the whole.
   */
  long compressedSize();

  /** Compressed by plain size, or 1 where there is nothing. */
  default double ratio() {
    return size() == 0 ? 1 : (double) compressedSize() / size();
  }
}
