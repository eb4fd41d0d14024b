package io.trc.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.Trc;
import io.trc.TrcMemoryLimitException;
import io.trc.TrcOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What costs a model, and what does not. */
class CostTest {
  /** Too little for any model, as the last step of the test shows. */
  private static final TrcOptions NO_MODEL = TrcOptions.builder().memoryLimit(1 << 20).build();

  @TempDir Path folder;

  @Test
  void sizesListingsAndStoredFilesNeedNoModel() throws IOException {
    byte[] text = Texts.text(1, 100).getBytes(StandardCharsets.UTF_8);
    byte[] stored = Texts.binary(1, 20_000);
    Files.write(folder.resolve("text.trc"), Trc.compress(text, Texts.QUICK));
    Files.write(folder.resolve("stored.trc"), Trc.compress(stored, Texts.QUICK));
    try (FileSystem fs = TrcFileSystems.open(folder, NO_MODEL)) {
      try (Stream<Path> all = Files.walk(fs.getPath("/"))) {
        List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
        assertThat(files).containsExactly(fs.getPath("/stored"), fs.getPath("/text"));
        assertThat(Files.size(files.get(0))).isEqualTo(stored.length);
        assertThat(Files.size(files.get(1))).isEqualTo(text.length);
      }
      assertThat(Files.readAllBytes(fs.getPath("/stored"))).isEqualTo(stored);
      assertThat(Files.newInputStream(fs.getPath("/stored")).readAllBytes()).isEqualTo(stored);
      assertThatThrownBy(() -> Files.readAllBytes(fs.getPath("/text")))
          .isInstanceOf(FileSystemException.class)
          .hasCauseInstanceOf(TrcMemoryLimitException.class);
    }
  }
}
