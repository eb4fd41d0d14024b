package io.trc.sample;

import io.trc.Trc;
import io.trc.TrcOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Compresses every file of a folder into another folder, on all processors. */
public final class CompressFolder {
  private CompressFolder() {}

  /** Takes the two folders as its arguments. */
  public static void main(String[] args) throws IOException {
    Path from = Path.of(args[0]);
    Path to = Path.of(args[1]);
    TrcOptions options = TrcOptions.builder().threads(0).build();

    List<Path> files;
    try (Stream<Path> walk = Files.walk(from)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      Path target = to.resolve(from.relativize(file) + Trc.SUFFIX);
      Path folder = target.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Trc.compress(file, target, options);
      System.out.printf("%s: %d -> %d%n", file, Files.size(file), Files.size(target));
    }
  }
}
