package io.trc.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.Trc;
import io.trc.TrcCorruptedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A file that is not what its name says does not hide the others, nor itself. */
class OddFilesTest extends OverlayFixture {
  private static final String TRACE = "Trace file /u01/app/oracle/diag/ora_1234.trc\n";

  private static List<String> walked(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
    }
  }

  private void storeOddFiles() throws IOException {
    Files.writeString(folder.resolve("ora_1234.trc"), TRACE);
    Files.createFile(folder.resolve("empty.trc"));
    Files.write(folder.resolve("short.trc"), new byte[] {(byte) 0x8F, 'T'});
    byte[] whole = Trc.compress(Texts.binary(1, 10_000), Texts.QUICK);
    Files.write(folder.resolve("cut.trc"), Arrays.copyOf(whole, whole.length / 2));
    Files.write(folder.resolve("good.trc"), whole);
    Files.createSymbolicLink(folder.resolve("link.trc"), Path.of("ora_1234.trc"));
    Files.createSymbolicLink(folder.resolve("other.trc"), Path.of("good.trc"));
  }

  @Test
  void allAreListedAndWhatIsNoStreamIsShownAsItIs() throws IOException {
    storeOddFiles();
    assertThat(walked(fs.getPath("/")))
        .containsExactly(
            "/cut", "/empty.trc", "/good", "/link.trc", "/ora_1234.trc", "/other", "/short.trc");
    assertThat(Files.readString(fs.getPath("/ora_1234.trc"))).isEqualTo(TRACE);
    assertThat(Files.readString(fs.getPath("/link.trc"))).isEqualTo(TRACE);
    assertThat(Files.size(fs.getPath("/ora_1234.trc"))).isEqualTo(TRACE.length());
    assertThat(Files.size(fs.getPath("/empty.trc"))).isZero();
    assertThat(Files.size(fs.getPath("/good"))).isEqualTo(10_000);
    assertThat(Files.exists(fs.getPath("/ora_1234"))).isFalse();
    assertThat(
            Files.readAttributes(fs.getPath("/ora_1234.trc"), TrcFileAttributes.class)
                .isCompressed())
        .isFalse();
  }

  @Test
  void theSizeOfACutFileIsAFailureOfThatFileAlone() throws IOException {
    storeOddFiles();
    Path cut = fs.getPath("/cut");
    assertThat(Files.isRegularFile(cut)).isTrue();
    BasicFileAttributes attributes = Files.readAttributes(cut, BasicFileAttributes.class);
    assertThat(attributes.lastModifiedTime()).isNotNull();
    assertThatThrownBy(() -> Files.size(cut))
        .isInstanceOf(FileSystemException.class)
        .hasMessageStartingWith("/cut: ")
        .hasCauseInstanceOf(TrcCorruptedException.class);
    assertThatThrownBy(() -> Files.getAttribute(cut, "size"))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(attributes::size).isInstanceOf(FileSystemException.class);

    Map<String, Long> sizes = new TreeMap<>();
    List<String> failed = new ArrayList<>();
    Files.walkFileTree(
        fs.getPath("/"),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            try {
              sizes.put(file.toString(), Files.size(file));
            } catch (IOException e) {
              failed.add(file.toString());
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertThat(failed).containsExactly("/cut");
    assertThat(sizes).hasSize(6).containsEntry("/good", 10_000L);
  }

  @Test
  void whatIsNoStreamIsWrittenCopiedMovedAndDeletedLikeOthers() throws IOException {
    storeOddFiles();
    Path trace = fs.getPath("/ora_1234.trc");
    Files.writeString(trace, "more\n", StandardOpenOption.APPEND);
    assertThat(folder.resolve("ora_1234.trc")).hasContent(TRACE + "more\n");
    Path copy = Files.copy(trace, fs.getPath("/copy.trc"));
    Path moved = Files.move(trace, fs.getPath("/moved.trc"));
    for (Path path : List.of(copy, moved)) {
      assertThat(Files.readString(path)).isEqualTo(TRACE + "more\n");
    }
    assertThat(walked(fs.getPath("/"))).contains("/copy.trc", "/moved.trc");
    // Beside a text of that name, a file has another form.
    Files.write(fs.getPath("/copy"), new byte[] {1, 2});
    assertThat(Files.readAllBytes(fs.getPath("/copy"))).containsExactly(1, 2);
    assertThat(Files.readString(copy)).isEqualTo(TRACE + "more\n");
    Files.delete(copy);
    Files.delete(moved);
    assertThat(Files.readAllBytes(fs.getPath("/copy"))).containsExactly(1, 2);
  }

  @Test
  void aFileMayBecomeAStreamOfThatNameAndIsStillSeenUnderIt() throws IOException {
    storeOddFiles();
    byte[] stream = Trc.compress(new byte[] {7}, Texts.QUICK);
    for (String name : List.of("/ora_1234.trc", "/empty.trc")) {
      Path path = fs.getPath(name);
      Files.write(path, stream);
      assertThat(Files.readAllBytes(path)).isEqualTo(stream);
    }
    Path grown = fs.getPath("/short.trc");
    Files.write(grown, Arrays.copyOfRange(stream, 2, stream.length), StandardOpenOption.APPEND);
    assertThat(Files.readAllBytes(grown)).isEqualTo(stream);
    assertThat(walked(fs.getPath("/"))).contains("/ora_1234.trc", "/empty.trc", "/short.trc");
  }

  @Test
  void aFileThatAnotherReplacedIsLookedAtAnew() throws IOException {
    Path stored = Files.writeString(folder.resolve("a.trc"), TRACE);
    assertThat(walked(fs.getPath("/"))).containsExactly("/a.trc");
    Files.write(stored, Trc.compress(TRACE.getBytes(StandardCharsets.UTF_8), Texts.QUICK));
    assertThat(walked(fs.getPath("/"))).containsExactly("/a");
    assertThat(Files.size(fs.getPath("/a"))).isEqualTo(TRACE.length());
  }
}
