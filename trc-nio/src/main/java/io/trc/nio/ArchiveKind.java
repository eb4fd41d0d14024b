package io.trc.nio;

import io.trc.Trc;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a .trc file holds. */
enum ArchiveKind {
  TAR,
  FILE;

  private static final String TAR_SUFFIX = ".tar";

  /** What the environment says, or else the name. */
  static ArchiveKind of(Path archive, @Nullable Object wanted) {
    if (wanted == null) {
      return plainName(archive).toLowerCase(Locale.ROOT).endsWith(TAR_SUFFIX) ? TAR : FILE;
    }
    return switch (wanted.toString()) {
      case "tar" -> TAR;
      case "file" -> FILE;
      default ->
          throw new IllegalArgumentException(
              TrcFileSystems.ARCHIVE + " must be tar or file: " + wanted);
    };
  }

  /** The name of the one file in an archive. */
  static String plainName(Path archive) {
    String name = String.valueOf(archive.getFileName());
    return name.length() > Trc.SUFFIX.length() && name.toLowerCase(Locale.ROOT).endsWith(Trc.SUFFIX)
        ? name.substring(0, name.length() - Trc.SUFFIX.length())
        : name;
  }
}
