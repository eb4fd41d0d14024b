package io.trc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.TrcCorruptedException;
import io.trc.files.Leftover;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** The parts that the command is made of. */
class PartsTest {
  @ParameterizedTest
  @CsvSource({
    "1,1",
    "65536,65536",
    "64K,65536",
    "64KiB,65536",
    "64kb,65536",
    "2MiB,2097152",
    "1g,1073741824"
  })
  void sizesAreReadInBinaryUnits(String text, long bytes) {
    assertThat(new ByteSize().convert(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "K", "-1", "1.5M", "1XiB", "0", "9999999999999999999", "9000000T"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> new ByteSize().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0 B",
    "1023,1023 B",
    "1024,1.0 KiB",
    "1572864,1.5 MiB",
    "9223372036854775807,8388608.0 TiB"
  })
  void sizesAreShownInTheLargestUnit(long bytes, String text) {
    assertThat(ByteSize.format(bytes)).isEqualTo(text);
  }

  @Test
  void causesAreOneLineInPlainWords() {
    assertThat(Cause.of(new NoSuchFileException("f"))).isEqualTo("no such file or folder");
    assertThat(Cause.of(new AccessDeniedException("f"))).isEqualTo("permission denied");
    assertThat(Cause.of(new TrcCorruptedException("two\nlines"))).isEqualTo("two lines");
    assertThat(Cause.of(new IOException())).isEqualTo("IOException");
    assertThat(Cause.of(new IllegalStateException("x"))).startsWith("internal error: ");
    assertThat(Cause.of(new OutOfMemoryError())).contains("-T 1");
    assertThat(Cause.line("\u001b[2Jred")).isEqualTo("?[2Jred");
  }

  @Test
  void jsonEscapesWhatMustBe() {
    assertThat(
            new Json().open('{').key("a\"\\\n").string("ä").key("n").number(0.5).close('}').text())
        .isEqualTo("{\"a\\\"\\\\\\u000a\":\"ä\",\"n\":0.500000}\n");
  }

  private static Shell shell(OutputStream err, boolean terminal) {
    return new Shell(
        InputStream.nullInputStream(),
        OutputStream.nullOutputStream(),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        false,
        false,
        terminal,
        null,
        new Unfinished());
  }

  @Test
  void progressTellsShareRatioSpeedAndTimeLeft() {
    Messages messages = new Messages(shell(OutputStream.nullOutputStream(), false));
    try (Progress progress = new Progress(messages, "book.txt", 4 << 20)) {
      assertThat(progress.line(5_000_000_000L)).isEqualTo("book.txt    0 %  0 B  0:05");
      progress.at(1 << 20, 1 << 18, 10_000_000_000L);
      progress.at(1 << 20, 1 << 18, 14_000_000_000L);
      assertThat(progress.line(14_000_000_000L))
          .isEqualTo("book.txt   25 %  1.0 MiB  ratio 25.0 %  102.4 KiB/s  0:26 left");
    }
    try (Progress progress = new Progress(messages, "x".repeat(200), -1)) {
      progress.at(2048, -1);
      assertThat(progress.line(3_700_000_000_000L))
          .hasSize(79)
          .startsWith("...xx")
          .endsWith("1:01:40");
    }
  }

  @Test
  void theProgressLineIsErasedBeforeAnythingElseIsSaid() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Messages messages = new Messages(shell(err, true));
    messages.pass("half way");
    messages.error("f", new IOException("broken"));
    messages.pass("more");
    messages.erase();
    messages.erase();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualToNormalizingNewlines(
            "\r\u001b[Khalf way\r\u001b[Ktrc: f: broken\n\r\u001b[Kmore\r\u001b[K");
  }

  @Test
  void inAPipeNoProgressIsShown() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Messages messages = new Messages(shell(err, false));
    messages.pass("half way");
    messages.erase();
    assertThat(err.size()).isZero();
  }

  @Test
  void anOutputIsHiddenUntilItIsCommitted(@TempDir Path folder) throws IOException {
    Path target = folder.resolve("t");
    try (FileOutput output = FileOutput.begin(target, false, new Unfinished())) {
      output.sink().write(new byte[100]);
      assertThat(target).doesNotExist();
      try (Stream<Path> entries = Files.list(folder)) {
        assertThat(entries.map(path -> String.valueOf(path.getFileName())))
            .singleElement()
            .matches(Leftover::isOne);
      }
      output.commit();
    }
    assertThat(target).hasSize(100);
    try (FileOutput output = FileOutput.begin(target, true, new Unfinished())) {
      output.sink().write(new byte[7]);
    }
    assertThat(target).hasSize(100);
    FileOutput late = FileOutput.begin(folder.resolve("late"), false, new Unfinished());
    Files.writeString(folder.resolve("late"), "someone was quicker");
    assertThatThrownBy(late::commit).isInstanceOf(Failure.class).hasMessageContaining("exists");
    late.close();
    try (Stream<Path> entries = Files.list(folder)) {
      assertThat(entries).containsExactlyInAnyOrder(target, folder.resolve("late"));
    }
  }

  @Test
  void anAbortedSinkTakesNothingMore() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Sink sink = new Sink("s", bytes);
    sink.write(1);
    sink.abort();
    assertThatThrownBy(() -> sink.write(2)).isInstanceOf(Failure.class);
    sink.close();
    assertThat(bytes.size()).isEqualTo(1);
    assertThat(sink.count()).isEqualTo(1);
  }
}
