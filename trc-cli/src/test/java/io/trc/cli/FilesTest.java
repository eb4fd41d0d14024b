package io.trc.cli;

import static io.trc.cli.Command.given;
import static io.trc.cli.Command.trc;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trc.Trc;
import io.trc.TrcOptions;
import io.trc.cli.Command.Outcome;
import io.trc.files.Attributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command does with files. */
class FilesTest {
  private static final String TEXT =
      "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age"
          + " of foolishness, it was the epoch of belief, it was the epoch of incredulity.\n";

  @TempDir Path folder;
  Path notes;
  Path notesTrc;

  @BeforeEach
  void writeNotes() throws IOException {
    notes = folder.resolve("notes.txt");
    notesTrc = folder.resolve("notes.txt.trc");
    Files.writeString(notes, TEXT);
  }

  private List<String> inFolder() throws IOException {
    try (Stream<Path> entries = Files.walk(folder)) {
      return entries
          .filter(entry -> !entry.equals(folder))
          .map(entry -> folder.relativize(entry).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void compressingWritesBesideTheFileAndKeepsIt() throws IOException {
    Outcome outcome = trc(notes).succeeds();
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).isEmpty();
    assertThat(inFolder()).containsExactly("notes.txt", "notes.txt.trc");
    assertThat(notes).hasContent(TEXT);
    assertThat(Files.size(notesTrc)).isLessThan(TEXT.length() / 2);
    assertThat(Trc.decompress(Files.readAllBytes(notesTrc))).isEqualTo(TEXT.getBytes(UTF_8));
  }

  @Test
  void decompressingStripsTheSuffixAndKeepsTheArchive() throws IOException {
    trc("-k", notes).succeeds();
    Files.delete(notes);
    trc("-dk", notesTrc).succeeds();
    assertThat(notes).hasContent(TEXT);
    assertThat(notesTrc).exists();
  }

  @Test
  void theOutputHasThePermissionsAndTimesOfTheInput() throws IOException {
    assumeTrue(Attributes.posix(notes));
    FileTime then = FileTime.from(1_000_000_000, TimeUnit.SECONDS);
    Files.setPosixFilePermissions(notes, PosixFilePermissions.fromString("rwxr-x---"));
    Files.setLastModifiedTime(notes, then);
    trc("-o", notesTrc, notes).succeeds();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(notesTrc)))
        .isEqualTo("rwxr-x---");
    assertThat(Files.getLastModifiedTime(notesTrc)).isEqualTo(then);
  }

  @Test
  void rmRemovesTheInputBothWays() throws IOException {
    trc("--rm", notes).succeeds();
    assertThat(inFolder()).containsExactly("notes.txt.trc");
    trc("-d", "--rm", notesTrc).succeeds();
    assertThat(inFolder()).containsExactly("notes.txt");
    assertThat(notes).hasContent(TEXT);
  }

  @Test
  void keepAfterRmKeeps() throws IOException {
    trc("--rm", "-k", notes).succeeds();
    assertThat(inFolder()).containsExactly("notes.txt", "notes.txt.trc");
  }

  @Test
  void rmIsPrecededByAProofThatTheOutputIsGood() throws IOException {
    Path other = folder.resolve("other.txt");
    trc(notes).succeeds();
    Transcoding transcoding = transcoding();
    transcoding.prove(Files.newInputStream(notesTrc), notes, TEXT.length());
    for (String changed : List.of(TEXT + "x", TEXT.substring(1), TEXT.replace('w', 'W'))) {
      Files.writeString(other, changed);
      assertThatThrownBy(
              () -> transcoding.prove(Files.newInputStream(notesTrc), other, TEXT.length()))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("does not decode to the file");
    }
    assertThatThrownBy(() -> transcoding.prove(Files.newInputStream(notes), TEXT.length(), 1))
        .hasMessageContaining("is not what was decoded");
  }

  private static Transcoding transcoding() {
    Shell shell = Shell.ofProcess();
    return new Transcoding(TrcOptions.DEFAULT, shell, new Messages(shell));
  }

  @Test
  void rmKeepsWhatDoesNotDecode() throws IOException {
    trc(notes).succeeds();
    Files.delete(notes);
    byte[] archive = Files.readAllBytes(notesTrc);
    Files.write(notesTrc, Arrays.copyOf(archive, archive.length - 3));
    trc("-d", "--rm", notesTrc).failsWith(1, notesTrc.toString());
    assertThat(inFolder()).containsExactly("notes.txt.trc");
  }

  @Test
  void anExistingOutputIsKeptUnlessForced() throws IOException {
    Files.writeString(notesTrc, "precious");
    trc(notes).failsWith(1, notesTrc.toString(), "exists", "-f");
    assertThat(notesTrc).hasContent("precious");
    trc("-f", notes).succeeds();
    assertThat(trc("-dc", notesTrc).succeeds().text()).isEqualTo(TEXT);
    Files.writeString(notes, "changed");
    trc("-d", notesTrc).failsWith(1, notes.toString(), "exists");
    trc("-df", notesTrc).succeeds();
    assertThat(notes).hasContent(TEXT);
    assertThat(inFolder()).containsExactly("notes.txt", "notes.txt.trc");
  }

  @Test
  void oneFileThatFailsDoesNotStopTheOthers() throws IOException {
    Path missing = folder.resolve("missing");
    trc(missing, notes).failsWith(1, missing.toString(), "no such file");
    assertThat(inFolder()).containsExactly("notes.txt", "notes.txt.trc");
  }

  @Test
  void theOutputCanBeNamed() throws IOException {
    Path odd = folder.resolve("odd name");
    trc("-o", odd, notes).succeeds();
    Path back = folder.resolve("back");
    trc("-d", "--output=" + back, odd).succeeds();
    assertThat(back).hasContent(TEXT);
    trc("-f", "-o", notes, notes).failsWith(1, notes.toString(), "both input and output");
    assertThat(notes).hasContent(TEXT);
    assertThat(trc("-o", "-", "-d", odd).succeeds().text()).isEqualTo(TEXT);
  }

  @Test
  void anOutputThatCannotBeIsNamedInTheError() {
    trc("-o", notes.resolve("x.trc"), notes).failsWith(1, notes.resolve("x.trc").toString());
    trc("-o", folder, notes).failsWith(1, folder.toString(), "is a folder");
    Path nowhere = folder.resolve("nowhere").resolve("x.trc");
    trc("-o", nowhere, notes).failsWith(1, nowhere.toString(), "no such file or folder");
  }

  @Test
  void aDeviceIsWrittenToAndNotReplaced() throws IOException {
    Path device = Path.of("/dev/null");
    assumeTrue(Files.exists(device));
    trc("-f", "-o", device, notes).succeeds();
    assertThat(Files.isRegularFile(device)).isFalse();
    trc("--rm", "-o", device, notes).failsWith(1, "not a regular file");
    assertThat(notes).exists();
  }

  @Test
  void whatCannotBeReadOrWrittenIsNamedInTheError() throws IOException {
    assumeTrue(Attributes.posix(notes));
    Files.setPosixFilePermissions(notes, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(notes), "permissions do not bind root");
    trc(notes).failsWith(1, notes.toString(), "permission denied");
    Files.setPosixFilePermissions(notes, PosixFilePermissions.fromString("rw-------"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-x------"));
    trc(notes).failsWith(1, notesTrc.toString(), "permission denied");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void suffixesDecideWhatIsLeftOut() throws IOException {
    trc("-d", notes).failsWith(1, notes.toString(), "suffix .trc", "-o");
    trc(notes).succeeds();
    trc(notesTrc).failsWith(1, notesTrc.toString(), "already has the suffix");
    assertThat(inFolder()).containsExactly("notes.txt", "notes.txt.trc");
    trc("-f", notesTrc).succeeds();
    assertThat(inFolder()).containsExactly("notes.txt", "notes.txt.trc", "notes.txt.trc.trc");
    Path bare = folder.resolve(".trc");
    Files.copy(notesTrc, bare);
    trc("-d", bare).failsWith(1, "suffix");
    assertThat(trc("-dc", bare).succeeds().text()).isEqualTo(TEXT);
  }

  @Test
  void linksAreSkippedUnlessForced() throws IOException {
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, notes);
    trc(link).failsWith(1, link.toString(), "symbolic link, skipped");
    assertThat(trc("-q", link).err()).isEmpty();
    assertThat(inFolder()).containsExactly("link", "notes.txt");
    trc("-f", link).succeeds();
    assertThat(inFolder()).containsExactly("link", "link.trc", "notes.txt");
    assertThat(trc("-c", link).succeeds().out()).isNotEmpty();
  }

  @Test
  void aPipeIsSkippedUnlessTheOutputIsNamed() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")));
    assertThat(new ProcessBuilder("/usr/bin/mkfifo", pipe.toString()).start().waitFor()).isZero();
    trc(pipe).failsWith(1, pipe.toString(), "not a regular file, skipped");
    trc("-l", pipe).failsWith(1, pipe.toString(), "not a regular file");
  }

  @Test
  void aFolderNeedsRecursion() throws IOException {
    trc(folder).failsWith(1, folder.toString(), "is a directory, skipped (use -r)");
    Path inner = Files.createDirectories(folder.resolve("a").resolve("b")).resolve("deep");
    Files.writeString(inner, "deep inside");
    Files.write(folder.resolve("a/done.trc"), Trc.compress("done"));
    Files.createSymbolicLink(folder.resolve("a/link"), notes);
    Files.writeString(folder.resolve(".trc-1-1.tmp"), "another process writes this");

    trc("-r", folder).succeeds();
    assertThat(inFolder())
        .containsExactly(
            ".trc-1-1.tmp",
            "a",
            "a/b",
            "a/b/deep",
            "a/b/deep.trc",
            "a/done.trc",
            "a/link",
            "notes.txt",
            "notes.txt.trc");

    Path link = folder.resolveSibling("link to " + folder.getFileName());
    Files.createSymbolicLink(link, folder);
    trc("-r", link).failsWith(1, "symbolic link, skipped");
    assertThat(trc("-rtv", link).succeeds().lines()).hasSize(3);
    Files.delete(link);

    trc("-rt", folder).succeeds();
    trc("-rd", "--rm", "-f", folder).succeeds();
    assertThat(inFolder())
        .containsExactly(".trc-1-1.tmp", "a", "a/b", "a/b/deep", "a/done", "a/link", "notes.txt");
    assertThat(inner).hasContent("deep inside");
    assertThat(folder.resolve("a/done")).hasContent("done");
  }

  @Test
  void emptyAndBinaryFilesSurvive() throws IOException {
    byte[] noise = new byte[3000];
    new SplittableRandom(7).nextBytes(noise);
    for (byte[] plain : List.of(new byte[0], noise, new byte[5000], new byte[] {(byte) 0xc3, 10})) {
      Path file = folder.resolve("data");
      Files.write(file, plain);
      trc("-f", "--rm", file).succeeds();
      trc("-d", "--rm", folder.resolve("data.trc")).succeeds();
      assertThat(file).hasBinaryContent(plain);
    }
  }

  @Test
  void damageIsFoundAndLeavesNoOutput() throws IOException {
    trc(notes).succeeds();
    Files.delete(notes);
    byte[] archive = Files.readAllBytes(notesTrc);
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 12; i++) {
      byte[] damaged = archive.clone();
      if (i % 2 == 0) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      } else {
        damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
      }
      Files.write(notesTrc, damaged);
      trc("-d", notesTrc).failsWith(1, notesTrc.toString());
      trc("-t", notesTrc).failsWith(1, notesTrc.toString());
      assertThat(inFolder()).containsExactly("notes.txt.trc");
    }
    trc("-dc", folder.resolve("absent.trc")).failsWith(1, "no such file");
    Files.writeString(notesTrc, "no archive at all");
    trc("-l", notesTrc).failsWith(1, notesTrc.toString());
    given(new byte[0]).call("-d").failsWith(1, "(stdin)");
  }

  @Test
  void whatCameBeforeTheDamageReachesStandardOutput() throws IOException {
    trc(notes).succeeds();
    byte[] whole = Files.readAllBytes(notesTrc);
    byte[] cut = Arrays.copyOf(whole, 2 * whole.length - 20);
    System.arraycopy(whole, 0, cut, whole.length, whole.length - 20);
    Outcome outcome = Command.given(cut).call("-d").failsWith(1, "(stdin)", "truncated");
    assertThat(outcome.text()).isEqualTo(TEXT);
  }

  @Test
  void pipesGoFromStandardInputToStandardOutput() {
    byte[] plain = TEXT.getBytes(UTF_8);
    byte[] small = given(plain).call().succeeds().out();
    assertThat(small.length).isLessThan(plain.length / 2);
    assertThat(given(small).call("-d").succeeds().out()).isEqualTo(plain);
    assertThat(given(small).call("-d", "-").succeeds().out()).isEqualTo(plain);
    assertThat(given(small).call("-t").succeeds().out()).isEmpty();
    assertThat(given(plain).call("-", notes, "-c").succeeds().out())
        .startsWith(small)
        .hasSize(2 * small.length);
  }

  @Test
  void standardInputCanBecomeAFile() {
    given(TEXT.getBytes(UTF_8)).call("-o", notesTrc).succeeds();
    assertThat(trc("-dc", notesTrc, notesTrc).succeeds().text()).isEqualTo(TEXT + TEXT);
  }
}
