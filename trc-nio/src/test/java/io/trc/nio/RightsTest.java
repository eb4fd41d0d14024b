package io.trc.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.Trc;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Mode, owner and times are those of the file, whatever is written to it. */
class RightsTest extends OverlayFixture {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @BeforeAll
  static void assumeModes() {
    Assumptions.assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "modes");
  }

  private static void chmod(Path file, String mode) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  /** Ways to write a file that is there; each leaves it open as long as the step runs. */
  private interface Way {
    void write(Path file, Step meanwhile) throws IOException;
  }

  private interface Step {
    void run() throws IOException;
  }

  private static final List<Way> WAYS =
      List.of(
          (file, meanwhile) -> {
            try (OutputStream out = Files.newOutputStream(file)) {
              out.write(Texts.binary(1, 100_000));
              meanwhile.run();
            }
          },
          (file, meanwhile) -> {
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
              out.write(Texts.binary(2, 100_000));
              meanwhile.run();
            }
          },
          (file, meanwhile) -> {
            try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
              channel.write(ByteBuffer.allocate(10), 50_000);
              meanwhile.run();
            }
          });

  @Test
  void whatIsPrivateIsPrivateWhileItIsWritten() throws IOException {
    for (String name : List.of("packed", "raw")) {
      if (name.equals("raw")) {
        Files.write(folder.resolve(name), Texts.binary(3, 1000));
      } else {
        Files.write(fs.getPath(name), Texts.binary(3, 1000));
      }
      chmod(fs.getPath(name), "rw-------");
    }
    int[] looks = new int[1];
    for (Way way : WAYS) {
      for (String name : List.of("packed", "raw")) {
        way.write(
            fs.getPath(name),
            () -> {
              try (Stream<Path> stored = Files.list(folder)) {
                for (Path file : (Iterable<Path>) stored::iterator) {
                  assertThat(mode(file)).as(file.toString()).isEqualTo("rw-------");
                  looks[0]++;
                }
              }
            });
        assertThat(mode(fs.getPath(name))).isEqualTo("rw-------");
      }
    }
    assertThat(looks[0]).isGreaterThan(2 * 2 * WAYS.size());
  }

  @Test
  void aNewFileIsAsOpenAsThoseOfTheFileSystemBeneath() throws IOException {
    Path plain = Files.createFile(folder.resolve("plain"));
    Path file = fs.getPath("new");
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(Texts.binary(1, 50_000));
      assertThat(mode(file)).isEqualTo(mode(plain));
    }
    assertThat(mode(file)).isEqualTo(mode(plain));
    Path asked =
        Files.createFile(
            fs.getPath("asked"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.write(asked, new byte[] {1});
    assertThat(mode(asked)).isEqualTo("rwx------");
  }

  @Test
  void ownerGroupAndModeStayWhenRootRewritesAFile() throws IOException {
    assumeRoot();
    for (Way way : WAYS) {
      Path file = fs.getPath("of-somebody");
      Files.write(file, Texts.binary(1, 100_000));
      Path stored = folder.resolve("of-somebody.trc");
      Files.setAttribute(stored, "unix:uid", 4321);
      Files.setAttribute(stored, "unix:gid", 4322);
      chmod(stored, "rw-r-----");
      way.write(file, () -> {});
      assertThat(Files.getAttribute(stored, "unix:uid")).isEqualTo(4321);
      assertThat(Files.getAttribute(stored, "unix:gid")).isEqualTo(4322);
      assertThat(mode(stored)).isEqualTo("rw-r-----");
      Files.delete(file);
    }
  }

  private static void assumeRoot() {
    Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root may chown");
  }

  @Test
  void aMoveThatStoresAFileInAnotherFormKeepsModeOwnerAndTimes() throws IOException {
    byte[] stream = Trc.compress(new byte[] {1}, Texts.QUICK);
    Path raw = Files.write(folder.resolve("raw"), stream);
    chmod(raw, "rwx-w---x");
    boolean root = "root".equals(System.getProperty("user.name"));
    if (root) {
      Files.setAttribute(raw, "unix:uid", 4321);
    }
    Files.getFileAttributeView(raw, BasicFileAttributeView.class)
        .setTimes(LONG_AGO, LONG_AGO, null);
    Path moved = Files.move(fs.getPath("raw"), fs.getPath("raw.trc"));
    assertThat(folder.resolve("raw.trc.trc")).isRegularFile();
    assertThat(mode(moved)).isEqualTo("rwx-w---x");
    PosixFileAttributes attributes = Files.readAttributes(moved, PosixFileAttributes.class);
    assertThat(attributes.lastModifiedTime()).isEqualTo(LONG_AGO);
    if (root) {
      assertThat(Files.getAttribute(moved, "unix:uid")).isEqualTo(4321);
    }
    assertThat(Files.readAllBytes(moved)).isEqualTo(stream);
  }

  @Test
  void aFileThatMakesRoomForAnotherKeepsModeAndTimes() throws IOException {
    Path file = Files.write(fs.getPath("x"), new byte[] {1});
    chmod(file, "rw-rw----");
    Files.setLastModifiedTime(file, LONG_AGO);
    Files.createDirectory(fs.getPath("x.trc"));
    assertThat(folder.resolve("x")).isRegularFile();
    assertThat(mode(file)).isEqualTo("rw-rw----");
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(LONG_AGO);
  }

  @Test
  void aCopyIsNeverMoreOpenThanItsSource() throws IOException {
    Files.write(folder.resolve("raw"), Trc.compress(new byte[] {1}, Texts.QUICK));
    chmod(folder.resolve("raw"), "rw-------");
    Files.write(fs.getPath("packed"), new byte[] {1});
    chmod(fs.getPath("packed"), "r--------");
    assertThat(mode(Files.copy(fs.getPath("raw"), fs.getPath("raw.trc")))).isEqualTo("rw-------");
    assertThat(mode(Files.copy(fs.getPath("raw"), fs.getPath("same")))).isEqualTo("rw-------");
    assertThat(mode(Files.copy(fs.getPath("packed"), fs.getPath("p")))).isEqualTo("r--------");
    Files.setLastModifiedTime(fs.getPath("packed"), LONG_AGO);
    Path all =
        Files.copy(fs.getPath("packed"), fs.getPath("all"), StandardCopyOption.COPY_ATTRIBUTES);
    assertThat(Files.getLastModifiedTime(all)).isEqualTo(LONG_AGO);
    assertThat(mode(all)).isEqualTo("r--------");
  }
}
