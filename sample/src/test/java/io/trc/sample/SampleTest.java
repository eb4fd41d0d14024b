package io.trc.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.Trc;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples do what the README says of them. */
class SampleTest {
  private static final Path SAMPLE = Path.of("sample.txt");

  @Test
  void theCompressedSampleIsTheSample() throws Exception {
    byte[] compressed = Files.readAllBytes(Path.of("sample.txt.trc"));
    assertThat(Trc.decompress(compressed)).isEqualTo(Files.readAllBytes(SAMPLE));
    assertThat(Trc.compress(Files.readAllBytes(SAMPLE))).isEqualTo(compressed);
  }

  @Test
  void aStringComesBack() throws Exception {
    StringRoundTrip.main(new String[] {"Fair winds and following seas."});
  }

  @Test
  void aFileComesBack(@TempDir Path folder) throws Exception {
    Path copy = Files.copy(SAMPLE, folder.resolve("sample.txt"));
    StreamRoundTrip.main(new String[] {copy.toString()});
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
        .hasSameBinaryContentAs(Path.of("sample.txt.trc"));
  }
}
