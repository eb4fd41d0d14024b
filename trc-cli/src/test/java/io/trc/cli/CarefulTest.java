package io.trc.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trc.Trc;
import io.trc.files.Leftover;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What careless calls and hostile files do to the command, started by the launcher from a shell as
 * people start it: nothing is lost, and nothing but data is written as data.
 */
@Tag("slow")
class CarefulTest {
  /** A text that is stored, so that no time goes into a model. */
  private static final String TEXT = "鿕㐀龘靐䨻𪚥㗊㵘䖺䲜\n";

  @TempDir Path temporary;
  Path folder;
  Launched launched;

  @BeforeEach
  void writeFiles() throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "the cases are Linux's");
    launched = Launched.in(temporary);
    folder = Files.createDirectory(temporary.resolve("work"));
    Files.writeString(folder.resolve("s.txt"), TEXT);
    Files.write(folder.resolve("s.trc"), Trc.compress(TEXT));
  }

  /** What came of a line of shell. */
  private Launched.Outcome sh(String line) throws IOException, InterruptedException {
    return launched.sh(folder, line);
  }

  private byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(folder.resolve(name));
  }

  private String unpacked(String name) throws IOException {
    return new String(Trc.decompress(bytes(name)), UTF_8);
  }

  private String mode(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
  }

  private List<String> inFolder() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
    }
  }

  private void assumeRoot() throws IOException {
    assumeTrue(
        Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
        "only root may do that");
  }

  @Test
  void filesWhoseNamesAreNoTextStay() throws IOException, InterruptedException {
    sh(
        "mkdir d d/$(printf 'f\\376'); printf first >d/$(printf 'x\\376.txt');"
            + "printf second >d/$(printf 'x\\377.txt'); printf third >d/$(printf 'f\\376/x');"
            + "printf good >d/good");
    Launched.Outcome outcome = sh("trc -r --rm -f d").hasStatus(1);
    assertThat(outcome.err().lines()).hasSize(3).allMatch(line -> line.contains("charset"));
    sh("cat d/$(printf 'x\\376.txt') d/$(printf 'x\\377.txt') d/$(printf 'f\\376/x'); ls d | wc -l")
        .printed("firstsecondthird4\n");
    assertThat(unpacked("d/good.trc")).isEqualTo("good");

    // The replacement character may itself be in a name, which must not be taken for another.
    sh("printf third >d/$(printf 'x\\357\\277\\275.txt')");
    sh("trc -f --rm d/$(printf 'x\\376.txt')").hasStatus(1).complained("charset");
    sh("trc -f --rm -r d").hasStatus(1);
    sh("trc -o $(printf 'o\\376') s.txt").hasStatus(2).complained("charset");
    sh("trc -m $(printf 'o\\376') s.txt").hasStatus(2).complained("charset");
    sh("cat d/$(printf 'x\\376.txt') d/$(printf 'x\\377.txt')").printed("firstsecond");
    assertThat(unpacked("d/x\ufffd.txt.trc")).isEqualTo("third");
  }

  @ParameterizedTest
  @ValueSource(strings = {"LANG=xx_YY.UTF-8", "LC_ALL=xx_YY.UTF-8", "LC_ALL=POSIX", "LC_CTYPE="})
  void namesAreTakenInAnyLocale(String locale) throws IOException, InterruptedException {
    sh("mkdir d; printf gross >d/größe.txt");
    sh(locale + " trc -r d").hasStatus(0);
    assertThat(unpacked("d/größe.txt.trc")).isEqualTo("gross");
    sh(locale + " trc -r d").hasStatus(1).complained("d/größe.txt.trc: exists");
  }

  @Test
  void withoutTheLauncherANameThatJavaCannotReadIsRefused()
      throws IOException, InterruptedException {
    sh("mkdir d; printf gross >d/größe.txt");
    sh("LC_ALL=POSIX java -cp \"$CLASSES\" io.trc.cli.Main -r --rm d")
        .hasStatus(1)
        .complained("charset");
    assertThat(inFolder("d")).containsExactly("größe.txt");
  }

  private List<String> inFolder(String name) throws IOException {
    try (Stream<Path> entries = Files.list(folder.resolve(name))) {
      return entries.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
    }
  }

  @Test
  void rmTakesNoDevice() throws IOException, InterruptedException {
    assumeRoot();
    assumeTrue(sh("mknod null c 1 3").status() == 0, "devices cannot be made here");
    sh("trc --rm -o n.trc null").hasStatus(1).complained("null: is not a regular file");
    sh("trc -f --rm null").hasStatus(1).complained("null: is not a regular file");
    assertThat(inFolder()).containsExactly("null", "s.trc", "s.txt");
  }

  @Test
  void rmTakesNoPipeAndDoesNotWaitForOne() throws IOException, InterruptedException {
    sh("mkfifo pipe").hasStatus(0);
    for (String call : List.of("-d --rm -o g.txt", "--rm -f", "--rm -o g.txt")) {
      sh("trc " + call + " pipe").hasStatus(1).complained("pipe: is not a regular file");
    }
    assertThat(inFolder()).containsExactly("pipe", "s.trc", "s.txt");
    sh("printf hi | trc --rm -o x.trc /dev/fd/7 7<&0").hasStatus(1).complained("--rm");
  }

  @Test
  void rmTakesNothingThroughDevOrProc() throws IOException, InterruptedException {
    sh("ln -s /proc/self/cwd/s.txt cwd; ln -s /dev/stdin in; ln -s s.txt plain; ln -s plain twice");
    sh("trc --rm -f cwd").hasStatus(1).complained("/proc");
    sh("trc --rm -f -o x in <s.txt").hasStatus(1).complained("--rm");
    sh("trc --rm -f -o x in 0<>s.txt").hasStatus(1).complained("--rm");
    sh("trc --rm -o x /proc/self/fd/7 7<s.txt").hasStatus(1).complained("--rm");
    sh("trc --rm -f -o x /proc/self/fd/7 7<s.txt").hasStatus(1).complained("/proc");
    sh("trc --rm -o x plain").hasStatus(1).complained("symbolic link");
    assertThat(inFolder()).containsExactly("cwd", "in", "plain", "s.trc", "s.txt", "twice");
    sh("trc --rm -f twice").hasStatus(0); // as xz does: the link goes, what it led to stays
    assertThat(inFolder()).containsExactly("cwd", "in", "plain", "s.trc", "s.txt", "twice.trc");
  }

  @Test
  void rmTakesTheMachinesStandardInputForNoFile() throws IOException, InterruptedException {
    assumeTrue(Files.isSymbolicLink(Path.of("/dev/stdin")));
    sh("ln -s /proc/self/fd/0 stdin; trc --rm -o x.trc stdin <s.txt").hasStatus(1);
    assertThat(folder.resolve("stdin")).isSymbolicLink();
    assertThat(folder.resolve("x.trc")).doesNotExist();
  }

  @Test
  void rmTakesOneOfSeveralNamesOnlyByForce() throws IOException, InterruptedException {
    sh("ln s.txt other");
    sh("trc --rm s.txt").hasStatus(1).complained("hard links");
    sh("trc -r --rm .").hasStatus(1);
    assertThat(inFolder()).contains("other", "s.txt").doesNotContain("s.txt.trc");
    sh("trc --rm -f s.txt").hasStatus(0);
    assertThat(folder.resolve("other")).hasContent(TEXT);
    assertThat(folder.resolve("s.txt")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--rm -r ''", "-r ''", "''", "-d ''", "-l ''", "-t ''", "-c ''"})
  void anEmptyNameIsAnError(String arguments) throws IOException, InterruptedException {
    sh("trc " + arguments + " >out").hasStatus(1).complained("''", "empty");
    assertThat(inFolder()).containsExactly("out", "s.trc", "s.txt");
  }

  @Test
  void anOptionsEmptyNameIsAnError() throws IOException, InterruptedException {
    sh("trc -o '' s.txt").hasStatus(2).complained("-o");
    sh("trc -m '' s.txt").hasStatus(2).complained("-m");
    sh("trc model info ''").hasStatus(1).complained("''");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=localhost:0",
        "-Xlog:gc*",
        "-verbose:class",
        "-XX:+PrintFlagsFinal",
        "-XX:+UseLargePages"
      })
  void nothingThatJavaSaysIsData(String option) throws IOException, InterruptedException {
    for (String variable : List.of("TRC_JAVA_OPTS", "JAVA_TOOL_OPTIONS")) {
      sh(variable + "='" + option + "' trc -dc s.trc </dev/null").hasStatus(0).printed(TEXT);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-Xmx9999999g", "-XX:+NoSuchOption", "-Xlog:nonsense", "-XX:MaxMetaspaceSize=1"})
  void whatKeepsJavaFromStartingIsSaidOnStandardError(String option)
      throws IOException, InterruptedException {
    Launched.Outcome outcome = sh("TRC_JAVA_OPTS=" + option + " trc -c s.txt");
    assertThat(outcome.status()).isNotZero();
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).isNotEmpty();
  }

  @Test
  void aThreadDumpGoesToStandardError() throws IOException, InterruptedException {
    // The process waits for its input, so that it gets the signal at work. The dump is complete
    // once its last part is there.
    sh("mkfifo in; trc -c <in >x.trc 2>err & exec 8>in; printf 'Half.' >&8;"
            + " until kill -QUIT $! && grep -q 'Full thread dump' err; do"
            + " kill -0 $! || exit 1; sleep 0.1; done;"
            + " printf ' Whole.' >&8; exec 8>&-; wait $!")
        .hasStatus(0);
    assertThat(unpacked("x.trc")).isEqualTo("Half. Whole.");
  }

  @Test
  void anOutputThatLeadsToStandardOutputIsWrittenThrough()
      throws IOException, InterruptedException {
    sh("ln -s /proc/self/fd/1 so; ln -s so so2");
    for (String output :
        List.of("-f -o so", "-o so2", "-o /dev/stdout", "-f -o /proc/thread-self/fd/1")) {
      sh("{ printf before; trc -d " + output + " s.trc; printf after; } >out").hasStatus(0);
      assertThat(folder.resolve("out")).hasContent("before" + TEXT + "after");
    }
    sh("printf before >out; trc -d -o so s.trc >>out").hasStatus(0);
    assertThat(folder.resolve("out")).hasContent("before" + TEXT);
    sh("trc -d -f -o /dev/fd/1 s.trc | cat").hasStatus(0).printed(TEXT);
    assertThat(Files.readSymbolicLink(folder.resolve("so"))).hasToString("/proc/self/fd/1");
    assertThat(folder.resolve("so2")).isSymbolicLink();
    sh("trc -f -o so --rm s.txt >out").hasStatus(1).complained("--rm");
    assertThat(folder.resolve("s.txt")).exists();
  }

  @Test
  void anOutputThatLeadsToAnotherDescriptorIsWrittenThrough()
      throws IOException, InterruptedException {
    sh("ln -s /proc/self/fd/7 seven; printf before >out");
    sh("trc -d -f -o seven s.trc 7>>out").hasStatus(0);
    assertThat(folder.resolve("out")).hasContent("before" + TEXT);
    sh("trc -d -o seven s.trc 7>out").hasStatus(0);
    assertThat(folder.resolve("out")).hasContent(TEXT);
    assertThat(folder.resolve("seven")).isSymbolicLink();
    sh("trc -d -f -o seven s.trc 7<s.txt")
        .hasStatus(1)
        .complained("seven: is not open for writing");
    assertThat(folder.resolve("s.txt")).hasContent(TEXT);
    assertThat(folder.resolve("seven")).isSymbolicLink();
    Files.delete(folder.resolve("seven")); // to the cleaner of temporary folders it leads anywhere
    sh("trc -d -f -o /dev/stdin s.trc <>out").hasStatus(1).complained("standard input");
    assertThat(folder.resolve("out")).hasContent(TEXT);
  }

  @Test
  void aFileNamedByADescriptorIsReadAndALinkToOneIsReplaced()
      throws IOException, InterruptedException {
    sh("trc -dc /dev/stdin <s.trc").hasStatus(0).printed(TEXT);
    sh("trc -dc /proc/self/fd/0 <s.trc").hasStatus(0).printed(TEXT);
    sh("trc -dc /dev/fd/7 7<s.trc").hasStatus(0).printed(TEXT);
    sh("cat s.trc | trc -dc /dev/fd/7 7<&0").hasStatus(0).printed(TEXT);
    sh("trc -c /dev/stdout <s.trc").hasStatus(1).complained("/dev/stdout");
    sh("trc -l /dev/stdin <s.trc").hasStatus(1).complained("/dev/stdin");
    sh("trc -m /dev/stdin s.txt <s.trc").hasStatus(1).complained("/dev/stdin");
    sh("printf precious >p; ln -s p link; trc -d -o link s.trc").hasStatus(1);
    sh("trc -d -f -o link s.trc").hasStatus(0);
    assertThat(folder.resolve("p")).hasContent("precious");
    assertThat(folder.resolve("link")).isRegularFile().hasContent(TEXT);
    assertThat(Files.isSymbolicLink(folder.resolve("link"))).isFalse();
  }

  @Test
  void closedDescriptorsAreNotTakenForFiles() throws IOException, InterruptedException {
    sh("trc <&- >o").hasStatus(1).complained("(stdin): read error");
    assertThat(folder.resolve("o")).isEmptyFile();
    sh("trc -c s.txt >&-").hasStatus(1).complained("(stdout)");
    sh("trc -dc s.trc 2>&-").hasStatus(0).printed(TEXT);
    sh("trc absent 2>&-").hasStatus(1);
    sh("trc <&- >&- 2>&-").hasStatus(1);
    sh("trc -V >&-").hasStatus(1).complained("(stdout)");
    sh("trc <. >o").hasStatus(1).complained("(stdin): read error");
  }

  @Test
  void anOutputWithoutARegularInputHasTheModesOfTheUmask()
      throws IOException, InterruptedException {
    String empty = Files.getLastModifiedTime(Path.of("/dev/null")).toString();
    sh("umask 026; mkfifo pipe; cat s.txt >pipe & trc -o pipe.trc pipe; wait;"
            + " trc -o null.trc /dev/null; trc -o in.trc <s.txt; trc -o text s.trc;"
            + " chmod 640 s.txt; trc -o file.trc s.txt")
        .hasStatus(0);
    assertThat(List.of(mode("pipe.trc"), mode("null.trc"), mode("in.trc")))
        .containsOnly("rw-r-----");
    assertThat(mode("file.trc")).isEqualTo("rw-r-----");
    assertThat(Files.getLastModifiedTime(folder.resolve("null.trc")).toString())
        .isNotEqualTo(empty);
    sh("umask 022; : >private; chmod 600 private; trc -f -o private <s.txt").hasStatus(0);
    assertThat(mode("private")).as("what it replaces was private").isEqualTo("rw-------");
    FileTime then = FileTime.from(1_000_000_000, TimeUnit.SECONDS);
    Files.setLastModifiedTime(folder.resolve("s.txt"), then);
    sh("trc -f -o file.trc s.txt").hasStatus(0);
    assertThat(Files.getLastModifiedTime(folder.resolve("file.trc"))).isEqualTo(then);
  }

  @Test
  void aFileIsPrivateWhileItIsWritten() throws IOException, InterruptedException {
    sh("umask 000; mkfifo in; trc -o x.trc <in & exec 8>in;"
            + " until ls .trc-*.tmp >ls 2>&1; do kill -0 $! || exit 1; sleep 0.1; done;"
            + " stat -c %a .trc-*.tmp; printf text >&8; exec 8>&-; wait $!; stat -c %a x.trc")
        .hasStatus(0)
        .printed("600\n666\n");
  }

  @Test
  void aReaderThatHasGoneIsNoErrorToSpeakOf() throws IOException, InterruptedException {
    // The pipe has no reader before anything is written to it.
    sh("mkfifo p; { exec 7<p; } & exec 8>p; wait; trc -dc s.trc s.trc >&8; echo $?; trc -h >&8;"
            + " echo $?; trc -l s.trc >&8; echo $?; trc -c s.txt >&8; echo $?;"
            + " trc -d -o /dev/stdout s.trc >&8; echo $?")
        .hasStatus(0)
        .printed("141\n".repeat(5))
        .saidNothing();
  }

  @Test
  void standardInputMayBeNamedTwice() throws IOException, InterruptedException {
    sh("trc -c - - <s.txt | trc -d").hasStatus(0).printed(TEXT).saidNothing();
    sh("trc -c - s.txt - <s.txt | trc -d").hasStatus(0).printed(TEXT + TEXT).saidNothing();
    sh("trc -dc - - <s.trc").hasStatus(1).printed(TEXT).complained("(stdin)", "empty");
  }

  @Test
  void aFullDiskIsAnError() throws IOException, InterruptedException {
    for (String call :
        List.of(
            "-c s.txt >/dev/full",
            "-o /dev/full s.txt",
            "-h >/dev/full",
            "-l s.trc >/dev/full",
            "-dc s.trc >/dev/full")) {
      sh("trc " + call).hasStatus(1).complained("No space left");
    }
    assertThat(inFolder()).containsExactly("s.trc", "s.txt");
  }

  @Test
  void whatGrowsIsNotReadMeanwhile() throws IOException, InterruptedException {
    sh("trc -c s.txt >>s.txt").hasStatus(1).complained("s.txt: is both input and output");
    assertThat(folder.resolve("s.txt")).hasContent(TEXT);
    sh("trc -rc . >all").hasStatus(1).complained("./all: is both input and output");
    assertThat(unpacked("all")).isEqualTo(TEXT);
    sh("ln s.txt hard; trc -f -o hard s.txt").hasStatus(1).complained("both input and output");
    sh("ln -s s.txt soft; trc -f -o soft s.txt").hasStatus(1).complained("both input and output");
    assertThat(folder.resolve("s.txt")).hasContent(TEXT);
  }

  @Test
  void aNameThatIsTooLongIsFoundBeforeTheWork() throws IOException, InterruptedException {
    String name = "n".repeat(252);
    Files.writeString(folder.resolve(name), "x");
    sh("trc --rm " + name).hasStatus(1).complained("File name too long");
    assertThat(inFolder()).containsExactly(name, "s.trc", "s.txt");
  }

  @Test
  void namesMayBeOdd() throws IOException, InterruptedException {
    sh("mkdir d; cd d; printf a >-x; printf b >'new\nline'; printf c >\"$(printf '\\033[2J')\";"
            + " printf d >' '; printf e >'a -9'; cd ..; trc -r --rm d; trc -rd --rm d")
        .hasStatus(0);
    sh("cd d; cat -- -x 'new\nline' \"$(printf '\\033[2J')\" ' ' 'a -9'").printed("abcde");
    sh("cd d; trc -- -x; trc ' '; trc -d -c -- -x.trc ' .trc'").hasStatus(0).printed("ad");
    Launched.Outcome outcome = sh("trc -rv d/*");
    assertThat(outcome.err()).doesNotContain("\u001b");
  }

  @ParameterizedTest
  @CsvSource({
    "-10,2,Unknown option: '-10'",
    "-0,2,Unknown option: '-0'",
    "-dv -20 s.txt,2,Unknown option: '-20'",
    "-m nomodel s.txt,1,trc: nomodel: there is no such file",
    "model info nomodel,1,trc: nomodel: there is no such file",
    "model info .,1,trc: .: is not a regular file",
    "-m . s.txt,1,trc: .: is not a regular file",
    "-m /dev/null s.txt,1,trc: /dev/null: is not a regular file",
    "-o . s.txt,1,trc: .: is a folder",
    "-c -- -10,1,trc: -10: no such file or folder"
  })
  void errorsNameWhatWasWrong(String arguments, int status, String message)
      throws IOException, InterruptedException {
    sh("trc " + arguments).hasStatus(status).complained(message);
  }

  @Test
  void aPipeIsNoModel() throws IOException, InterruptedException {
    sh("mkfifo pipe; trc -m pipe s.txt").hasStatus(1).complained("pipe: is not a regular file");
    sh("trc model info pipe").hasStatus(1).complained("pipe: is not a regular file");
  }

  @ParameterizedTest
  @ValueSource(strings = {":", "pipe", "s.txt", "/nowhere", ".:.", "/dev/null", "loop"})
  void anOddModelPathDoesNoHarm(String path) throws IOException, InterruptedException {
    sh("mkfifo pipe; ln -s loop loop; TRC_MODEL_PATH=" + path + " trc -dc s.trc")
        .hasStatus(0)
        .printed(TEXT);
    sh("TRC_MODEL_PATH=" + path + " trc model list").hasStatus(0);
  }

  @Test
  void theLauncherIsFoundInTheCurrentFolder() throws IOException, InterruptedException {
    sh("cd \"$ROOT\" && PATH=/usr/bin:/bin sh trc -V").hasStatus(0).saidNothing();
  }

  @Test
  void whatAKilledProcessLeftIsDeletedByALaterOne() throws IOException, InterruptedException {
    String begin =
        "exec 8>in; until ls .trc-*.tmp >ls 2>&1; do kill -0 $p || exit 1; sleep 0.1; done;";
    for (String signal : List.of("KILL", "XCPU")) {
      sh("rm -f in; mkfifo in; trc -f -o x.trc <in & p=$!;"
              + begin
              + " kill -"
              + signal
              + " $p; wait $p; exec 8>&-; ls .trc-*.tmp | wc -l")
          .printed("1\n");
      // A living one's is left alone.
      sh("rm -f in ls; mkfifo in; trc -f -o y.trc <in & p=$!;"
              + begin.replace("ls .trc", "ls .trc-$p")
              + " trc -f s.txt; ls .trc-*.tmp | wc -l; printf whole >&8; exec 8>&-; wait $p")
          .hasStatus(0)
          .printed("1\n");
      assertThat(unpacked("y.trc")).isEqualTo("whole");
      assertThat(folder.resolve("x.trc")).doesNotExist();
      assertThat(inFolder()).noneMatch(Leftover::isOne);
    }
  }
}
