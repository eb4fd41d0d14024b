package io.trc.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.trc.Trc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The interrupted call fails and its own channel is closed; everybody else reads on. */
class InterruptTest {
  private static final int PIECE = 1 << 14;
  private static final byte[] FIRST = Texts.binary(1, 200_000);
  private static final byte[] SECOND = Texts.binary(2, 200_000);

  @TempDir Path folder;

  @AfterEach
  void noInterruptIsLeftForOtherTests() {
    assertThat(Thread.interrupted()).isFalse();
  }

  /** The flag must be set when it returns, as the channels of the JDK leave it. */
  private static void assertInterrupted(ThrowingCallable call) {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(call).isInstanceOf(ClosedByInterruptException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static Path archive(Path folder) throws IOException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(plain)) {
      for (byte[] bytes : List.of(FIRST, SECOND)) {
        TarArchiveEntry entry = new TarArchiveEntry(bytes == FIRST ? "first" : "second");
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
      }
    }
    // A member for each piece, so that the middle of an entry is not decoded with its header.
    Path archive = folder.resolve("two.tar.trc");
    byte[] all = plain.toByteArray();
    try (OutputStream file = Files.newOutputStream(archive)) {
      for (int from = 0; from < all.length; from += PIECE) {
        byte[] piece = Arrays.copyOfRange(all, from, Math.min(all.length, from + PIECE));
        file.write(Trc.compress(piece, Texts.QUICK));
      }
    }
    return archive;
  }

  private static byte[] read(FileChannel channel, int from) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(100);
    assertThat(channel.read(buffer, from)).isEqualTo(100);
    return buffer.array();
  }

  private static void assertOthersReadOn(Path archive) throws IOException {
    try (FileSystem fs = FileSystems.newFileSystem(archive);
        FileChannel other = FileChannel.open(fs.getPath("first"));
        FileChannel interrupted = FileChannel.open(fs.getPath("second"))) {
      assertInterrupted(() -> interrupted.read(ByteBuffer.allocate(100), 100_000));
      assertThat(interrupted.isOpen()).isFalse();
      assertThatThrownBy(() -> interrupted.read(ByteBuffer.allocate(1)))
          .isInstanceOf(ClosedChannelException.class);

      // As if the interrupt came while the block was read.
      Content content = ((ArchiveFileSystem) fs).content((TrcPath) fs.getPath("second"), true);
      assertInterrupted(() -> content.read(ByteBuffer.allocate(100), 100_000));

      assertThat(read(other, 150_000)).isEqualTo(Arrays.copyOfRange(FIRST, 150_000, 150_100));
      assertThat(Files.readAllBytes(fs.getPath("second"))).isEqualTo(SECOND);
    }
  }

  @Test
  void oneInterruptedReaderOfAnArchiveLeavesItToTheOthers() throws IOException {
    assertOthersReadOn(archive(folder));
  }

  @Test
  void oneInterruptedReaderOfAnArchiveInMemoryLeavesItToTheOthers() throws IOException {
    try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
      assertOthersReadOn(archive(memory.getPath("/work")));
    }
  }

  @Test
  void whoIsInterruptedWhileTheHeadersAreReadLeavesThemToTheNext() throws IOException {
    try (FileSystem fs = FileSystems.newFileSystem(archive(folder))) {
      assertInterrupted(() -> Files.newByteChannel(fs.getPath("first")));
      assertThat(Files.size(fs.getPath("first"))).isEqualTo(FIRST.length);
    }
  }

  @Test
  void anArchiveThatWasReplacedIsNotMistakenForTheOneThatWasOpened() throws IOException {
    Path archive = archive(folder);
    try (FileSystem fs = FileSystems.newFileSystem(archive)) {
      Content content = ((ArchiveFileSystem) fs).content((TrcPath) fs.getPath("second"), true);
      Path other = Files.write(folder.resolve("other"), Files.readAllBytes(archive));
      Files.delete(archive);
      Files.write(other, new byte[1], StandardOpenOption.APPEND);
      Files.move(other, archive);
      assertInterrupted(() -> content.read(ByteBuffer.allocate(100), 100_000));
      assertThatThrownBy(() -> Files.readAllBytes(fs.getPath("first")))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("it was replaced while it was open");
    }
  }

  @Test
  void anInterruptedReaderOfAnOverlayFindsItsChannelClosedAndNoOther() throws IOException {
    try (FileSystem fs = Texts.overlay(folder)) {
      Path file = Files.write(fs.getPath("a"), FIRST);
      try (FileChannel interrupted = FileChannel.open(file);
          FileChannel other = FileChannel.open(file);
          InputStream stream = Files.newInputStream(file);
          InputStream second = Files.newInputStream(file)) {
        assertInterrupted(() -> interrupted.read(ByteBuffer.allocate(100)));
        assertThat(interrupted.isOpen()).isFalse();
        assertInterrupted(stream::read);
        assertThatThrownBy(stream::read).isInstanceOf(ClosedChannelException.class);
        assertThat(read(other, 77)).isEqualTo(Arrays.copyOfRange(FIRST, 77, 177));
        assertThat(second.readAllBytes()).isEqualTo(FIRST);
      }
    }
  }

  @Test
  void whatAnInterruptedWriterHasNotFinishedIsNotKept() throws IOException {
    try (FileSystem fs = Texts.overlay(folder)) {
      Path file = Files.write(fs.getPath("a"), new byte[] {1});
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
      channel.write(ByteBuffer.wrap(new byte[] {2}));
      assertInterrupted(() -> channel.write(ByteBuffer.wrap(new byte[] {3})));
      assertThat(channel.isOpen()).isFalse();
      channel.close();
      assertThat(Files.readAllBytes(file)).containsExactly(1);
      assertThat(folder).isDirectoryNotContaining(stored -> !stored.endsWith("a.trc"));
    }
  }

  @Test
  void whatWasWrittenWholeIsKeptThoughTheThreadWasInterruptedBeforeItClosed() throws IOException {
    try (FileSystem fs = Texts.overlay(folder)) {
      Path file = Files.write(fs.getPath("a"), new byte[] {1});
      for (StandardOpenOption option :
          List.of(StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.APPEND)) {
        OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE, option);
        out.write(SECOND);
        Thread.currentThread().interrupt();
        out.close();
        assertThat(Thread.interrupted()).isTrue();
      }
      assertThat(Files.size(file)).isEqualTo(2L * SECOND.length);
    }
  }
}
