package io.trc.cli;

import static io.trc.cli.Command.given;
import static io.trc.cli.Command.trc;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.trc.TrcModel;
import io.trc.cli.Command.Outcome;
import io.trc.model.EmbeddedModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the options do, and what becomes of those that make no sense. */
class OptionsTest {
  private static final String TEXT =
      "Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in"
          + " my purse, I thought I would sail about a little and see the watery part of the world.\n";

  @TempDir Path folder;
  Path notes;
  Path notesTrc;

  @BeforeEach
  void writeNotes() throws IOException {
    notes = folder.resolve("notes.txt");
    notesTrc = folder.resolve("notes.txt.trc");
    Files.writeString(notes, TEXT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "-6",
        "-9",
        "--coder=range",
        "--coder=huffman",
        "--coder=mixed",
        "--coder=bytes",
        "--independent",
        "--verify",
        "-T1",
        "-T0",
        "-M4GiB",
        "--engine=portable",
        "-9 -1"
      })
  void whateverTheOptionsTheTextComesBack(String options) {
    byte[] plain = TEXT.getBytes(UTF_8);
    byte[] small = given(plain).call((Object[]) options.split(" ")).succeeds().out();
    // A short text is hardly shrunk without a model.
    boolean byModel = !options.endsWith("-1") && !options.contains("bytes");
    assertThat(small.length).isLessThan(byModel ? plain.length / 2 : plain.length);
    assertThat(given(small).call("-d").succeeds().out()).isEqualTo(plain);
  }

  @Test
  void coderAndBlockSizeAreWhatWasAskedFor() throws IOException {
    Files.writeString(notes, Files.readString(Path.of("..", "LICENSE")).substring(0, 4500));
    trc("-1", "--block-size", "4KiB", "--coder", "range", "-T", "2", notes).succeeds();
    assertThat(trc("-l", "--json", notesTrc).succeeds().text())
        .contains("\"blocks\":2", "\"coders\":{\"range\":")
        .doesNotContain("huffman");
  }

  @Test
  void tooSmallAMemoryLimitIsRespected() throws IOException {
    trc("-M", "1MiB", notes).failsWith(1, notes.toString(), "limit");
    assertThat(notesTrc).doesNotExist();
    given(TEXT.getBytes(UTF_8)).call("-o", notesTrc).succeeds();
    trc("-d", "-f", "-M", "1MiB", notesTrc).failsWith(1, notesTrc.toString(), "limit");
    assertThat(notes).hasContent(TEXT);
  }

  @Test
  void aModelCanBeNamed() throws IOException {
    Path gguf = folder.resolve("my model.gguf");
    try (InputStream in = EmbeddedModel.small().open()) {
      Files.copy(in, gguf);
    }
    trc("-m", gguf, notes).succeeds();
    assertThat(trc("-dc", "--model=" + gguf, notesTrc).succeeds().text()).isEqualTo(TEXT);
    assertThat(trc("model", "info", gguf).succeeds().text())
        .contains("my model.gguf", TrcModel.embedded().sha256());
  }

  @Test
  void aModelThatIsNoneIsNamedInTheError() {
    Path absent = folder.resolve("absent.gguf");
    trc("-m", absent, notes).failsWith(1, absent.toString(), "no such file");
    trc("-m", notes, notes).failsWith(1, notes.toString());
    trc("model", "info", absent).failsWith(1, absent.toString(), "no such file");
    trc("model", "info", notes).failsWith(1, notes.toString());
    assertThat(notesTrc).doesNotExist();
  }

  @Test
  void theHighestLevelsUseTheBaseModelAndTellSo() throws Exception {
    String base = TrcModel.base().orElseThrow().name();
    for (String level : List.of("-7", "-9")) {
      Path archive = folder.resolve("base" + level + ".trc");
      Outcome told = trc(level, "-v", "-o", archive, notes);
      assertThat(told.status()).isZero();
      assertThat(told.err()).contains(base);
      assertThat(trc("-l", archive).succeeds().text()).contains("trc-en-34m");
      assertThat(trc("-dc", archive).succeeds().text()).isEqualTo(TEXT);
    }
    Path usual = folder.resolve("usual.trc");
    trc("-6", "-o", usual, notes).succeeds();
    assertThat(trc("-l", usual).succeeds().text()).contains("trc-en-9m").doesNotContain("34m");
  }

  @Test
  void theGoldenArchiveOfTheBaseModelOpens() throws Exception {
    try (InputStream in = OptionsTest.class.getResourceAsStream("base.trc")) {
      assertThat(in).isNotNull();
      Outcome outcome = given(in.readAllBytes()).call("-dc");
      assertThat(outcome.succeeds().text()).startsWith("A harbour is").hasSize(346);
    }
  }

  @Test
  void modelsAreListedAndDescribed() {
    TrcModel model = TrcModel.embedded();
    assertThat(trc("model", "list").succeeds().text())
        .contains("sha256", model.sha256(), model.name(), "embedded")
        .contains(TrcModel.base().orElseThrow().sha256());
    assertThat(trc("model", "info").succeeds().text())
        .contains(model.sha256())
        .contains("name", "architecture", "parameters", "vocabulary", "window", "engine")
        .contains("numerics", "memory");
    assertThat(trc("model", "--help").succeeds().text()).contains("list", "info");
  }

  @Test
  void aFileNamedModelIsTakenAfterTwoDashes() throws IOException {
    Path file = Path.of("model");
    assertThat(file).doesNotExist();
    trc("--", "model").failsWith(1, "trc: model: no such file");
    trc("model").failsWith(2, "./model");
    trc("--", "-x").failsWith(1, "trc: -x: no such file");
  }

  @Test
  void theListTellsSizesCodersAndModels() throws IOException {
    Path empty = folder.resolve("empty");
    Files.createFile(empty);
    trc(notes, empty).succeeds();
    Path emptyTrc = folder.resolve("empty.trc");
    String digest = TrcModel.embedded().sha256().substring(0, 16);
    String table = trc("-l", notesTrc, emptyTrc).succeeds().text();
    assertThat(table.lines().toList()).hasSize(4);
    assertThat(table.lines().toList().get(1))
        .contains(
            " " + TEXT.length() + " ", " " + Files.size(notesTrc) + " ", "range", "trc-en-9m ")
        .endsWith(notesTrc.toString());
    assertThat(table.lines().toList().get(2)).contains(" 0 ", " - ").endsWith("empty.trc");
    assertThat(table.lines().toList().get(3)).endsWith("2 files");
    assertThat(trc("-l", notesTrc).succeeds().text().lines().toList()).hasSize(2);
    assertThat(trc("-l", "--json", notesTrc, emptyTrc).succeeds().text())
        .startsWith("{\"files\":[{\"name\":\"")
        .contains("\"plainLength\":" + TEXT.length(), "\"digest\":\"" + digest + "\"")
        .contains("\"totals\":{\"files\":2,")
        .endsWith("}}\n");
  }

  @Test
  void aListWithAFileThatFailsStillShowsTheOthers() {
    trc(notes).succeeds();
    Outcome outcome = trc("-l", notes, notesTrc).failsWith(1, notes.toString());
    assertThat(outcome.text()).contains(notesTrc.toString());
  }

  @Test
  void testingSaysNothingOfWhatIsGood() {
    trc(notes).succeeds();
    Outcome quiet = trc("-t", notesTrc).succeeds();
    assertThat(quiet.out()).isEmpty();
    assertThat(quiet.err()).isEmpty();
    assertThat(trc("-tv", notesTrc).succeeds().err()).contains("good (" + TEXT.length());
  }

  @Test
  void verboseGivesALineForEachFileAndQuietNone() throws IOException {
    Outcome outcome = trc("-v", notes).succeeds();
    assertThat(outcome.lines().get(0)).startsWith("trc: ").contains(TrcModel.embedded().name());
    assertThat(outcome.lines().subList(1, outcome.lines().size()))
        .containsExactly(
            String.format(
                java.util.Locale.ROOT,
                "%s : %.1f %% (%d => %d bytes, %s)",
                notes,
                100.0 * Files.size(notesTrc) / TEXT.length(),
                TEXT.length(),
                Files.size(notesTrc),
                notesTrc));
    assertThat(trc("-vdf", notesTrc).succeeds().lines())
        .containsExactly(notesTrc + " : " + TEXT.length() + " bytes, " + notes);
    Outcome skipped = trc("-q", notesTrc);
    assertThat(skipped.status()).isEqualTo(1);
    assertThat(skipped.err()).isEmpty();
    trc("-q", folder.resolve("absent")).failsWith(1, "no such file");
    Outcome silent = trc("-qq", folder.resolve("absent"));
    assertThat(silent.status()).isEqualTo(1);
    assertThat(silent.err()).isEmpty();
  }

  @Test
  void verboseTwiceShowsWhereAFailureComesFrom() {
    Outcome outcome = trc("-vv", folder.resolve("absent"));
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains("\tat io.trc.cli.");
  }

  @Test
  void compressedDataGoesToATerminalOnlyByForce() {
    byte[] plain = TEXT.getBytes(UTF_8);
    given(plain).atTerminals(false, true, false).call().failsWith(1, "(stdout)", "terminal");
    given(plain).atTerminals(false, true, false).call("-c", notes).failsWith(1, "terminal");
    byte[] small = given(plain).atTerminals(false, true, false).call("-f").succeeds().out();
    assertThat(small).isNotEmpty();
    given(small).atTerminals(true, false, false).call("-d").failsWith(1, "(stdin)", "terminal");
    given(small).atTerminals(true, false, false).call("-t").failsWith(1, "(stdin)", "terminal");
    assertThat(given(small).atTerminals(true, true, false).call("-df").succeeds().out())
        .isEqualTo(plain);
    assertThat(given(small).atTerminals(false, true, false).call("-d").succeeds().out())
        .isEqualTo(plain);
  }

  @Test
  void onATerminalEveryFileHasAResultUnlessQuiet() {
    Outcome outcome = given(new byte[0]).atTerminals(false, false, true).call(notes).succeeds();
    assertThat(outcome.err()).contains(notes + " : ", " => ");
    assertThat(
            given(new byte[0]).atTerminals(false, false, true).call("-qf", notes).succeeds().err())
        .isEmpty();
  }

  @Test
  void helpAndVersionGoToStandardOutput() {
    assertThat(trc("--help").succeeds().text())
        .contains("Usage: trc", "--decompress", "--block-size", "--memory", "model list|info");
    assertThat(trc("-h").succeeds().out()).isEqualTo(trc("--help").out());
    assertThat(trc("-V").succeeds().text()).startsWith("trc ").contains("Java");
    assertThat(trc("--version").succeeds().out()).isEqualTo(trc("-V").out());
  }

  static Stream<String> nonsense() {
    return Stream.of(
        "-x",
        "--no-such-option",
        "-0",
        "-10",
        "a -0 -- -1",
        "--level 3",
        "-T",
        "-T -1",
        "-T 1000",
        "-T many",
        "-M 0",
        "-M much",
        "-M 99999999999TiB",
        "--coder arithmetic",
        "--engine steam",
        "--block-size 5000",
        "--block-size 1KiB",
        "--block-size 1GiB",
        "-o",
        "-o a -c b",
        "-o a b c",
        "-o a -r b",
        "-o a -t b",
        "--rm -c a",
        "--rm -o - a",
        "-d --rm -o - a",
        "--rm",
        "--rm -t a",
        "--json a",
        "-l",
        "-l -",
        "model",
        "model delete",
        "model info a b",
        "model info --engine steam",
        "model list a");
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void nonsenseIsRefusedBeforeAnythingIsDone(String line) throws IOException {
    trc((Object[]) line.split(" ")).failsWith(2, "try 'trc ");
    try (Stream<Path> entries = Files.list(folder)) {
      assertThat(entries).containsExactly(notes);
    }
  }
}
