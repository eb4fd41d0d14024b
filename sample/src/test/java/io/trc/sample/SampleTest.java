package io.trc.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.Trc;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples do what the README says of them. */
class SampleTest {
  private static final Path SAMPLE = Path.of("sample.txt");

  @Test
  void theCompressedSampleIsTheSample() throws Exception {
    byte[] compressed = Files.readAllBytes(Path.of("compressed/sample.txt.trc"));
    assertThat(Trc.decompress(compressed)).isEqualTo(Files.readAllBytes(SAMPLE));
    assertThat(Trc.compress(Files.readAllBytes(SAMPLE))).isEqualTo(compressed);
  }

  @Test
  void aStringComesBack() throws Exception {
    assertThat(printed(() -> StringRoundTrip.main(new String[] {"Fair winds, following seas."})))
        .contains("the same: true");
  }

  @Test
  void aFileComesBack(@TempDir Path folder) throws Exception {
    Path copy = Files.copy(SAMPLE, folder.resolve("sample.txt"));
    assertThat(printed(() -> StreamRoundTrip.main(new String[] {copy.toString()})))
        .contains("the same: true");
    assertThat(Trc.decompress(Files.readAllBytes(folder.resolve("sample.txt.trc"))))
        .isEqualTo(Files.readAllBytes(SAMPLE));
  }

  @Test
  void aFolderIsCompressedFileByFile(@TempDir Path folder) throws Exception {
    Path from = Files.createDirectories(folder.resolve("from/deep"));
    Files.copy(SAMPLE, from.resolve("a.txt"));
    CompressFolder.main(
        new String[] {folder.resolve("from").toString(), folder.resolve("to").toString()});
    assertThat(folder.resolve("to/deep/a.txt.trc"))
        .hasSameBinaryContentAs(Path.of("compressed/sample.txt.trc"));
  }

  private interface Program {
    void run() throws Exception;
  }

  private static String printed(Program program) throws Exception {
    PrintStream out = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      program.run();
    } finally {
      System.setOut(out);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
