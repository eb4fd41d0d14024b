package io.trc.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FullDiskTest {
  private static final int DISK = 1 << 17;

  @Test
  void aFullDiskLeavesTheOldContentAndNothingElse() throws IOException {
    Configuration small =
        Configuration.unix().toBuilder().setBlockSize(4096).setMaxSize(DISK).build();
    try (FileSystem memory = Jimfs.newFileSystem(small);
        FileSystem fs = Texts.overlay(memory.getPath("/data"))) {
      Path old = fs.getPath("/old");
      Path fresh = fs.getPath("/fresh");
      byte[] content = Texts.binary(1, 1000);
      Files.write(old, content);
      byte[] tooMuch = Texts.binary(2, 2 * DISK);

      assertThatThrownBy(() -> Files.write(old, tooMuch))
          .isInstanceOf(FileSystemException.class)
          .hasMessageStartingWith("/old: ");
      assertThatThrownBy(() -> Files.write(fresh, tooMuch))
          .isInstanceOf(FileSystemException.class)
          .hasMessageStartingWith("/fresh: ");

      assertThat(Files.readAllBytes(old)).isEqualTo(content);
      try (Stream<Path> stored = Files.list(memory.getPath("/data"))) {
        assertThat(stored.map(Path::toString).toList()).isEqualTo(List.of("/data/old.trc"));
      }
    }
  }
}
