package io.trc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script, in a tree of its own where a stand-in plays Maven. */
class LauncherTest {
  private static final Path SCRIPT = Path.of("..", "trc");

  @TempDir Path folder;
  Path tree;
  Path tools;

  @BeforeEach
  void plantATree() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "the launcher is for Unix");
    tree = Files.createDirectories(folder.resolve("a tree"));
    tools = Files.createDirectories(folder.resolve("tools"));
    Files.copy(SCRIPT, tree.resolve("trc"));
    makeExecutable(tree.resolve("trc"));
    for (String tool : List.of("cat", "mkdir", "rm", "cp", "readlink", "sleep", "locale")) {
      writeScript(tools.resolve(tool), "exec " + find(tool) + " \"$@\"");
    }
  }

  private static Path find(String tool) {
    Path inBin = Path.of("/bin", tool);
    return Files.exists(inBin) ? inBin : Path.of("/usr/bin", tool);
  }

  private static void makeExecutable(Path script) throws IOException {
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void writeScript(Path script, String body) throws IOException {
    Files.writeString(script, "#!/bin/sh\n" + body + "\n");
    makeExecutable(script);
  }

  /** A jar that only points to the class path of this test. */
  private Path writeJar() throws IOException {
    Path jar = folder.resolve("stand-in.jar");
    StandInJar.write(jar);
    return jar;
  }

  /** Writes a stand-in for Maven that takes its time; it notes every call. */
  private void writeMaven() throws IOException {
    writeScript(
        tools.resolve("mvn"),
        "echo \"$@\" >>'"
            + folder.resolve("calls")
            + "'\n"
            + "echo noise\n"
            + "sleep 1\n"
            + "mkdir -p trc-cli/target/lib\n"
            + "cp '"
            + writeJar()
            + "' trc-cli/target/trc-cli.jar");
  }

  private Process start(Path script, Path home, Path err, String... args) throws IOException {
    List<String> line = new ArrayList<>(List.of(script.toString()));
    line.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("JAVA_HOME", home.toString());
    return builder.directory(folder.toFile()).redirectError(err.toFile()).start();
  }

  private static Path javaHome() {
    return Path.of(System.getProperty("java.home"));
  }

  private static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void twoFirstRunsBuildOnceAndLaterRunsNever() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(javaHome().resolve("bin/javac")), "this Java is no JDK");
    writeMaven();
    Path link = Files.createSymbolicLink(folder.resolve("a link"), tree.resolve("trc"));
    Path err1 = folder.resolve("err1");
    Path err2 = folder.resolve("err2");
    Process first = start(link, javaHome(), err1, "-V");
    Process second = start(tree.resolve("trc"), javaHome(), err2, "-V");
    assertThat(output(first)).startsWith("trc ");
    assertThat(output(second)).startsWith("trc ");
    assertThat(first.waitFor()).isZero();
    assertThat(second.waitFor()).isZero();
    assertThat(Files.readString(err1) + Files.readString(err2))
        .containsOnlyOnce("building TRC (first run) ...")
        .containsOnlyOnce("noise");
    assertThat(folder.resolve("calls"))
        .hasContent("-q -pl trc-cli -am package -Dmaven.test.skip -Dspotless.check.skip");
    assertThat(tree.resolve("trc-cli/target/building")).doesNotExist();

    Files.writeString(folder.resolve("größe ok.txt"), "Übergrößenträger");
    Process third = start(link, javaHome(), err1, "-v", "größe ok.txt");
    assertThat(output(third)).isEmpty();
    assertThat(third.waitFor()).as(Files.readString(err1)).isZero();
    assertThat(Files.readAllLines(err1)).hasSize(2).last().asString().contains(" => ");
    assertThat(folder.resolve("größe ok.txt.trc")).isNotEmptyFile();
  }

  @Test
  void whatIsMissingIsSaidInOneLine() throws IOException, InterruptedException {
    Path err = folder.resolve("err");
    Process withoutMaven = start(tree.resolve("trc"), javaHome(), err, "-V");
    assertThat(withoutMaven.waitFor()).isEqualTo(1);
    assertThat(Files.readString(err)).startsWith("trc: Maven was not found").hasLineCount(1);
    assertThat(tree.resolve("trc-cli/target/building")).doesNotExist();

    Process withoutJava = start(tree.resolve("trc"), folder, err, "-V");
    assertThat(withoutJava.waitFor()).isEqualTo(1);
    assertThat(Files.readString(err)).contains("JAVA_HOME", "bin/java").hasLineCount(1);

    Path old = Files.createDirectories(folder.resolve("old").resolve("bin")).getParent();
    writeScript(old.resolve("bin/java"), "exit 1");
    Files.writeString(old.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");
    Process oldJava = start(tree.resolve("trc"), old, err, "-V");
    assertThat(oldJava.waitFor()).isEqualTo(1);
    assertThat(Files.readString(err)).contains("JDK 17 or newer", "Java 11").hasLineCount(1);
  }

  @Test
  void aBuildThatFailsLeavesNoLock() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(javaHome().resolve("bin/javac")), "this Java is no JDK");
    writeScript(tools.resolve("mvn"), "exit 1");
    Path err = folder.resolve("err");
    assertThat(start(tree.resolve("trc"), javaHome(), err, "-V").waitFor()).isEqualTo(1);
    assertThat(Files.readString(err)).contains("could not be built");
    assertThat(tree.resolve("trc-cli/target/building")).doesNotExist();
  }
}
