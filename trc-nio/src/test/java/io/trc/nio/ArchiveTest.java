package io.trc.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.Trc;
import io.trc.TrcOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
  private static final byte[] BOOK = Texts.text(1, 1000).getBytes(StandardCharsets.UTF_8);
  private static final byte[] IMAGE = Texts.binary(2, 20_000);

  @TempDir Path folder;
  private Path archive;

  /** Puts entries into a tar. */
  interface Filling {
    void fill(TarArchiveOutputStream tar) throws IOException;
  }

  @BeforeEach
  void name() {
    archive = folder.resolve("corpus.tar.trc");
  }

  private FileSystem open(Filling filling) throws IOException {
    try (OutputStream out = Files.newOutputStream(archive);
        OutputStream packed = new TrcOutputStream(out, Texts.QUICK);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(packed)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      filling.fill(tar);
    }
    return FileSystems.newFileSystem(archive);
  }

  private static void file(TarArchiveOutputStream tar, String name, byte[] bytes)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(bytes.length);
    entry.setLastModifiedTime(FileTime.fromMillis(1_000_000_000_000L));
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  private static void link(TarArchiveOutputStream tar, byte kind, String name, String target)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  @Test
  void theEntriesOfATarAreFiles() throws IOException {
    try (FileSystem fs =
        open(
            tar -> {
              file(tar, "./texts/book.txt", BOOK);
              file(tar, "image.bin", IMAGE);
              file(tar, "twice", new byte[] {1});
              file(tar, "twice", new byte[] {2});
              link(tar, TarConstants.LF_SYMLINK, "texts/same", "../image.bin");
              link(tar, TarConstants.LF_LINK, "hard", "texts/book.txt");
              file(tar, "long/" + "n".repeat(150), new byte[0]);
            })) {
      assertThat(fs.isReadOnly()).isTrue();
      try (Stream<Path> all = Files.walk(fs.getPath("/"))) {
        assertThat(all.map(Path::toString))
            .containsExactly(
                "/",
                "/hard",
                "/image.bin",
                "/long",
                "/long/" + "n".repeat(150),
                "/texts",
                "/texts/book.txt",
                "/texts/same",
                "/twice");
      }
      assertThat(Files.readAllBytes(fs.getPath("texts/book.txt"))).isEqualTo(BOOK);
      assertThat(Files.readAllBytes(fs.getPath("/hard"))).isEqualTo(BOOK);
      assertThat(Files.readAllBytes(fs.getPath("texts", "same"))).isEqualTo(IMAGE);
      assertThat(Files.readAllBytes(fs.getPath("twice"))).containsExactly(2);
      assertThat(Files.size(fs.getPath("image.bin"))).isEqualTo(IMAGE.length);
      assertThat(Files.isSymbolicLink(fs.getPath("texts/same"))).isTrue();
      assertThat(fs.getPath("texts/same").toRealPath()).isEqualTo(fs.getPath("/image.bin"));
      assertThat(Files.getLastModifiedTime(fs.getPath("twice")).toMillis())
          .isEqualTo(1_000_000_000_000L);
      assertThat(
              Files.readAttributes(fs.getPath("image.bin"), TrcFileAttributes.class)
                  .compressedSize())
          .isBetween(1L, Files.size(archive));
      Path out = folder.resolve("out.txt");
      Files.copy(fs.getPath("texts/book.txt"), out);
      assertThat(Files.readAllBytes(out)).isEqualTo(BOOK);
      try (FileSystem notes = Texts.overlay(folder.resolve("notes"))) {
        Files.copy(fs.getPath("image.bin"), notes.getPath("image"));
        Files.copy(fs.getPath("texts"), notes.getPath("texts"));
        assertThat(Files.readAllBytes(notes.getPath("image"))).isEqualTo(IMAGE);
        assertThatThrownBy(() -> Files.copy(notes.getPath("image"), fs.getPath("new")))
            .isInstanceOf(ReadOnlyFileSystemException.class);
      }
      assertThatThrownBy(() -> Files.delete(fs.getPath("twice")))
          .isInstanceOf(ReadOnlyFileSystemException.class);
      assertThatThrownBy(() -> Files.readAllBytes(fs.getPath("/none")))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessage("/none");
      assertThat(Path.of(fs.getPath("/texts/book.txt").toUri()))
          .isEqualTo(fs.getPath("/texts/book.txt"));
    }
  }

  @Test
  void anEntryIsReadFromAnywhere() throws IOException {
    try (FileSystem fs =
            open(
                tar -> {
                  file(tar, "before", IMAGE);
                  file(tar, "book", BOOK);
                });
        SeekableByteChannel channel = Files.newByteChannel(fs.getPath("book"))) {
      ByteBuffer buffer = ByteBuffer.allocate(100);
      assertThat(channel.position(4500).read(buffer)).isEqualTo(100);
      assertThat(buffer.array()).isEqualTo(Arrays.copyOfRange(BOOK, 4500, 4600));
      assertThat(channel.position(BOOK.length - 10).read(buffer.clear())).isEqualTo(10);
      assertThat(channel.read(buffer.clear())).isEqualTo(-1);
      assertThat(channel.size()).isEqualTo(BOOK.length);
    }
  }

  @Test
  void anEntryThatLeadsOutIsRefused() throws IOException {
    for (String name : new String[] {"/etc/passwd", "../up", "a/../../up"}) {
      try (FileSystem fs = open(tar -> file(tar, name, new byte[1]))) {
        assertThatThrownBy(() -> Files.list(fs.getPath("/")))
            .isInstanceOf(FileSystemException.class)
            .hasMessageContaining("corpus.tar.trc: an entry of the tar")
            .hasMessageEndingWith(name);
      }
    }
  }

  @Test
  void aLinkThatLeadsOutIsNotFollowed() throws IOException {
    try (FileSystem fs =
        open(
            tar -> {
              link(tar, TarConstants.LF_SYMLINK, "abs", "/etc/passwd");
              link(tar, TarConstants.LF_SYMLINK, "up", "../../etc/passwd");
              link(tar, TarConstants.LF_SYMLINK, "loop", "loop");
            })) {
      for (String name : new String[] {"/abs", "/up"}) {
        assertThat(Files.isSymbolicLink(fs.getPath(name))).isTrue();
        assertThatThrownBy(() -> Files.readAllBytes(fs.getPath(name)))
            .isInstanceOf(FileSystemException.class)
            .hasMessage(name + ": a symbolic link leads out of the file system");
      }
      assertThatThrownBy(() -> Files.readAllBytes(fs.getPath("/loop")))
          .isInstanceOf(FileSystemException.class);
      assertThat(Files.readSymbolicLink(fs.getPath("abs")).toString()).isEqualTo("/etc/passwd");
    }
  }

  @Test
  void aCompressedFileIsAFileSystemOfOneFile() throws IOException {
    Path file = folder.resolve("x.txt.trc");
    Files.write(file, Trc.compress(BOOK, Texts.QUICK));
    try (FileSystem fs = FileSystems.newFileSystem(file);
        Stream<Path> all = Files.list(fs.getPath("/"))) {
      assertThat(all).containsExactly(fs.getPath("/x.txt"));
      assertThat(Files.size(fs.getPath("x.txt"))).isEqualTo(BOOK.length);
      assertThat(Files.readAllBytes(fs.getPath("x.txt"))).isEqualTo(BOOK);
      assertThat(Files.newInputStream(fs.getPath("x.txt")).readAllBytes()).isEqualTo(BOOK);
    }
    URI uri = URI.create("trc:" + file.toUri() + "!/");
    try (FileSystem fs = FileSystems.newFileSystem(uri, Map.of())) {
      assertThat(Files.readAllBytes(fs.getPath("x.txt"))).isEqualTo(BOOK);
    }
  }

  @Test
  void whatIsNoArchiveIsLeftToOtherProviders() throws IOException {
    Path text = Files.writeString(folder.resolve("x.txt.trc"), "no archive");
    assertThatThrownBy(() -> FileSystems.newFileSystem(text))
        .isInstanceOf(ProviderNotFoundException.class);
    assertThatThrownBy(() -> TrcFileSystems.provider().newFileSystem(folder, Map.of()))
        .isInstanceOf(UnsupportedOperationException.class);
    Path empty = Files.createFile(folder.resolve("empty.trc"));
    assertThatThrownBy(() -> FileSystems.newFileSystem(empty))
        .isInstanceOf(ProviderNotFoundException.class);
  }

  @Test
  void aDamagedArchiveIsTold() throws IOException {
    open(tar -> file(tar, "image", IMAGE)).close();
    byte[] bytes = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(bytes, bytes.length / 2));
    try (FileSystem fs = FileSystems.newFileSystem(archive)) {
      assertThatThrownBy(() -> Files.list(fs.getPath("/")))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("corpus.tar.trc");
    }
    Files.write(archive, Trc.compress(Texts.binary(1, 5000), Texts.QUICK));
    try (FileSystem fs = FileSystems.newFileSystem(archive)) {
      assertThatThrownBy(() -> Files.list(fs.getPath("/"))).isInstanceOf(FileSystemException.class);
    }
  }
}
