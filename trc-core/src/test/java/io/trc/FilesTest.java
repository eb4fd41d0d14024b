package io.trc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole files keep their secrets, and what was there stays until the new one is whole. */
class FilesTest {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir private Path folder;
  private Path plain;
  private Path compressed;

  @BeforeEach
  void write() throws IOException {
    plain = Files.writeString(folder.resolve("plain.txt"), Samples.PARAGRAPH);
    compressed = folder.resolve("plain.txt.trc");
  }

  private static Set<PosixFilePermission> permissions(Path file) throws IOException {
    return Files.getPosixFilePermissions(file);
  }

  @Test
  void aFileComesBackWithItsPermissionsAndTimes() throws Exception {
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    Files.setPosixFilePermissions(plain, PRIVATE);
    Files.setLastModifiedTime(plain, LONG_AGO);
    Files.writeString(compressed, "something else");
    Trc.compress(plain, compressed);
    assertThat(permissions(compressed)).isEqualTo(PRIVATE);
    assertThat(Files.getLastModifiedTime(compressed)).isEqualTo(LONG_AGO);
    Path back = folder.resolve("back.txt");
    Trc.decompress(compressed, back);
    assertThat(back).hasSameTextualContentAs(plain);
    assertThat(permissions(back)).isEqualTo(PRIVATE);
    assertThat(Files.getLastModifiedTime(back)).isEqualTo(LONG_AGO);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(plain, compressed, back);
    }
  }

  @Test
  void whatIsMadeOfADeviceIsAsAnyNewFileOrAsTheOneBefore() throws Exception {
    Path device = Path.of("/dev/null");
    assumeTrue(
        Files.exists(device) && Files.getFileStore(folder).supportsFileAttributeView("posix"));
    Path other = Files.createFile(folder.resolve("other"));
    Trc.compress(device, compressed);
    assertThat(permissions(compressed)).isEqualTo(permissions(other));
    Files.setPosixFilePermissions(compressed, PRIVATE);
    Trc.compress(device, compressed);
    assertThat(permissions(compressed)).isEqualTo(PRIVATE);
    assertThat(Trc.decompress(Files.readAllBytes(compressed))).isEmpty();
  }

  @Test
  void aFailureLeavesWhatWasThere() throws Exception {
    Files.writeString(compressed, "no archive");
    Path target = Files.writeString(folder.resolve("target"), "before");
    assertThatThrownBy(() -> Trc.decompress(compressed, target))
        .isInstanceOf(TrcFormatException.class);
    assertThatThrownBy(() -> Trc.compress(folder.resolve("missing"), target))
        .isInstanceOf(IOException.class);
    assertThat(target).hasContent("before");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(plain, compressed, target);
    }
  }
}
