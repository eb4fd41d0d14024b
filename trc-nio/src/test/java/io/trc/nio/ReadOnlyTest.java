package io.trc.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.Trc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the call and its options, what is read-only is not changed. */
class ReadOnlyTest {
  @TempDir Path folder;

  private static Map<String, ThrowingCallable> changes(Path file, Path absent) {
    Map<String, ThrowingCallable> changes = new LinkedHashMap<>();
    for (StandardOpenOption option : StandardOpenOption.values()) {
      switch (option) {
        case WRITE, APPEND, DELETE_ON_CLOSE -> {
          changes.put("channel " + option, () -> Files.newByteChannel(file, option).close());
          changes.put("absent " + option, () -> Files.newByteChannel(absent, option).close());
        }
        default -> {
          // Alone it means nothing.
        }
      }
    }
    changes.put(
        "channel READ DELETE_ON_CLOSE",
        () ->
            Files.newByteChannel(file, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE)
                .close());
    changes.put(
        "channel WRITE CREATE",
        () ->
            Files.newByteChannel(absent, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
                .close());
    changes.put(
        "input DELETE_ON_CLOSE",
        () -> Files.newInputStream(file, StandardOpenOption.DELETE_ON_CLOSE).close());
    changes.put("output", () -> Files.newOutputStream(file).close());
    changes.put("delete", () -> Files.delete(file));
    changes.put("delete if there", () -> Files.deleteIfExists(file));
    changes.put("folder", () -> Files.createDirectory(absent));
    changes.put("link", () -> Files.createSymbolicLink(absent, file));
    changes.put("copy", () -> Files.copy(file, absent));
    changes.put("move", () -> Files.move(file, absent));
    changes.put("replace", () -> Files.move(file, absent, StandardCopyOption.REPLACE_EXISTING));
    changes.put("time", () -> Files.setLastModifiedTime(file, FileTime.fromMillis(0)));
    changes.put("attribute", () -> Files.setAttribute(file, "size", 1L));
    for (Class<? extends BasicFileAttributeView> view :
        java.util.List.of(BasicFileAttributeView.class, TrcFileAttributeView.class)) {
      changes.put(
          view.getSimpleName(),
          () -> Files.getFileAttributeView(file, view).setTimes(null, null, null));
    }
    return changes;
  }

  private static void assertUnchangeable(FileSystem fileSystem, Path file) {
    Path absent = fileSystem.getPath("/absent");
    changes(file, absent)
        .forEach(
            (name, change) ->
                assertThatThrownBy(change)
                    .as(name)
                    .isInstanceOf(ReadOnlyFileSystemException.class));
  }

  @Test
  void anOverlayThatIsReadOnlyIsNotChangedByAnyCall() throws IOException {
    Path stored = Files.write(folder.resolve("a.trc"), Trc.compress(new byte[] {1}, Texts.QUICK));
    byte[] before = Files.readAllBytes(stored);
    Map<String, ?> env = Map.of(TrcFileSystems.READ_ONLY, true);
    try (FileSystem fs = TrcFileSystems.open(folder, Texts.QUICK, env)) {
      assertUnchangeable(fs, fs.getPath("/a"));
      assertThat(Files.readAllBytes(fs.getPath("/a"))).containsExactly(1);
    }
    assertThat(stored).hasBinaryContent(before);
    assertThat(folder).isDirectoryNotContaining(file -> !file.equals(stored));
  }

  @Test
  void anArchiveIsNotChangedByAnyCall() throws IOException {
    Path stored = Files.write(folder.resolve("a.trc"), Trc.compress(new byte[] {1}, Texts.QUICK));
    byte[] before = Files.readAllBytes(stored);
    try (FileSystem fs = FileSystems.newFileSystem(stored)) {
      assertUnchangeable(fs, fs.getPath("/a"));
      assertThat(Files.readAllBytes(fs.getPath("/a"))).containsExactly(1);
    }
    assertThat(stored).hasBinaryContent(before);
  }

  @Test
  void whoeverDeletesOnCloseDoesNotFollowLinks() throws IOException {
    try (FileSystem fs = Texts.overlay(folder)) {
      Path target = Files.write(fs.getPath("/target"), new byte[] {1});
      Path link = Files.createSymbolicLink(fs.getPath("/link"), fs.getPath("target"));
      for (StandardOpenOption option :
          new StandardOpenOption[] {StandardOpenOption.READ, StandardOpenOption.WRITE}) {
        assertThatThrownBy(
                () ->
                    Files.newByteChannel(link, option, StandardOpenOption.DELETE_ON_CLOSE).close())
            .isInstanceOf(FileSystemException.class);
      }
      assertThat(Files.isSymbolicLink(link)).isTrue();
      try (SeekableByteChannel channel =
          Files.newByteChannel(
              target, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE)) {
        ByteBuffer all = ByteBuffer.allocate(2);
        assertThat(channel.read(all)).isEqualTo(1);
      }
      assertThat(target).doesNotExist();
    }
  }
}
