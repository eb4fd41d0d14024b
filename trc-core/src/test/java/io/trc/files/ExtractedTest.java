package io.trc.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resources become files where nobody else can reach them, and nothing is left behind. */
class ExtractedTest {
  @TempDir private Path folder;

  private Path cache;
  private Path temporary;
  private URL resource;

  @BeforeEach
  void prepare() throws IOException {
    cache = folder.resolve("home").resolve("cache");
    temporary = Files.createDirectory(folder.resolve("tmp"));
    resource = Files.writeString(folder.resolve("library"), "code").toUri().toURL();
  }

  private Extracted.TemporaryFile lasting() throws IOException {
    return new Extracted(cache, temporary).lasting(resource, "lib.so");
  }

  private static List<Path> in(Path place) throws IOException {
    try (Stream<Path> entries = Files.list(place)) {
      return entries.toList();
    }
  }

  private static void age(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(30))));
  }

  @Test
  void aLastingFileIsWrittenOnceAndStays() throws IOException {
    Path first;
    try (Extracted.TemporaryFile file = lasting()) {
      first = file.path();
      assertThat(first).hasParent(cache).hasContent("code");
    }
    age(first);
    FileTime before = Files.getLastModifiedTime(first);
    try (Extracted.TemporaryFile file = lasting()) {
      assertThat(file.path()).isEqualTo(first);
    }
    assertThat(Files.getLastModifiedTime(first)).isEqualTo(before);
    assertThat(in(cache)).containsExactly(first);
    assertThat(in(temporary)).isEmpty();
  }

  @Test
  void aDamagedFileIsWrittenAnew() throws IOException {
    Path file;
    try (Extracted.TemporaryFile first = lasting()) {
      file = Files.writeString(first.path(), "c0de");
    }
    lasting().close();
    assertThat(file).hasContent("code");
    Files.writeString(file, "cod");
    lasting().close();
    assertThat(file).hasContent("code");
  }

  @Test
  void anotherContentIsAnotherFile() throws IOException {
    lasting().close();
    Files.writeString(folder.resolve("library"), "newer");
    try (Extracted.TemporaryFile file = lasting()) {
      assertThat(file.path()).hasContent("newer");
    }
    assertThat(in(cache)).hasSize(2);
  }

  @Test
  void aLinkInTheCacheIsReplacedAndNotFollowed() throws IOException {
    Path file;
    try (Extracted.TemporaryFile first = lasting()) {
      file = first.path();
    }
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "code");
    Files.delete(file);
    Files.createSymbolicLink(file, elsewhere);
    lasting().close();
    assertThat(Files.isSymbolicLink(file)).isFalse();
    assertThat(elsewhere).hasContent("code");
  }

  @Test
  void aFolderThatOthersCanWriteToIsNotTrusted() throws IOException {
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    Files.createDirectories(cache);
    for (Path open : List.of(cache, cache.getParent())) {
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
      Path used;
      try (Extracted.TemporaryFile file = lasting()) {
        used = file.path();
        assertThat(used).hasContent("code").startsWith(temporary);
        assertThat(Files.getPosixFilePermissions(used.getParent()))
            .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      }
      assertThat(in(temporary)).isEmpty();
      assertThat(in(cache)).isEmpty();
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwx------"));
    }
    try (Extracted.TemporaryFile file = lasting()) {
      assertThat(file.path()).startsWith(cache);
    }
  }

  @Test
  void aFolderOfAnotherUsersIsNotTrusted() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can give files away");
    Files.createDirectories(cache);
    Files.setAttribute(cache, "unix:uid", 4711, LinkOption.NOFOLLOW_LINKS);
    try (Extracted.TemporaryFile file = lasting()) {
      assertThat(file.path()).startsWith(temporary);
    }
  }

  @Test
  void aFileInPlaceOfTheCacheIsNoReasonToFail() throws IOException {
    Files.createDirectories(cache.getParent());
    Files.writeString(cache, "in the way");
    try (Extracted.TemporaryFile file = lasting()) {
      assertThat(file.path()).startsWith(temporary).hasContent("code");
    }
    assertThat(in(temporary)).isEmpty();
  }

  @Test
  void aTemporaryFileGoes() throws IOException {
    Extracted extracted = new Extracted(cache, temporary);
    try (Extracted.TemporaryFile file = extracted.temporary(resource::openStream, "m.gguf")) {
      assertThat(file.path()).hasContent("code");
    }
    assertThat(in(cache)).isEmpty();
    assertThat(in(temporary)).isEmpty();
  }

  @Test
  void whatAKilledProcessLeftIsRemovedOnceItIsOld() throws IOException {
    Files.createDirectories(cache);
    Path old = Files.writeString(cache.resolve("trc-1.tmp"), "half");
    Path young = Files.writeString(cache.resolve("trc-2.tmp"), "half");
    Path foreign = Files.writeString(cache.resolve("other.tmp"), "whole");
    age(old);
    age(foreign);
    lasting().close();
    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(foreign).exists();

    Files.delete(young);
    Files.delete(foreign);
    Path abandoned = Files.createDirectory(temporary.resolve("trc-llama123"));
    Files.writeString(abandoned.resolve("lib.so"), "code");
    age(abandoned);
    Path inUse = Files.createDirectory(temporary.resolve("trc-llama456"));
    Extracted elsewhere = new Extracted(folder.resolve("library"), temporary);
    elsewhere.lasting(resource, "lib.so").close();
    assertThat(abandoned).doesNotExist();
    assertThat(inUse).exists();
  }
}
