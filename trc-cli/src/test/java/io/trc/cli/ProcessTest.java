package io.trc.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trc.files.Attributes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own. */
class ProcessTest {
  @TempDir Path folder;

  private static ProcessBuilder trc(String... args) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 22) {
      line.add("--enable-native-access=ALL-UNNAMED");
    }
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.trc.cli.Main"));
    line.addAll(List.of(args));
    return new ProcessBuilder(line);
  }

  @Test
  void pipesCarryDataAndNothingElse() throws IOException, InterruptedException {
    byte[] plain = "Whan that Aprille with his shoures soote\n".repeat(3).getBytes(UTF_8);
    Path small = folder.resolve("small");
    Path err = folder.resolve("err");
    Process compress = trc().redirectOutput(small.toFile()).redirectError(err.toFile()).start();
    try (OutputStream in = compress.getOutputStream()) {
      in.write(plain);
    }
    assertThat(compress.waitFor()).isZero();
    assertThat(err).isEmptyFile();
    Process decompress =
        trc("-d").redirectInput(small.toFile()).redirectError(err.toFile()).start();
    assertThat(decompress.getInputStream().readAllBytes()).isEqualTo(plain);
    assertThat(decompress.waitFor()).isZero();
    assertThat(err).isEmptyFile();
  }

  @Test
  @Tag("slow")
  void manyThreadsTakeNoMoreMemoryThanThereIs() throws IOException, InterruptedException {
    byte[] plain = new byte[24 << 20];
    new Random(4).nextBytes(plain);
    for (int i = 0; i < plain.length; i++) {
      plain[i] &= (byte) 0x83; // no text, and LZMA2 halves it
    }
    Path binary = Files.write(folder.resolve("binary"), plain);
    Path err = folder.resolve("err");
    ProcessBuilder builder = trc("-1", "-T", "8", binary.toString());
    builder.command().add(1, "-Xmx120m");
    assertThat(builder.redirectErrorStream(true).redirectOutput(err.toFile()).start().waitFor())
        .as(Files.readString(err))
        .isZero();
    assertThat(folder.resolve("binary.trc")).exists();
  }

  @Test
  void anUnknownEngineInTheSystemPropertyIsACallGoneWrong()
      throws IOException, InterruptedException {
    Path err = folder.resolve("err");
    ProcessBuilder builder = trc("-c", "x").redirectError(err.toFile());
    builder.command().add(1, "-Dtrc.engine=steam");
    assertThat(builder.start().waitFor()).isEqualTo(2);
    assertThat(Files.readAllLines(err)).singleElement().asString().contains("steam", "portable");
  }

  @Test
  void whenTerminatedItLeavesNothingHalfDoneBehind() throws IOException, InterruptedException {
    assumeTrue(Attributes.posix(folder), "signals are Unix's");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40_000; i++) {
      text.append("Line ")
          .append(i)
          .append(" of a text that takes minutes, ")
          .append(i * i % 997)
          .append('\n');
    }
    Path input = Files.createDirectory(folder.resolve("tree")).resolve("long.txt");
    Files.writeString(input, text);
    Path err = folder.resolve("err");
    Process process =
        trc("-r", input.resolveSibling("").toString())
            .redirectErrorStream(true)
            .redirectOutput(err.toFile())
            .start();
    boolean begun = false;
    for (int i = 0; i < 3000 && !begun && !process.waitFor(10, TimeUnit.MILLISECONDS); i++) {
      begun = list(input.getParent()).size() > 1;
    }
    assertThat(begun).as(Files.readString(err)).isTrue();
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
    assertThat(list(input.getParent())).containsExactly(input);
    assertThat(Files.readString(err)).doesNotContain("Exception", "\tat ");
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }
}
