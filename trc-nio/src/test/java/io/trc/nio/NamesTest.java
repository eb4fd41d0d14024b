package io.trc.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.Trc;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Names survive URIs and file systems bit for bit. */
class NamesTest extends OverlayFixture {
  @Test
  void namesThatOnlyNormalisationMakesAlikeStayApartInUris() throws IOException {
    List<String> names =
        List.of("u\u0308", "\u00FC", "\u212B", "\u00C5", "A\u030A", "\uFB01", "fi", "\u1E9B\u0323");
    for (String name : names) {
      Path path = fs.getPath("/" + name);
      URI uri = path.toUri();
      assertThat(uri.toString()).matches("\\p{ASCII}+");
      assertThat(Path.of(uri)).isEqualTo(path).hasToString("/" + name);
      assertThat(Path.of(URI.create(uri.toString()))).isEqualTo(path);
    }
  }

  @Test
  void whatIsDeletedByItsUriIsTheFileItself() throws IOException {
    Path decomposed = Files.write(fs.getPath("/u\u0308"), new byte[] {1});
    Path composed = Files.write(fs.getPath("/\u00FC"), new byte[] {2});
    assertThat(Files.isSameFile(decomposed, composed)).isFalse();
    Files.delete(Path.of(decomposed.toUri()));
    assertThat(decomposed).doesNotExist();
    assertThat(Files.readAllBytes(composed)).containsExactly(2);
  }

  @Test
  void anyNameRoundTripsThroughItsUri() {
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      StringBuilder name = new StringBuilder("/");
      for (int length = 1 + random.nextInt(12); length > 0; length--) {
        int point = random.nextInt(random.nextBoolean() ? 0x80 : 0x11_0000);
        if (point != 0 && (point < 0xD800 || point > 0xDFFF)) {
          name.appendCodePoint(point);
        }
      }
      Path path = fs.getPath(name.toString());
      assertThat(Path.of(path.toUri())).isEqualTo(path);
    }
  }

  @Test
  void anyBytesAreANameAndBack() {
    Random random = new Random(8);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = Texts.binary(random.nextLong(), 1 + random.nextInt(8));
      String name = Names.decode(bytes);
      assertThat(Names.encode(name)).isEqualTo(bytes);
      assertThat(Names.percentDecoded(Names.percentEncoded(name))).isEqualTo(name);
    }
  }

  @Test
  void textThatIsNoNameIsRefused() {
    assertThatThrownBy(() -> fs.getPath("a\0")).isInstanceOf(InvalidPathException.class);
    assertThatThrownBy(() -> fs.getPath("\uD800")).isInstanceOf(InvalidPathException.class);
    assertThatThrownBy(() -> fs.getPath("\uDCC3\uDCA4")).isInstanceOf(InvalidPathException.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Path.of(URI.create(fs.getPath("/a").toUri() + "?b")))
        .withMessageContaining("escape ? as %3F");
  }

  @Test
  void storedNamesThatAreNoUtf8AreFilesLikeOthers() throws IOException {
    Assumptions.assumeTrue(
        java.nio.file.FileSystems.getDefault().getSeparator().equals("/"), "names are bytes here");
    Path latin = Path.of(URI.create(folder.toUri() + "caf%E9.txt.trc"));
    Path other = Path.of(URI.create(folder.toUri() + "caf%E8.txt"));
    try {
      Files.write(latin, Trc.compress(new byte[] {1}, Texts.QUICK));
    } catch (java.nio.file.FileSystemException e) {
      Assumptions.abort("the file system beneath takes UTF-8 only: " + e);
    }
    Files.write(other, new byte[] {2, 2});

    try (Stream<Path> all = Files.walk(fs.getPath("/"))) {
      assertThat(all.map(Path::toString))
          .containsExactlyInAnyOrder("/", "/caf\uDCE9.txt", "/caf\uDCE8.txt");
    }
    Path path = fs.getPath("/caf\uDCE9.txt");
    assertThat(Files.readAllBytes(path)).containsExactly(1);
    assertThat(Files.size(fs.getPath("/caf\uDCE8.txt"))).isEqualTo(2);
    assertThat(path.toUri().toString()).endsWith("!/caf%E9.txt");
    assertThat(Path.of(path.toUri())).isEqualTo(path);

    Files.write(path, new byte[] {3});
    assertThat(Trc.decompress(Files.readAllBytes(latin))).containsExactly(3);
    Path link = Files.createSymbolicLink(fs.getPath("/link"), path.getFileName());
    assertThat(Files.readSymbolicLink(link)).isEqualTo(path.getFileName());
    assertThat(Files.readAllBytes(link)).containsExactly(3);
    Path moved = Files.move(path, fs.getPath("/cr\uDCE8me.txt"));
    assertThat(latin).doesNotExist();
    assertThat(Files.readAllBytes(moved)).containsExactly(3);
    Files.delete(moved);
    Files.delete(fs.getPath("/caf\uDCE8.txt"));
    assertThat(other).doesNotExist();
  }
}
