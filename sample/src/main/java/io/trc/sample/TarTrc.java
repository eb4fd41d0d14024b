package io.trc.sample;

import io.trc.compress.TrcCompressorOutputStream;
import io.trc.compress.TrcCompressorStreamFactory;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A folder as .tar.trc, and the list of what is in it. */
public final class TarTrc {
  private TarTrc() {}

  /** Takes the folder and the archive as its arguments. */
  public static void main(String[] args) throws IOException {
    Path archive = Path.of(args[1]);
    pack(Path.of(args[0]), archive);
    list(archive);
  }

  /** Packs every file of a folder. */
  static void pack(Path folder, Path archive) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    try (OutputStream file = Files.newOutputStream(archive);
        OutputStream trc = new TrcCompressorOutputStream<>(file);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(new BufferedOutputStream(trc))) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Path each : files) {
        tar.putArchiveEntry(new TarArchiveEntry(each, folder.relativize(each).toString()));
        Files.copy(each, tar);
        tar.closeArchiveEntry();
      }
    }
  }

  /** Lists an archive: .tar.trc, or whatever else Commons Compress detects. */
  static void list(Path archive) throws IOException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
        InputStream plain = new TrcCompressorStreamFactory(true).createCompressorInputStream(file);
        TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        System.out.printf("%10d %s%n", entry.getSize(), entry.getName());
      }
    }
  }
}
