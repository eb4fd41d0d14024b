package io.trc.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.trc.Trc;
import io.trc.TrcInfo;
import io.trc.TrcOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.ProviderMismatchException;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlayTest {
  @TempDir Path folder;
  private FileSystem fs;

  @BeforeEach
  void open() throws IOException {
    fs = Texts.overlay(folder.resolve("notes"));
  }

  @AfterEach
  void close() throws IOException {
    fs.close();
  }

  private Path stored(String name) {
    return folder.resolve("notes").resolve(name);
  }

  private List<String> storedNames() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("notes"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileIsStoredCompressedAndReadPlain() throws IOException {
    String text = Texts.text(1, 60);
    Files.writeString(fs.getPath("notes.txt"), text);

    assertThat(storedNames()).containsExactly("notes.txt.trc");
    assertThat(Trc.decompressText(Files.readAllBytes(stored("notes.txt.trc")))).isEqualTo(text);
    assertThat(Files.size(stored("notes.txt.trc"))).isLessThan(text.length());
    assertThat(Files.readString(fs.getPath("/notes.txt"))).isEqualTo(text);
    assertThat(Files.readAllLines(fs.getPath("notes.txt"))).containsExactly(text.strip());
    try (InputStream in = Files.newInputStream(fs.getPath("notes.txt"))) {
      assertThat(in.readAllBytes()).asString().isEqualTo(text);
    }
    try (Stream<String> lines = Files.lines(fs.getPath("notes.txt"))) {
      assertThat(lines).hasSize(1);
    }
  }

  @Test
  void whatIsStoredPlainIsReadAsItIs() throws IOException {
    Files.writeString(stored("plain.txt"), "as it is");

    assertThat(names(fs.getPath("/"))).containsExactly("plain.txt");
    assertThat(Files.readString(fs.getPath("plain.txt"))).isEqualTo("as it is");
    assertThat(Files.size(fs.getPath("plain.txt"))).isEqualTo(8);
  }

  @Test
  void everyStoredFileIsSeenUnderOneName() throws IOException {
    Files.write(stored("a.trc"), Trc.compress(Texts.binary(1, 10), Texts.QUICK));
    Files.write(stored("b"), new byte[1]);
    Files.write(stored("b.trc"), Trc.compress(Texts.binary(1, 20), Texts.QUICK));
    Files.createDirectory(stored("c.trc"));
    Files.write(stored("d.trc.trc"), Trc.compress(Texts.binary(1, 30), Texts.QUICK));
    Files.write(stored(".trc"), new byte[2]);

    assertThat(names(fs.getPath("/"))).containsExactly(".trc", "a", "b", "b.trc", "c.trc", "d.trc");
    assertThat(Files.size(fs.getPath("a"))).isEqualTo(10);
    assertThat(Files.size(fs.getPath("b"))).isEqualTo(1);
    assertThat(Files.size(fs.getPath("b.trc"))).isEqualTo(Files.size(stored("b.trc")));
    assertThat(fs.getPath("c.trc")).isDirectory();
    assertThat(Files.size(fs.getPath("d.trc"))).isEqualTo(30);
    assertThat(Files.exists(fs.getPath("a.trc"))).isFalse();
    assertThat(Files.exists(fs.getPath("c"))).isFalse();
  }

  @Test
  void namesThatEndLikeTheStoredOnesAreStoredCompressedToo() throws IOException {
    byte[] inner = Trc.compress(Texts.binary(1, 100), Texts.QUICK);
    try (FileSystem none =
        TrcFileSystems.open(stored(""), Texts.QUICK, Map.of(TrcFileSystems.COMPRESS, "none"))) {
      Files.write(none.getPath("a.trc"), inner);
      Files.write(none.getPath("b"), inner);
    }
    assertThat(storedNames()).containsExactly("a.trc.trc", "b");
    assertThat(Files.readAllBytes(fs.getPath("a.trc"))).isEqualTo(inner);
    Files.move(fs.getPath("b"), fs.getPath("b.trc"));
    assertThat(storedNames()).containsExactly("a.trc.trc", "b.trc.trc");
    assertThat(Files.readAllBytes(fs.getPath("b.trc"))).isEqualTo(inner);
  }

  @Test
  void aFolderMayHaveTheNameUnderWhichAFileWouldBeStored() throws IOException {
    Files.createDirectory(fs.getPath("x.trc"));
    Files.write(fs.getPath("x"), new byte[] {1});
    assertThat(names(fs.getPath("/"))).containsExactly("x", "x.trc");
    assertThat(Files.readAllBytes(fs.getPath("x"))).containsExactly(1);

    Files.write(fs.getPath("y"), new byte[] {2});
    Files.createDirectory(fs.getPath("y.trc"));
    assertThat(storedNames()).containsExactly("x", "x.trc", "y", "y.trc");
    assertThat(Files.readAllBytes(fs.getPath("y"))).containsExactly(2);

    Files.write(fs.getPath("z.trc"), new byte[] {3});
    assertThatThrownBy(() -> Files.createDirectory(fs.getPath("z.trc.trc")))
        .isInstanceOf(FileSystemException.class)
        .hasMessage("z.trc.trc: the name under which it would be stored is taken");
  }

  @Test
  void namesMayBeAsLongAsBeneath() throws IOException {
    String name = "n".repeat(255);
    Files.write(fs.getPath(name), new byte[] {7});
    assertThat(storedNames()).containsExactly(name);
    assertThat(Files.readAllBytes(fs.getPath(name))).containsExactly(7);
  }

  @Test
  void whichFilesAreCompressedDependsOnGlobAndSize() throws IOException {
    Map<String, ?> env = Map.of(TrcFileSystems.COMPRESS, "glob:**.txt", "trc.minSize", "10");
    try (FileSystem some = TrcFileSystems.open(stored(""), Texts.QUICK, env)) {
      Files.write(some.getPath("a.txt"), Texts.binary(1, 100));
      Files.write(some.getPath("a.jpg"), Texts.binary(2, 100));
      Files.write(some.getPath("small.txt"), Texts.binary(3, 9));
      Files.write(some.getPath("empty.txt"), new byte[0]);
      assertThat(storedNames()).containsExactly("a.jpg", "a.txt.trc", "empty.txt", "small.txt");
      assertThat(names(some.getPath("/")))
          .containsExactly("a.jpg", "a.txt", "empty.txt", "small.txt");
      Files.write(some.getPath("small.txt"), Texts.binary(4, 50));
      Files.write(some.getPath("a.txt"), Texts.binary(4, 5));
      assertThat(storedNames()).containsExactly("a.jpg", "a.txt", "empty.txt", "small.txt.trc");
      assertThat(Files.readAllBytes(some.getPath("small.txt"))).isEqualTo(Texts.binary(4, 50));
      assertThat(Files.readAllBytes(some.getPath("a.txt"))).isEqualTo(Texts.binary(4, 5));
    }
  }

  @Test
  void wrongKeysAreToldAtOnce() {
    for (Map<String, ?> env :
        List.of(
            Map.of("trc.compress", "some"),
            Map.of("trc.minSize", "many"),
            Map.of("trc.minSize", -1),
            Map.of("trc.level", 10),
            Map.of("trc.readOnly", "maybe"),
            Map.of("trc.options", "best"),
            Map.of("trc.speed", "high"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> FileSystems.newFileSystem(URI.create("trc:" + folder.toUri()), env))
          .withMessageContaining(env.keySet().iterator().next());
    }
  }

  @Test
  void theSizeIsReadWithoutDecodingEvenWhereThatWouldFail() throws IOException {
    byte[] text = Texts.text(5, 20).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Files.write(fs.getPath("a"), text);
    byte[] damaged = Files.readAllBytes(stored("a.trc"));
    TrcInfo info = TrcInfo.read(stored("a.trc"));
    assertThat(info.blocks()).isEqualTo(1);
    Files.delete(stored("a.trc"));
    damaged[damaged.length / 2] ^= 1;
    Files.write(stored("b.trc"), damaged);
    assertThatThrownBy(() -> Files.readAllBytes(fs.getPath("b")))
        .isInstanceOf(FileSystemException.class);

    TrcFileAttributes attributes = Files.readAttributes(fs.getPath("b"), TrcFileAttributes.class);
    assertThat(attributes.size()).isEqualTo(text.length);
    assertThat(attributes.compressedSize()).isEqualTo(damaged.length);
    assertThat(attributes.isCompressed()).isTrue();
    assertThat(attributes.ratio()).isEqualTo((double) damaged.length / text.length);
    assertThat(Files.getAttribute(fs.getPath("b"), "trc:compressedSize"))
        .isEqualTo((long) damaged.length);
    assertThat(Files.readAttributes(fs.getPath("b"), "trc:size,ratio"))
        .containsOnlyKeys("size", "ratio");
    assertThat(Files.readAttributes(fs.getPath("b"), "posix:*"))
        .containsEntry("size", (long) text.length)
        .containsKey("permissions");
    assertThat(Files.getFileAttributeView(fs.getPath("b"), TrcFileAttributeView.class).name())
        .isEqualTo("trc");
  }

  @Test
  void appendingAddsAMember() throws IOException {
    Path path = fs.getPath("log");
    Files.write(path, Texts.binary(1, 100));
    Files.write(path, Texts.binary(2, 50), StandardOpenOption.APPEND);
    assertThat(TrcInfo.read(stored("log.trc")).members()).isEqualTo(2);
    assertThat(Files.size(path)).isEqualTo(150);
    byte[] all = Files.readAllBytes(path);
    assertThat(Arrays.copyOf(all, 100)).isEqualTo(Texts.binary(1, 100));
    assertThat(Arrays.copyOfRange(all, 100, 150)).isEqualTo(Texts.binary(2, 50));

    Files.write(stored("raw"), new byte[] {1});
    Files.write(fs.getPath("raw"), new byte[] {2}, StandardOpenOption.APPEND);
    assertThat(Files.readAllBytes(stored("raw"))).containsExactly(1, 2);
  }

  @Test
  void aChannelThatAppendsIsAtTheEnd() throws IOException {
    Path expected = Files.write(folder.resolve("expected"), Texts.binary(1, 100));
    Path actual = Files.write(fs.getPath("actual"), Texts.binary(1, 100));
    try (FileChannel one = FileChannel.open(expected, StandardOpenOption.APPEND);
        FileChannel two = FileChannel.open(actual, StandardOpenOption.APPEND)) {
      assertThat(one.position()).isEqualTo(100);
      assertThat(two.position()).isEqualTo(100);
      for (FileChannel channel : List.of(one, two)) {
        assertThat(channel.write(ByteBuffer.wrap(new byte[] {1, 2}))).isEqualTo(2);
        assertThat(channel.position()).isEqualTo(102);
        assertThat(channel.position(5).position()).isEqualTo(102);
        channel.write(ByteBuffer.wrap(new byte[] {3}));
        assertThat(channel.position()).isEqualTo(channel.size()).isEqualTo(103);
      }
    }
    assertThat(Files.readAllBytes(actual)).isEqualTo(Files.readAllBytes(expected));
  }

  @Test
  void twoThatAppendAtOnceBothSucceed() throws IOException {
    Path path = fs.getPath("log");
    Files.write(path, new byte[] {0});
    try (OutputStream one = Files.newOutputStream(path, StandardOpenOption.APPEND);
        OutputStream two = Files.newOutputStream(path, StandardOpenOption.APPEND)) {
      one.write(1);
      two.write(2);
    }
    assertThat(Files.readAllBytes(path)).containsExactly(0, 2, 1);
  }

  @Test
  void theMiddleOfAFileCanBeWritten() throws IOException {
    Path path = fs.getPath("a");
    byte[] expected = Texts.binary(1, 1000);
    Files.write(path, expected);
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 500);
      ByteBuffer back = ByteBuffer.allocate(3);
      assertThat(channel.read(back, 500)).isEqualTo(3);
      assertThat(back.array()).containsExactly(1, 2, 3);
      channel.truncate(900);
      channel.write(ByteBuffer.wrap(new byte[] {4}), 902);
    }
    byte[] changed = Arrays.copyOf(Arrays.copyOf(expected, 900), 903);
    changed[500] = 1;
    changed[501] = 2;
    changed[502] = 3;
    changed[902] = 4;
    assertThat(Files.readAllBytes(path)).isEqualTo(changed);
    assertThat(storedNames()).containsExactly("a.trc");
  }

  @Test
  void whatIsWrittenIsSeenOnceItIsClosed() throws IOException {
    Path path = fs.getPath("a");
    Files.write(path, new byte[] {1});
    try (OutputStream out = Files.newOutputStream(path)) {
      out.write(2);
      assertThat(Files.readAllBytes(path)).containsExactly(1);
      assertThat(names(fs.getPath("/"))).containsExactly("a");
      assertThat(storedNames()).hasSize(2);
    }
    assertThat(Files.readAllBytes(path)).containsExactly(2);
    assertThat(storedNames()).containsExactly("a.trc");
  }

  @Test
  void whatACrashLeftIsNotSeenAndGoesWithItsFolder() throws IOException {
    Path sub = Files.createDirectory(fs.getPath("sub"));
    Path left = Tree.temporary(stored("sub"));
    Files.write(left, new byte[10]);
    assertThat(names(sub)).isEmpty();
    Files.delete(sub);
    assertThat(storedNames()).isEmpty();
  }

  @Test
  void closingTheFileSystemWhileAFileIsWrittenKeepsTheOldContent() throws IOException {
    Path path = fs.getPath("a");
    Files.write(path, new byte[] {1});
    OutputStream out = Files.newOutputStream(path);
    OutputStream fresh = Files.newOutputStream(fs.getPath("b"));
    out.write(2);
    fresh.write(2);
    fs.close();
    assertThatThrownBy(() -> out.write(3)).isInstanceOf(IOException.class);
    out.close();
    fresh.close();
    assertThat(Trc.decompress(Files.readAllBytes(stored("a.trc")))).containsExactly(1);
    assertThat(storedNames()).allMatch(name -> !Tree.isTemporary(name));
  }

  @Test
  void aDamagedFileIsToldByItsPlainName() throws IOException {
    Path path = fs.getPath("/a");
    Files.write(path, Texts.binary(1, 1000));
    byte[] bytes = Files.readAllBytes(stored("a.trc"));
    bytes[bytes.length / 2] ^= 1;
    Files.write(stored("a.trc"), bytes);
    assertThatThrownBy(() -> Files.readAllBytes(path))
        .isInstanceOf(FileSystemException.class)
        .hasMessageStartingWith("/a: ")
        .hasCauseInstanceOf(io.trc.TrcCorruptedException.class);

    Files.write(stored("b.trc"), Arrays.copyOf(bytes, 20));
    assertThatThrownBy(() -> Files.size(fs.getPath("b")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageStartingWith("b: ")
        .hasCauseInstanceOf(io.trc.TrcCorruptedException.class);
    assertThat(Files.exists(fs.getPath("b"))).isTrue();
    Files.delete(fs.getPath("b"));
  }

  @Test
  void exceptionsNameThePlainPath() throws IOException {
    Path none = fs.getPath("/no/such");
    Path there = fs.getPath("/there");
    Files.write(there, new byte[1]);
    Path full = Files.createDirectory(fs.getPath("/full"));
    Files.write(full.resolve("x"), new byte[1]);
    assertThatThrownBy(() -> Files.readAllBytes(none))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage("/no/such");
    assertThatThrownBy(() -> Files.write(none, new byte[0]))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage("/no/such");
    assertThatThrownBy(() -> Files.createFile(there))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage("/there");
    assertThatThrownBy(() -> Files.createDirectory(there))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage("/there");
    assertThatThrownBy(() -> Files.delete(full))
        .isInstanceOf(DirectoryNotEmptyException.class)
        .hasMessage("/full");
    assertThatThrownBy(() -> Files.newDirectoryStream(there))
        .isInstanceOf(NotDirectoryException.class)
        .hasMessage("/there");
    assertThatThrownBy(() -> Files.readAllBytes(full))
        .isInstanceOf(FileSystemException.class)
        .hasMessage("/full: Is a directory");
    assertThatThrownBy(() -> Files.delete(fs.getPath("/"))).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> Files.copy(there, full, StandardCopyOption.REPLACE_EXISTING))
        .isInstanceOf(DirectoryNotEmptyException.class)
        .hasMessage("/full");
  }

  @Test
  void optionsThatExcludeEachOtherAreRefused() throws IOException {
    Path path = fs.getPath("a");
    Files.write(path, new byte[1]);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Files.newByteChannel(path, StandardOpenOption.APPEND, StandardOpenOption.READ));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Files.newByteChannel(
                    path, StandardOpenOption.APPEND, StandardOpenOption.TRUNCATE_EXISTING));
    assertThatThrownBy(() -> Files.newInputStream(path, StandardOpenOption.WRITE))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Files.newOutputStream(path, StandardOpenOption.READ));
    assertThatThrownBy(() -> Files.copy(path, fs.getPath("b"), StandardCopyOption.ATOMIC_MOVE))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(Files.exists(fs.getPath("b"))).isFalse();
  }

  @Test
  void aFileCanBeDeletedWhenItIsClosed() throws IOException {
    Path path = fs.getPath("a");
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      channel.write(ByteBuffer.wrap(new byte[1]));
      assertThat(path).exists();
    }
    assertThat(path).doesNotExist();
    assertThat(storedNames()).isEmpty();
  }

  @Test
  void anOpenFileIsReadOnWhenItIsDeletedOrReplaced() throws IOException {
    Path path = fs.getPath("a");
    byte[] bytes = Texts.binary(1, 20_000);
    Files.write(path, bytes);
    try (SeekableByteChannel one = Files.newByteChannel(path);
        SeekableByteChannel two = Files.newByteChannel(path)) {
      Files.write(path, new byte[] {1});
      assertThat(read(one, bytes.length)).isEqualTo(bytes);
      Files.delete(path);
      assertThat(read(two, bytes.length)).isEqualTo(bytes);
    }
  }

  private static byte[] read(SeekableByteChannel channel, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
      assertThat(channel.position()).isEqualTo(buffer.position());
    }
    return buffer.array();
  }

  @Test
  void manyThreadsReadOneChannelAtRandom() throws Exception {
    byte[] bytes = Texts.binary(7, 300_000);
    Path path = fs.getPath("index");
    Files.write(path, bytes);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      List<Future<Integer>> readers = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        long seed = t;
        readers.add(
            threads.submit(
                () -> {
                  java.util.Random random = new java.util.Random(seed);
                  for (int i = 0; i < 50; i++) {
                    int from = random.nextInt(bytes.length);
                    ByteBuffer buffer = ByteBuffer.allocateDirect(1 + random.nextInt(5000));
                    int count = channel.read(buffer, from);
                    byte[] got = new byte[count];
                    buffer.flip().get(got);
                    assertThat(got).isEqualTo(Arrays.copyOfRange(bytes, from, from + count));
                  }
                  return 0;
                }));
      }
      for (Future<Integer> reader : readers) {
        reader.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aJumpDecodesOneBlockAndWhatItStartsFrom() throws IOException {
    byte[] text = Texts.novel(14_000);
    Path path = fs.getPath("book");
    Files.write(path, text);
    OverlayFileSystem overlay = (OverlayFileSystem) fs;
    Entry entry = overlay.entry((TrcPath) path, true);
    try (PackedContent content = (PackedContent) overlay.store().content(entry)) {
      ByteBuffer buffer = ByteBuffer.allocate(10);
      assertThat(content.read(buffer, 5000)).isEqualTo(10);
      assertThat(buffer.array()).isEqualTo(Arrays.copyOfRange(text, 5000, 5010));
      assertThat(content.decodedBytes()).isEqualTo(2L * Texts.QUICK.blockSize());
      assertThat(content.read(buffer.clear(), 4900)).isEqualTo(10);
      assertThat(content.decodedBytes()).isEqualTo(2L * Texts.QUICK.blockSize());
    }
  }

  @Test
  void linksOfTheFileSystemBeneathAreFollowedByPlainNames() throws IOException {
    Path dir = Files.createDirectory(fs.getPath("/dir"));
    Files.write(dir.resolve("a.txt"), new byte[] {1});
    Files.createSymbolicLink(fs.getPath("/rel"), fs.getPath("dir/a.txt"));
    Files.createSymbolicLink(fs.getPath("/abs"), fs.getPath("/dir"));
    Files.createSymbolicLink(fs.getPath("/dangling"), fs.getPath("later"));
    Files.createSymbolicLink(stored("out"), folder.resolve("secret"));
    Files.createSymbolicLink(stored("up"), Path.of("../secret"));
    Files.createSymbolicLink(stored("made.trc"), Path.of("dir/a.txt.trc"));
    Files.createSymbolicLink(fs.getPath("/loop"), fs.getPath("loop"));
    Files.write(folder.resolve("secret"), new byte[] {9});

    assertThat(Files.readAllBytes(fs.getPath("/rel"))).containsExactly(1);
    assertThat(Files.readSymbolicLink(fs.getPath("/rel"))).isEqualTo(fs.getPath("dir/a.txt"));
    assertThat(Files.readAllBytes(fs.getPath("/abs/a.txt"))).containsExactly(1);
    assertThat(Files.readSymbolicLink(fs.getPath("/abs"))).isEqualTo(fs.getPath("/dir"));
    assertThat(fs.getPath("/abs/../abs/a.txt").toRealPath()).isEqualTo(fs.getPath("/dir/a.txt"));
    assertThat(Files.isSymbolicLink(fs.getPath("/made"))).isTrue();
    assertThat(Files.readAllBytes(fs.getPath("/made"))).containsExactly(1);
    assertThat(Files.isSameFile(fs.getPath("/made"), fs.getPath("/rel"))).isTrue();
    Files.write(fs.getPath("/dangling"), new byte[] {2});
    assertThat(Files.readAllBytes(fs.getPath("later"))).containsExactly(2);
    for (String escaping : List.of("/out", "/up")) {
      assertThatThrownBy(() -> Files.readAllBytes(fs.getPath(escaping)))
          .isInstanceOf(FileSystemException.class)
          .hasMessage(escaping + ": a symbolic link leads out of the file system");
    }
    assertThatThrownBy(() -> Files.readAllBytes(fs.getPath("/loop")))
        .isInstanceOf(FileSystemException.class)
        .hasMessage("/loop: Too many levels of symbolic links");
    assertThat(fs.getPath("/../../dir").toRealPath()).isEqualTo(fs.getPath("/dir"));
    assertThat(fs.getPath("/rel").toRealPath(LinkOption.NOFOLLOW_LINKS))
        .isEqualTo(fs.getPath("/rel"));
  }

  @Test
  void uniformResourceIdentifiersRoundTripOddNames() throws IOException {
    Path odd = Files.createDirectory(folder.resolve("a b!c%20"));
    try (FileSystem strange =
        FileSystems.newFileSystem(URI.create("trc:" + odd.toUri() + "!/"), Map.of())) {
      for (String name :
          List.of(
              "/", "/a b", "/100%", "/a%20b", "/wow!", "/a!/b", "/ünïcödé ☃", "/q?x#y", "/a+b")) {
        Path path = strange.getPath(name);
        assertThat(Path.of(path.toUri())).isEqualTo(path);
        assertThat(path.toUri().getScheme()).isEqualTo("trc");
      }
      assertThat(strange.getPath("/x").toUri().toString()).endsWith("a%20b!c%2520!/x");
    }
    assertThat(fs.getPath("/today.txt").toUri().toString())
        .isEqualTo(
            "trc:"
                + stored("").toRealPath().toUri().toString().replaceAll("/$", "")
                + "!/today.txt");
  }

  @Test
  void aFileSystemIsKnownToItsUriUntilItIsClosed() throws IOException {
    URI uri = URI.create("trc:" + stored("").toUri());
    assertThat(FileSystems.getFileSystem(uri)).isSameAs(fs);
    assertThatThrownBy(() -> FileSystems.newFileSystem(uri, Map.of()))
        .isInstanceOf(FileSystemAlreadyExistsException.class);
    fs.close();
    assertThatThrownBy(() -> FileSystems.getFileSystem(uri))
        .isInstanceOf(FileSystemNotFoundException.class);
    FileSystems.newFileSystem(uri, Map.of()).close();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FileSystems.newFileSystem(URI.create("trc:///x"), Map.of()));
  }

  @Test
  void theSecondFileSystemIsKnownToTheUriOnceTheFirstIsClosed() throws IOException {
    URI uri = URI.create("trc:" + stored("").toUri());
    Files.write(fs.getPath("a"), new byte[] {1});
    try (FileSystem second = TrcFileSystems.open(stored(""), Texts.QUICK)) {
      assertThat(FileSystems.getFileSystem(uri)).isSameAs(fs);
      fs.close();
      assertThat(FileSystems.getFileSystem(uri)).isSameAs(second);
      assertThat(Files.readAllBytes(Path.of(second.getPath("/a").toUri()))).containsExactly(1);
      assertThatThrownBy(() -> FileSystems.newFileSystem(uri, Map.of()))
          .isInstanceOf(FileSystemAlreadyExistsException.class);
    }
    assertThatThrownBy(() -> FileSystems.getFileSystem(uri))
        .isInstanceOf(FileSystemNotFoundException.class);
  }

  @Test
  void aReadOnlyFileSystemIsNotChanged() throws IOException {
    Files.write(fs.getPath("a"), new byte[] {1});
    Map<String, ?> env = Map.of(TrcFileSystems.READ_ONLY, true);
    try (FileSystem ro = TrcFileSystems.open(stored(""), Texts.QUICK, env)) {
      Path a = ro.getPath("a");
      Path b = ro.getPath("b");
      assertThat(ro.isReadOnly()).isTrue();
      assertThat(Files.readAllBytes(a)).containsExactly(1);
      for (org.assertj.core.api.ThrowableAssert.ThrowingCallable change :
          List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
              () -> Files.write(a, new byte[0]),
              () -> Files.write(b, new byte[0]),
              () -> Files.delete(a),
              () -> Files.createDirectory(b),
              () -> Files.createSymbolicLink(b, a),
              () -> Files.copy(a, b),
              () -> Files.move(a, b),
              () -> Files.setLastModifiedTime(a, FileTime.fromMillis(0)))) {
        assertThatThrownBy(change).isInstanceOf(ReadOnlyFileSystemException.class);
      }
      assertThat(Files.isWritable(a)).isFalse();
      assertThatThrownBy(() -> ro.provider().checkAccess(a, java.nio.file.AccessMode.WRITE))
          .isInstanceOf(AccessDeniedException.class);
      assertThat(Files.getFileStore(a).isReadOnly()).isTrue();
    }
  }

  @Test
  @SuppressWarnings("StreamResourceLeak") // closing it is what is tested
  void closingClosesWhatIsOpen() throws IOException {
    Files.write(fs.getPath("a"), Texts.binary(1, 10));
    Path path = fs.getPath("a");
    InputStream in = Files.newInputStream(path);
    FileChannel channel = FileChannel.open(path);
    DirectoryStream<Path> names = Files.newDirectoryStream(fs.getPath("/"));
    fs.close();
    fs.close();
    assertThat(fs.isOpen()).isFalse();
    assertThat(channel.isOpen()).isFalse();
    assertThatThrownBy(in::read).isInstanceOf(IOException.class);
    assertThatThrownBy(names::iterator).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Files.readAllBytes(path))
        .isInstanceOf(ClosedFileSystemException.class);
    assertThatThrownBy(() -> fs.getPath("x")).isInstanceOf(ClosedFileSystemException.class);
    in.close();
    names.close();
  }

  @Test
  void pathsOfOthersAreRefused() {
    Path own = fs.getPath("a");
    assertThatThrownBy(() -> fs.provider().delete(folder))
        .isInstanceOf(ProviderMismatchException.class);
    assertThatThrownBy(() -> own.resolve(folder)).isInstanceOf(ProviderMismatchException.class);
    assertThatThrownBy(() -> fs.newWatchService())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> Files.createLink(own, fs.getPath("b")))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void permissionsAndTimesAreThoseBeneathAndStayWhenAFileIsWritten() throws IOException {
    Path path = fs.getPath("a");
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    Files.write(path, new byte[] {1});
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-r-----");
    Files.setPosixFilePermissions(path, Set.of());
    assertThat(Files.getPosixFilePermissions(stored("a.trc"))).isEmpty();
    FileTime time = FileTime.fromMillis(1_000_000_000_000L);
    Files.getFileAttributeView(path, BasicFileAttributeView.class).setTimes(time, null, null);
    assertThat(Files.getLastModifiedTime(stored("a.trc"))).isEqualTo(time);
    assertThat(Files.getOwner(path)).isEqualTo(Files.getOwner(stored("a.trc")));
    assertThat(Files.readAttributes(path, PosixFileAttributes.class).size()).isEqualTo(1);
    Files.setAttribute(path, "trc:lastModifiedTime", FileTime.fromMillis(2000));
    assertThat(Files.getLastModifiedTime(path)).isEqualTo(FileTime.fromMillis(2000));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Files.setAttribute(path, "trc:ratio", 1.0));
    assertThat(fs.supportedFileAttributeViews()).contains("basic", "trc", "posix", "owner");
  }

  @Test
  void globsAndRegularExpressionsMatchPlainPaths() throws IOException {
    PathMatcher glob = fs.getPathMatcher("glob:**/*.{txt,md}");
    assertThat(glob.matches(fs.getPath("/a/b.txt"))).isTrue();
    assertThat(glob.matches(fs.getPath("/a/b.txt.trc"))).isFalse();
    assertThat(fs.getPathMatcher("REGEX:/.*x").matches(fs.getPath("/a/x"))).isTrue();
    assertThatThrownBy(() -> fs.getPathMatcher("sql:x"))
        .isInstanceOf(UnsupportedOperationException.class);
    Files.write(fs.getPath("a.txt"), new byte[1]);
    Files.write(fs.getPath("b.jpg"), new byte[1]);
    try (DirectoryStream<Path> found = Files.newDirectoryStream(fs.getPath(""), "*.txt")) {
      assertThat(found).containsExactly(fs.getPath("a.txt"));
    }
  }

  @Test
  void filesAreCopiedAndMovedAsTheyAreStored() throws IOException {
    byte[] bytes = Texts.binary(1, 500);
    Files.write(fs.getPath("a"), bytes);
    byte[] packed = Files.readAllBytes(stored("a.trc"));
    Files.copy(fs.getPath("a"), fs.getPath("b"));
    assertThat(Files.readAllBytes(stored("b.trc"))).isEqualTo(packed);
    Files.move(fs.getPath("b"), fs.getPath("c"), StandardCopyOption.ATOMIC_MOVE);
    assertThat(storedNames()).containsExactly("a.trc", "c.trc");
    Files.write(stored("raw"), new byte[] {5});
    Files.move(fs.getPath("raw"), fs.getPath("c"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(storedNames()).containsExactly("a.trc", "c");
    Files.copy(fs.getPath("a"), fs.getPath("c"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(storedNames()).containsExactly("a.trc", "c.trc");
    assertThat(Files.readAllBytes(fs.getPath("c"))).isEqualTo(bytes);

    try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix());
        FileSystem second = Texts.overlay(memory.getPath("/x"))) {
      Files.move(fs.getPath("a"), second.getPath("a"));
      assertThat(Files.readAllBytes(memory.getPath("/x/a.trc"))).isEqualTo(packed);
      assertThat(storedNames()).containsExactly("c.trc");
    }
  }

  @Test
  void filesAreCopiedToAndFromAZipAndAZipCanLieBeneath() throws IOException {
    Path book = fs.getPath("/shelf/book.txt");
    Files.createDirectories(book.getParent());
    String text = Texts.text(9, 30);
    Files.writeString(book, text);
    URI zip = URI.create("jar:" + folder.resolve("some.zip").toUri());
    try (FileSystem zipped = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Files.copy(book, zipped.getPath("/book.txt"));
      assertThat(Files.readString(zipped.getPath("/book.txt"))).isEqualTo(text);
      Files.copy(zipped.getPath("/book.txt"), fs.getPath("/back.txt"));
      Files.move(zipped.getPath("/book.txt"), fs.getPath("/moved.txt"));
      try (FileSystem inside = Texts.overlay(zipped.getPath("/in"))) {
        Files.write(inside.getPath("x"), Texts.binary(2, 100));
        Files.write(inside.getPath("x"), Texts.binary(3, 100));
        Files.createDirectory(inside.getPath("d"));
        Files.move(inside.getPath("x"), inside.getPath("d/y"));
        assertThat(Files.readAllBytes(inside.getPath("d/y"))).isEqualTo(Texts.binary(3, 100));
        assertThat(names(inside.getPath("/"))).containsExactly("d");
        assertThat(Files.exists(zipped.getPath("/in/d/y.trc"))).isTrue();
        assertThat(Path.of(inside.getPath("/d/y").toUri())).isEqualTo(inside.getPath("/d/y"));
      }
    }
    assertThat(Files.readString(fs.getPath("/back.txt"))).isEqualTo(text);
    assertThat(Files.readString(fs.getPath("/moved.txt"))).isEqualTo(text);
    assertThat(storedNames()).containsExactly("back.txt.trc", "moved.txt.trc", "shelf");
    try (Stream<Path> all = Files.walk(fs.getPath("/"))) {
      assertThat(all.map(Path::toString))
          .containsExactlyInAnyOrder("/", "/back.txt", "/moved.txt", "/shelf", "/shelf/book.txt");
    }
  }

  @Test
  void aFileThatIsWrittenFollowsItsNameAndItsFolder() throws IOException {
    Files.createDirectory(fs.getPath("one"));
    try (OutputStream out = Files.newOutputStream(fs.getPath("one/a"))) {
      out.write(1);
      Files.move(fs.getPath("one/a"), fs.getPath("one/b"));
      Files.move(fs.getPath("one"), fs.getPath("two"));
      out.write(2);
    }
    assertThat(Files.readAllBytes(fs.getPath("two/b"))).containsExactly(1, 2);
    assertThat(names(fs.getPath("two"))).containsExactly("b");
  }

  @Test
  void optionsCanComeAsText() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    Map<String, ?> env = Map.of("trc.level", "2", "trc.threads", 2);
    try (FileSystem opened =
        FileSystems.newFileSystem(URI.create("trc:" + other.toUri() + "!/"), env)) {
      TrcOptions options = ((OverlayFileSystem) opened).options();
      assertThat(options.level()).isEqualTo(2);
      assertThat(options.threads()).isEqualTo(2);
    }
  }
}
