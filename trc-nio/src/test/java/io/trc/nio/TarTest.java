package io.trc.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.Trc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names, kinds and rights of the entries of a tar. */
class TarTest {
  @TempDir Path folder;

  /** A tar whose names are written in one encoding after another. */
  private static final class Tar {
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();

    /** One entry in a tar of its own, of which the end is left out. */
    Tar add(String encoding, int longNames, TarArchiveEntry entry, byte[] bytes)
        throws IOException {
      ByteArrayOutputStream one = new ByteArrayOutputStream();
      try (TarArchiveOutputStream tar = new TarArchiveOutputStream(one, 512, encoding)) {
        tar.setLongFileMode(longNames);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
      }
      byte[] entryAndEnd = one.toByteArray();
      all.write(entryAndEnd, 0, entryAndEnd.length - 1024);
      return this;
    }

    Tar file(String encoding, String name, int content) throws IOException {
      return add(
          encoding,
          TarArchiveOutputStream.LONGFILE_GNU,
          new TarArchiveEntry(name, true),
          new byte[] {(byte) content});
    }

    Tar pax(String name, int content) throws IOException {
      ByteArrayOutputStream one = new ByteArrayOutputStream();
      try (TarArchiveOutputStream tar = new TarArchiveOutputStream(one, 512, "UTF-8")) {
        tar.setAddPaxHeadersForNonAsciiNames(true);
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(1);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
      byte[] entryAndEnd = one.toByteArray();
      all.write(entryAndEnd, 0, entryAndEnd.length - 1024);
      return this;
    }

    Path store(Path folder) throws IOException {
      all.write(new byte[1024]);
      return store(folder, all.toByteArray());
    }

    static Path store(Path folder, byte[] tar) throws IOException {
      return Files.write(folder.resolve("test.tar.trc"), Trc.compress(tar, Texts.QUICK));
    }
  }

  private static List<String> files(FileSystem fs) throws IOException {
    try (Stream<Path> all = Files.walk(fs.getPath("/"))) {
      return all.filter(Files::isRegularFile).map(Path::toString).toList();
    }
  }

  private Path archiveOfManyEncodings() throws IOException {
    String longName = "l".repeat(120);
    return new Tar()
        .file("UTF-8", "\u00E4.txt", 1)
        .file("ISO-8859-1", "\u00F6.txt", 2)
        .file("ISO-8859-1", "\u00FC.txt", 3)
        .file("ISO-8859-1", "\u00DF.txt", 4)
        .file("ISO-8859-1", "\u00E4.txt", 5)
        .file("UTF-8", longName + "\u00E9", 6)
        .file("ISO-8859-1", longName + "\u00E8", 7)
        .pax("\u00C3\u00A9", 8)
        .pax("\u732B", 9)
        .file("UTF-8", "\u00E9", 10)
        .store(folder);
  }

  private static void assertNothingIsInvisible(FileSystem fs) throws IOException {
    String longName = "/" + "l".repeat(120);
    List<String> expected =
        List.of(
            "/\u00E4.txt",
            "/\u00F6.txt",
            "/\u00FC.txt",
            "/\u00DF.txt",
            "/\uDCE4.txt",
            longName + "\u00E9",
            longName + "\u00E8",
            "/\u00C3\u00A9",
            "/\u732B",
            "/\u00E9");
    assertThat(files(fs)).containsExactlyInAnyOrderElementsOf(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(Files.readAllBytes(fs.getPath(expected.get(i)))).containsExactly(i + 1);
    }
  }

  @Test
  void namesAreUtf8OrElseLatin1AndNoneHidesAnother() throws IOException {
    try (FileSystem fs = FileSystems.newFileSystem(archiveOfManyEncodings())) {
      assertNothingIsInvisible(fs);
    }
  }

  /** What {@link #theLocaleDoesNotMatter} runs. */
  public static void main(String[] args) throws IOException {
    try (FileSystem fs = FileSystems.newFileSystem(Path.of(args[0]))) {
      assertNothingIsInvisible(fs);
    }
    try (FileSystem fs = TrcFileSystems.open(Path.of(args[1]), Texts.QUICK)) {
      assertThat(files(fs)).containsExactly("/\u00E4.txt");
      assertThat(Files.readAllBytes(fs.getPath("/\u00E4.txt"))).containsExactly(1);
      Files.write(fs.getPath("/\u732B"), new byte[] {2});
    }
  }

  @Test
  void theLocaleDoesNotMatter() throws Exception {
    Path overlay = Files.createDirectory(folder.resolve("overlay"));
    try (FileSystem fs = TrcFileSystems.open(overlay, Texts.QUICK)) {
      Files.write(fs.getPath("/\u00E4.txt"), new byte[] {1});
    } catch (java.nio.file.FileSystemException e) {
      Assumptions.abort("the file system beneath has no such names: " + e);
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            TarTest.class.getName(),
            archiveOfManyEncodings().toString(),
            overlay.toString());
    builder.environment().put("LC_ALL", "POSIX");
    assertThat(builder.inheritIO().start().waitFor()).isZero();
    try (FileSystem fs = TrcFileSystems.open(overlay, Texts.QUICK)) {
      assertThat(files(fs)).containsExactlyInAnyOrder("/\u00E4.txt", "/\u732B");
    }
  }

  private static TarArchiveEntry entry(String name, byte kind, int mode) {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind);
    entry.setMode(mode);
    entry.setUserName("alice");
    entry.setGroupId(77);
    return entry;
  }

  private Path archiveOfKinds() throws IOException {
    Tar tar = new Tar();
    for (TarArchiveEntry entry :
        List.of(
            entry("run.sh", TarConstants.LF_NORMAL, 0755),
            entry("secret", TarConstants.LF_NORMAL, 0100600),
            entry("folder/", TarConstants.LF_DIR, 0710),
            entry("pipe", TarConstants.LF_FIFO, 0644),
            entry("tty", TarConstants.LF_CHR, 0666),
            entry("disk", TarConstants.LF_BLK, 0660))) {
      tar.add("UTF-8", TarArchiveOutputStream.LONGFILE_ERROR, entry, new byte[0]);
    }
    return tar.file("UTF-8", "deep/down", 1).store(folder);
  }

  @Test
  void pipesAndDevicesAreOtherThanFiles() throws IOException {
    try (FileSystem fs = FileSystems.newFileSystem(archiveOfKinds())) {
      for (String name : List.of("pipe", "tty", "disk")) {
        assertThat(Files.isRegularFile(fs.getPath(name))).as(name).isFalse();
        assertThat(Files.getAttribute(fs.getPath(name), "isOther")).isEqualTo(true);
        assertThatThrownBy(() -> Files.readAllBytes(fs.getPath(name)))
            .hasMessageContaining("is no ordinary file");
      }
      assertThat(files(fs)).containsExactlyInAnyOrder("/run.sh", "/secret", "/deep/down");
    }
  }

  @Test
  void rightsAreThoseOfTheTar() throws IOException {
    try (FileSystem fs = FileSystems.newFileSystem(archiveOfKinds())) {
      Path run = fs.getPath("run.sh");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run)))
          .isEqualTo("rwxr-xr-x");
      assertThat(Files.readAttributes(fs.getPath("secret"), "posix:permissions,owner,size"))
          .containsEntry("permissions", PosixFilePermissions.fromString("rw-------"))
          .containsOnlyKeys("permissions", "owner", "size");
      assertThat(Files.getOwner(run).getName()).isEqualTo("alice");
      PosixFileAttributes folder =
          Files.readAttributes(fs.getPath("folder"), PosixFileAttributes.class);
      assertThat(PosixFilePermissions.toString(folder.permissions())).isEqualTo("rwx--x---");
      assertThat(folder.group().getName()).isEqualTo("77");
      assertThat(folder.isDirectory()).isTrue();
      assertThat(Files.getPosixFilePermissions(fs.getPath("deep"))).isNotEmpty();
      assertThat(fs.supportedFileAttributeViews())
          .containsExactlyInAnyOrder("basic", "trc", "owner", "posix");
      assertThatThrownBy(
              () ->
                  Files.getFileAttributeView(run, PosixFileAttributeView.class)
                      .setPermissions(Set.of()))
          .isInstanceOf(ReadOnlyFileSystemException.class);
      assertThatThrownBy(() -> Files.setPosixFilePermissions(run, Set.of()))
          .isInstanceOf(ReadOnlyFileSystemException.class);
    }
  }

  @Test
  void rightsAreKeptOnExtraction() throws IOException {
    Assumptions.assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "modes");
    try (FileSystem fs = FileSystems.newFileSystem(archiveOfKinds());
        FileSystem overlay = Texts.overlay(folder.resolve("out"))) {
      Path secret = Files.copy(fs.getPath("secret"), overlay.getPath("secret"));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
          .isEqualTo("rw-------");
      Path run =
          Files.copy(
              fs.getPath("run.sh"), overlay.getPath("run.sh"), StandardCopyOption.COPY_ATTRIBUTES);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run)))
          .isEqualTo("rwxr-xr-x");
    }
  }

  /** A file with holes at its beginning, between, and at its end. */
  private Path withHoles(int parts) throws IOException {
    Path file = folder.resolve("holes");
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      for (int i = 0; i < parts; i++) {
        out.seek(20_000L * (i + 1));
        out.write(Texts.binary(i, 1500));
      }
      out.setLength(20_000L * (parts + 2));
    }
    return file;
  }

  @Test
  void filesWithHolesAreReadWhole() throws Exception {
    for (int parts : new int[] {0, 1, 60}) {
      byte[] expected = Files.readAllBytes(withHoles(parts));
      for (List<String> format :
          List.of(
              List.of("--format=gnu"),
              List.of("--format=posix", "--sparse-version=0.0"),
              List.of("--format=posix", "--sparse-version=0.1"),
              List.of("--format=posix", "--sparse-version=1.0"))) {
        try (FileSystem fs = FileSystems.newFileSystem(sparseTar(format))) {
          Path holes = fs.getPath("holes");
          assertThat(Files.readAllBytes(holes)).as("%s %d", format, parts).isEqualTo(expected);
          assertThat(Files.size(holes)).isEqualTo(expected.length);
          assertThat(Files.isRegularFile(holes)).isTrue();
          assertThat(Files.readAllBytes(fs.getPath("after"))).containsExactly(1, 2, 3);
          try (SeekableByteChannel channel = Files.newByteChannel(holes)) {
            ByteBuffer some = ByteBuffer.allocate(7000);
            int count = channel.position(19_000).read(some);
            assertThat(Arrays.copyOf(some.array(), count))
                .isEqualTo(Arrays.copyOfRange(expected, 19_000, 19_000 + count));
          }
        }
      }
      Files.delete(folder.resolve("holes"));
    }
  }

  /** As GNU tar writes it, with another file after it. */
  private Path sparseTar(List<String> format) throws Exception {
    Files.write(folder.resolve("after"), new byte[] {1, 2, 3});
    Path tar = folder.resolve("sparse.tar");
    List<String> command = new ArrayList<>(List.of("tar", "-c", "-S"));
    command.addAll(format);
    command.addAll(List.of("-f", tar.toString(), "-C", folder.toString(), "holes", "after"));
    int result;
    try {
      result = new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    } catch (IOException e) {
      return Assumptions.abort("there is no tar command: " + e);
    }
    Assumptions.assumeTrue(result == 0, "this tar is not GNU's");
    byte[] all = Files.readAllBytes(tar);
    assertThat(new String(all, StandardCharsets.ISO_8859_1)).contains("holes");
    return Tar.store(folder, all);
  }
}
