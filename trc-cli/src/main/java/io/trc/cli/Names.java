package io.trc.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Tells which names of files can be trusted. Java makes text of a name, and what is none in the
 * locale's charset becomes U+FFFD: two files may then seem to have the same name, and an output
 * that is named after one would replace the other's.
 */
final class Names {
  static final String REFUSAL =
      "the name has bytes that are no text in this locale's charset; rename the file";

  private static final char REPLACEMENT = '\ufffd';

  private Names() {}

  /** True unless a name from the command line may have stood for another. */
  static boolean isWhole(String name) {
    return name.indexOf(REPLACEMENT) < 0;
  }

  /** True if the name of a file that a folder showed leads back to that file. */
  static boolean isWhole(Path path) throws IOException {
    Path again;
    try {
      again = Path.of(path.toString());
    } catch (InvalidPathException e) {
      return false;
    }
    // Some systems have several spellings of a name, and Java shows one of them.
    return again.equals(path) || (Files.exists(again) && Files.isSameFile(again, path));
  }
}
