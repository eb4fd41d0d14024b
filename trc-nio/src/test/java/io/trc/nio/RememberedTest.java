package io.trc.nio;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.trc.Trc;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered of files and folders is not told once others have changed them. */
class RememberedTest {
  private static final byte[] PLAIN = Texts.binary(1, 108);
  private static final byte[] SHORTER = Texts.binary(2, 100);

  @TempDir static Path root;
  private static FileSystem fs;

  private Path stored;
  private Path seen;

  /** Each test has a folder that was not changed for so long that it is remembered. */
  @BeforeAll
  static void rest() throws Exception {
    for (var test : RememberedTest.class.getDeclaredMethods()) {
      if (test.isAnnotationPresent(Test.class)) {
        Path folder = Files.createDirectory(root.resolve(test.getName()));
        Files.write(folder.resolve("a.trc"), packed(PLAIN));
        Files.write(folder.resolve("b.trc"), packed(PLAIN));
      }
    }
    while (!Stored.read(root).isSettled()) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    fs = Texts.overlay(root);
  }

  @AfterAll
  static void close() throws IOException {
    fs.close();
  }

  @BeforeEach
  void walkTwice(TestInfo test) throws IOException {
    String name = test.getTestMethod().orElseThrow().getName();
    stored = root.resolve(name);
    seen = fs.getPath("/", name);
    for (int i = 0; i < 2; i++) {
      assertThat(walked()).isEqualTo(Map.of("a", 108L, "b", 108L));
    }
  }

  private static byte[] packed(byte[] plain) throws IOException {
    return Trc.compress(plain, Texts.QUICK);
  }

  /** A stream of the length of that in each folder, which is of another plain length. */
  private static byte[] shorterOfSameLength() throws IOException {
    byte[] stream = packed(SHORTER);
    int length = packed(PLAIN).length;
    assertThat(length - stream.length).isEqualTo(8);
    return Arrays.copyOf(stream, length); // zeros behind a stream mean nothing
  }

  private Map<String, Long> walked() throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    Files.walkFileTree(
        seen,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            sizes.put(file.getFileName().toString(), attributes.size());
            return FileVisitResult.CONTINUE;
          }
        });
    return sizes;
  }

  private interface Change {
    void make() throws IOException;
  }

  /** Changes something and sets the times back to what they were. */
  private void unnoticed(Path file, Change change) throws IOException {
    FileTime before = Files.getLastModifiedTime(file);
    FileTime beforeInFolder = Files.getLastModifiedTime(stored);
    change.make();
    Files.setLastModifiedTime(file, before);
    Files.setLastModifiedTime(stored, beforeInFolder);
  }

  @Test
  void aFileBesideAStream() throws IOException {
    unnoticed(stored.resolve("a.trc"), () -> Files.write(stored.resolve("a"), SHORTER));
    assertThat(Files.size(seen.resolve("a"))).isEqualTo(100);
    assertThat(Files.readAllBytes(seen.resolve("a"))).isEqualTo(SHORTER);
    assertThat(walked()).containsOnlyKeys("a", "a.trc", "b").containsEntry("a", 100L);
    Files.delete(stored.resolve("a"));
    assertThat(walked()).isEqualTo(Map.of("a", 108L, "b", 108L));
  }

  @Test
  void aLinkToNowhereBesideAStream() throws IOException {
    Files.createSymbolicLink(stored.resolve("a"), Path.of("nowhere"));
    assertThat(Files.isSymbolicLink(seen.resolve("a"))).isTrue();
    assertThat(Files.exists(seen.resolve("a"))).isFalse();
    assertThat(Files.size(seen.resolve("a.trc"))).isEqualTo(packed(PLAIN).length);
  }

  @Test
  void aTextInPlaceOfAStream() throws IOException {
    Path file = stored.resolve("a.trc");
    byte[] text = new byte[packed(PLAIN).length];
    unnoticed(file, () -> Files.write(file, text));
    assertThat(Files.exists(seen.resolve("a"))).isFalse();
    assertThat(Files.readAllBytes(seen.resolve("a.trc"))).isEqualTo(text);
    assertThat(walked()).isEqualTo(Map.of("a.trc", (long) text.length, "b", 108L));
    unnoticed(file, () -> Files.write(file, packed(PLAIN)));
    assertThat(walked()).isEqualTo(Map.of("a", 108L, "b", 108L));
  }

  @Test
  void anotherStreamInPlaceOfAStream() throws IOException {
    Path file = stored.resolve("a.trc");
    unnoticed(file, () -> Files.write(file, shorterOfSameLength()));
    assertThat(Files.size(seen.resolve("a"))).isEqualTo(100);
    assertThat(walked()).isEqualTo(Map.of("a", 100L, "b", 108L));
    assertThat(Files.readAllBytes(seen.resolve("a"))).isEqualTo(SHORTER);
  }

  @Test
  void anotherFileMovedOverAStream() throws IOException {
    Path other = Files.write(root.resolve("other"), shorterOfSameLength());
    Path file = stored.resolve("a.trc");
    unnoticed(file, () -> Files.move(other, file, StandardCopyOption.REPLACE_EXISTING));
    assertThat(Files.size(seen.resolve("a"))).isEqualTo(100);
    assertThat(walked()).isEqualTo(Map.of("a", 100L, "b", 108L));
  }

  @Test
  void aDeletedAndARenamedStream() throws IOException {
    Files.delete(stored.resolve("a.trc"));
    assertThat(Files.exists(seen.resolve("a"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    Files.move(stored.resolve("b.trc"), stored.resolve("c.trc"));
    assertThat(Files.exists(seen.resolve("b"))).isFalse();
    assertThat(Files.size(seen.resolve("c"))).isEqualTo(108);
    assertThat(walked()).isEqualTo(Map.of("c", 108L));
  }

  @Test
  void anotherFolderInPlaceOfAFolder() throws IOException {
    FileTime before = Files.getLastModifiedTime(stored);
    Path other = Files.createDirectory(root.resolve("folder"));
    Files.write(other.resolve("a"), SHORTER);
    Files.write(other.resolve("a.trc"), packed(PLAIN));
    Files.move(stored, root.resolve("moved"));
    Files.move(other, stored);
    Files.setLastModifiedTime(stored, before);
    assertThat(Files.size(seen.resolve("a"))).isEqualTo(100);
    assertThat(walked()).containsOnlyKeys("a", "a.trc");
  }

  @Test
  void whatAnotherFileSystemWrites() throws IOException {
    try (FileSystem other = Texts.overlay(root)) {
      Path theirs = other.getPath(seen.toString());
      Files.write(theirs.resolve("a"), SHORTER);
      assertThat(Files.size(seen.resolve("a"))).isEqualTo(100);
      Files.move(theirs.resolve("a"), theirs.resolve("c"));
      Files.delete(theirs.resolve("b"));
      assertThat(walked()).isEqualTo(Map.of("c", 100L));
    }
  }

  @Test
  void whatIsChangedDuringTheWalk() throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    Files.walkFileTree(
        seen,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String name = file.getFileName().toString();
            sizes.put(name, attributes.size());
            if (sizes.size() == 1) {
              Files.write(stored.resolve(name.equals("a") ? "b" : "a"), SHORTER);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertThat(sizes.values()).containsExactlyInAnyOrder(108L, 100L);
  }

  @Test
  void whatChangesMoreOftenThanTheClock() throws IOException {
    Path file = stored.resolve("a.trc");
    byte[] text = new byte[packed(PLAIN).length];
    for (int i = 0; i < 300; i++) {
      Files.write(file, i % 2 == 0 ? text : packed(PLAIN));
      assertThat(walked()).containsOnlyKeys(i % 2 == 0 ? "a.trc" : "a", "b");
      Files.write(file, i % 2 == 0 ? packed(PLAIN) : shorterOfSameLength());
      assertThat(Files.size(seen.resolve("a"))).isEqualTo(i % 2 == 0 ? 108 : 100);
      Path beside = Files.write(stored.resolve("b"), SHORTER);
      assertThat(Files.size(seen.resolve("b"))).isEqualTo(100);
      Files.delete(beside);
      assertThat(Files.size(seen.resolve("b"))).isEqualTo(108);
    }
  }

  @Test
  void twoChangesOfOneMoment() throws IOException {
    try (FileSystem beneath = Jimfs.newFileSystem(Configuration.unix());
        FileSystem overlay = Texts.overlay(beneath.getPath("/data"))) {
      Path file = beneath.getPath("/data/a.trc");
      FileTime moment = FileTime.from(Instant.now());
      Files.setLastModifiedTime(Files.write(file, packed(PLAIN)), moment);
      assertThat(Files.exists(overlay.getPath("/a"))).isTrue();
      Files.setLastModifiedTime(Files.write(file, new byte[packed(PLAIN).length]), moment);
      assertThat(Files.exists(overlay.getPath("/a"))).isFalse();
      assertThat(Files.exists(overlay.getPath("/a.trc"))).isTrue();
    }
  }
}
