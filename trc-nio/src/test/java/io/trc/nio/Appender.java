package io.trc.nio;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A process that appends lines to a file: folder, name, its own name, how many. */
final class Appender {
  private Appender() {}

  public static void main(String[] args) throws IOException {
    try (FileSystem fs = TrcFileSystems.open(Path.of(args[0]), Texts.QUICK)) {
      append(fs.getPath(args[1]), args[2], Integer.parseInt(args[3]));
    }
  }

  static void append(Path file, String who, int lines) throws IOException {
    for (int i = 0; i < lines; i++) {
      Files.writeString(
          file, "\n" + who + " " + i + " ", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }
}
