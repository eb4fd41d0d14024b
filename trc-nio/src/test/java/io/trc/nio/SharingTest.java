package io.trc.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.Trc;
import io.trc.TrcInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two file systems on one folder, and two processes, lose nothing of what either writes. */
class SharingTest {
  private static final int LINES = 30;

  /** Not compressible, so that it takes no model; what is added is told apart by its digits. */
  private static final byte[] LARGE = Texts.binary(3, 3_000_000);

  @TempDir Path folder;
  private FileSystem one;
  private FileSystem two;

  @BeforeEach
  void open() throws IOException {
    one = Texts.overlay(folder);
    two = Texts.overlay(folder);
  }

  @AfterEach
  void close() throws IOException {
    one.close();
    two.close();
  }

  private static void assertAppended(byte[] content, byte[] before, String... who) {
    assertThat(java.util.Arrays.copyOf(content, before.length)).isEqualTo(before);
    String added =
        new String(content, before.length, content.length - before.length, StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>();
    for (String name : who) {
      for (int i = 0; i < LINES; i++) {
        lines.add(name + " " + i + " ");
      }
    }
    assertThat(added.substring(1).split("\n")).containsExactlyInAnyOrderElementsOf(lines);
  }

  private void assertNothingElseIsStored(String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names);
    }
  }

  @Test
  void whatTwoFileSystemsAppendAtOnceIsAllThere() throws Exception {
    Files.write(one.getPath("log"), LARGE);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<?> first = threads.submit(() -> appended(one, "one"));
      Future<?> second = threads.submit(() -> appended(two, "two"));
      first.get();
      second.get();
    } finally {
      threads.shutdownNow();
    }
    assertAppended(Files.readAllBytes(one.getPath("log")), LARGE, "one", "two");
    assertNothingElseIsStored("log.trc");
  }

  private static boolean appended(FileSystem fs, String who) throws IOException {
    Appender.append(fs.getPath("log"), who, LINES);
    return true;
  }

  @Test
  @Tag("slow")
  void whatTwoProcessesAppendAtOnceIsAllThere() throws Exception {
    Files.write(one.getPath("log"), LARGE);
    List<Process> processes = new ArrayList<>();
    for (String who : List.of("one", "two")) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Appender.class.getName(),
                  folder.toString(),
                  "log",
                  who,
                  LINES + "")
              .inheritIO()
              .start());
    }
    appended(one, "here");
    for (Process process : processes) {
      assertThat(process.waitFor()).isZero();
    }
    assertAppended(Files.readAllBytes(one.getPath("log")), LARGE, "one", "two", "here");
    assertNothingElseIsStored("log.trc");
  }

  @Test
  void whoFindsTheFileJustMadeAppendsToItToo() throws IOException {
    for (Map<String, ?> env :
        List.<Map<String, ?>>of(
            Map.of(), Map.of(TrcFileSystems.MIN_SIZE, 10), Map.of("trc.compress", "none"))) {
      Path sub = Files.createTempDirectory(folder, "sub");
      try (FileSystem a = TrcFileSystems.open(sub, Texts.QUICK, env);
          FileSystem b = TrcFileSystems.open(sub, Texts.QUICK)) {
        Path first = a.getPath("log");
        try (OutputStream made =
            Files.newOutputStream(first, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
          Files.write(b.getPath("log"), new byte[] {1, 2}, StandardOpenOption.APPEND);
          made.write(3);
        }
        assertThat(Files.readAllBytes(first)).containsExactly(1, 2, 3);
        Files.write(first, Texts.binary(1, 100), StandardOpenOption.APPEND);
        assertThat(Files.size(b.getPath("log"))).isEqualTo(103);
      }
    }
  }

  @Test
  void whatIsMadeOfOldContentDoesNotReplaceNewContent() throws IOException {
    Files.write(one.getPath("a"), new byte[] {1, 2, 3});
    FileChannel channel = FileChannel.open(one.getPath("a"), StandardOpenOption.WRITE);
    channel.write(ByteBuffer.wrap(new byte[] {9}), 1);
    Files.write(two.getPath("a"), new byte[] {4}, StandardOpenOption.APPEND);
    assertThatThrownBy(channel::close)
        .isInstanceOf(FileSystemException.class)
        .hasMessage("a: another wrote it while it was written");
    assertThat(Files.readAllBytes(one.getPath("a"))).containsExactly(1, 2, 3, 4);

    FileChannel made =
        FileChannel.open(one.getPath("b"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    made.write(ByteBuffer.wrap(new byte[] {1}));
    Files.write(two.getPath("b"), new byte[] {2, 3});
    assertThatThrownBy(made::close).isInstanceOf(FileSystemException.class);
    assertThat(Files.readAllBytes(one.getPath("b"))).containsExactly(2, 3);
    assertNothingElseIsStored("a.trc", "b.trc");
  }

  @Test
  void whoOnlyMadeAFileLeavesWhatOthersWroteThere() throws IOException {
    SeekableByteChannel made =
        Files.newByteChannel(
            one.getPath("a"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    Files.write(two.getPath("a"), new byte[] {2});
    made.close();
    assertThat(Files.readAllBytes(one.getPath("a"))).containsExactly(2);
  }

  @Test
  void aFileThatIsStoredInAnotherFormMeanwhileIsStillTheSame() throws IOException {
    Files.write(one.getPath("x"), new byte[] {1, 2, 3});
    try (FileChannel channel = FileChannel.open(one.getPath("x"), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {9}), 1);
      Files.createDirectory(one.getPath("x.trc"));
      assertThat(folder.resolve("x")).isRegularFile();
    }
    assertThat(Files.readAllBytes(one.getPath("x"))).containsExactly(1, 9, 3);
  }

  @Test
  void whoWritesAFileGoesOnWhenItIsMovedToANameThatStoresItInAnotherForm() throws IOException {
    byte[] stream = Trc.compress(Texts.binary(1, 100), Texts.QUICK);
    Files.write(folder.resolve("raw"), stream);
    try (OutputStream out = Files.newOutputStream(one.getPath("raw"), StandardOpenOption.APPEND)) {
      out.write(stream);
      Files.move(one.getPath("raw"), one.getPath("raw.trc"));
    }
    assertThat(Files.readAllBytes(one.getPath("raw.trc"))).startsWith(stream).endsWith(stream);
    assertThat(Files.size(one.getPath("raw.trc"))).isEqualTo(2L * stream.length);
    assertNothingElseIsStored("raw.trc.trc");
  }

  @Test
  void manySmallAppendsTakeLittleMoreThanOneFile() throws IOException {
    Path log = one.getPath("log");
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    int most = 0;
    for (int i = 0; i < 300; i++) {
      // No text, so that no model is asked.
      byte[] line =
          String.format("line %04d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\n", i % 4)
              .getBytes(StandardCharsets.ISO_8859_1);
      Files.write(log, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      expected.writeBytes(line);
      most = Math.max(most, TrcInfo.read(folder.resolve("log.trc")).members());
    }
    byte[] all = expected.toByteArray();
    assertThat(all).hasSize(4800);
    assertThat(Files.readAllBytes(log)).isEqualTo(all);
    assertThat(most).isLessThanOrEqualTo(9);
    assertThat(Files.size(folder.resolve("log.trc")))
        .isLessThan(4L * Trc.compress(all, Texts.QUICK).length);
  }

  @Test
  void membersAsLongAsABlockAreLeftAsTheyAre() throws IOException {
    int block = Texts.QUICK.blockSize();
    Path log = one.getPath("log");
    Files.write(log, Texts.binary(1, block));
    byte[] stored = Files.readAllBytes(folder.resolve("log.trc"));
    Files.write(log, Texts.binary(2, block), StandardOpenOption.APPEND);
    Files.write(log, Texts.binary(3, 10), StandardOpenOption.APPEND);
    Files.write(log, Texts.binary(4, 10), StandardOpenOption.APPEND);
    assertThat(Files.readAllBytes(folder.resolve("log.trc"))).startsWith(stored);
    assertThat(TrcInfo.read(folder.resolve("log.trc")).members()).isEqualTo(3);
    assertThat(Files.size(log)).isEqualTo(2L * block + 20);
  }

  @Test
  void whatCannotBeDecodedIsNoReasonNotToAppend() throws IOException {
    Files.write(one.getPath("log"), Texts.binary(1, 100));
    byte[] damaged = Files.readAllBytes(folder.resolve("log.trc"));
    damaged[damaged.length / 2] ^= 1;
    Files.write(folder.resolve("log.trc"), damaged);
    byte[] more = Texts.binary(2, 200);
    Files.write(one.getPath("log"), more, StandardOpenOption.APPEND);
    byte[] stored = Files.readAllBytes(folder.resolve("log.trc"));
    assertThat(stored).startsWith(damaged);
    assertThat(Files.size(one.getPath("log"))).isEqualTo(300);
    try (SeekableByteChannel channel = Files.newByteChannel(one.getPath("log"))) {
      ByteBuffer back = ByteBuffer.allocate(200);
      assertThat(channel.position(100).read(back)).isEqualTo(200);
      assertThat(back.array()).isEqualTo(more);
    }
  }

  @Test
  void whatACrashLeftOfALockBindsNobody() throws IOException {
    Files.write(one.getPath("log"), new byte[] {1});
    Path left = Files.write(Tree.lockFile(folder.toRealPath(), "log"), new byte[10]);
    Files.write(one.getPath("log"), new byte[] {2}, StandardOpenOption.APPEND);
    assertThat(Files.readAllBytes(two.getPath("log"))).containsExactly(1, 2);
    assertThat(left).doesNotExist();
  }
}
