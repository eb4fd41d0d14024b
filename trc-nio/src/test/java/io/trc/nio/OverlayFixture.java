package io.trc.nio;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test has an overlay over a folder of its own. */
abstract class OverlayFixture {
  @TempDir Path folder;
  FileSystem fs;

  @BeforeEach
  final void open() throws IOException {
    fs = Texts.overlay(folder);
  }

  @AfterEach
  final void close() throws IOException {
    fs.close();
  }
}
