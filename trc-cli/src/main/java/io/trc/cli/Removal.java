package io.trc.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * The removal of an input by --rm. It is refused, before the input is read, to all that is no
 * regular file; and afterwards to what is no longer the file that was read.
 */
final class Removal {
  private final Path source;
  private final BasicFileAttributes entry;
  private final BasicFileAttributes content;

  private Removal(Path source, BasicFileAttributes entry, BasicFileAttributes content) {
    this.source = source;
    this.entry = entry;
    this.content = content;
  }

  /**
   * Prepares the removal.
   *
   * @param force whether one of several names, or a link to a file, may be removed, as in xz
   */
  static Removal of(Path source, boolean force) throws IOException {
    BasicFileAttributes entry = entry(source);
    BasicFileAttributes content = content(source);
    if (!content.isRegularFile()) {
      throw refusal(source, "is not a regular file, so --rm does not take it");
    }
    if (entry.isSymbolicLink()) {
      if (!force) {
        throw refusal(source, "is a symbolic link, so --rm does not take it (use -f)");
      }
      if (Route.of(source).system()) {
        throw refusal(source, "leads into /dev or /proc, so --rm does not take it");
      }
    } else if (!force && names(source) > 1) {
      throw refusal(source, "has other names (hard links), so --rm does not take it (use -f)");
    }
    return new Removal(source, entry, content);
  }

  private static Failure refusal(Path source, String why) {
    return new Failure(source.toString(), why);
  }

  private static BasicFileAttributes entry(Path source) throws IOException {
    return Files.readAttributes(source, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static BasicFileAttributes content(Path source) throws IOException {
    return Files.readAttributes(source, BasicFileAttributes.class);
  }

  private static int names(Path source) throws IOException {
    return source.getFileSystem().supportedFileAttributeViews().contains("unix")
        ? (Integer) Files.getAttribute(source, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
        : 1;
  }

  /** Removes the input, unless something else has taken its name or its content. */
  void perform() throws IOException {
    if (!same(entry, entry(source)) || !same(content, content(source))) {
      throw refusal(source, "has changed, so --rm keeps it");
    }
    Files.delete(source);
  }

  private static boolean same(BasicFileAttributes before, BasicFileAttributes now) {
    return Objects.equals(before.fileKey(), now.fileKey())
        && before.isRegularFile() == now.isRegularFile()
        && before.size() == now.size()
        && before.lastModifiedTime().equals(now.lastModifiedTime());
  }
}
