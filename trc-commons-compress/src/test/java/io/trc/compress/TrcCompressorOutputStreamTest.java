package io.trc.compress;

import static io.trc.compress.Members.CAT;
import static io.trc.compress.Members.FOX;
import static io.trc.compress.Members.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.trc.Trc;
import io.trc.TrcOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.compress.MemoryLimitException;
import org.apache.commons.compress.compressors.CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrcCompressorOutputStreamTest {
  private final Sink sink = new Sink();

  @Test
  void writesWhatTheLibraryReads() throws IOException {
    try (OutputStream out = new TrcCompressorOutputStream<>(sink)) {
      out.write(FOX[0]);
      out.write(FOX, 1, 5);
      out.write(Arrays.copyOfRange(FOX, 6, FOX.length));
    }
    assertThat(Trc.decompress(sink.toByteArray())).isEqualTo(FOX);
  }

  @Test
  void writesFilesAndTexts(@TempDir Path folder) throws IOException {
    Path plain = Files.write(folder.resolve("fox.txt"), FOX);
    Path compressed = folder.resolve("fox.txt.trc");
    try (CompressorOutputStream<?> out =
        TrcCompressorOutputStream.builder()
            .setPath(compressed)
            .setOptions(TrcOptions.builder().level(1).build())
            .get()) {
      assertThat(out.write(plain)).isEqualTo(FOX.length);
      out.writeUtf8(" Gr\u00fc\u00dfe");
    }
    assertThat(Trc.decompress(Files.readAllBytes(compressed)))
        .isEqualTo(join(FOX, " Gr\u00fc\u00dfe".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void finishesWithoutClosing() throws IOException {
    TrcCompressorOutputStream<Sink> out = new TrcCompressorOutputStream<>(sink);
    out.write(FOX);
    out.finish();
    out.finish();
    int length = sink.size();
    assertThat(Trc.decompress(sink.toByteArray())).isEqualTo(FOX);
    assertThat(out.isClosed()).isFalse();
    assertThat(sink.closed).isZero();
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> out.write(1));
    out.flush();
    out.close();
    assertThat(sink.size()).isEqualTo(length);
    assertThat(sink.closed).isEqualTo(1);
  }

  @Test
  void flushingChangesNothing() throws IOException {
    TrcCompressorOutputStream<Sink> out = new TrcCompressorOutputStream<>(sink);
    out.write(FOX);
    out.flush();
    assertThat(sink.flushed).isPositive();
    out.write(CAT);
    out.close();
    assertThat(sink.toByteArray()).isEqualTo(Trc.compress(join(FOX, CAT)));
  }

  @Test
  void makesDecodableWhatItFlushesIfAskedTo() throws IOException {
    TrcOptions options = TrcOptions.builder().syncFlush(true).build();
    TrcCompressorOutputStream<Sink> out = new TrcCompressorOutputStream<>(sink, options);
    out.write(FOX);
    out.flush();
    assertThat(sink.flushed).isPositive();
    byte[] soFar = sink.toByteArray();
    assertThat(new TrcCompressorInputStream(new ByteArrayInputStream(soFar)).readNBytes(FOX.length))
        .isEqualTo(FOX);
    out.write(CAT);
    out.close();
    assertThat(Trc.decompress(sink.toByteArray())).isEqualTo(join(FOX, CAT));
  }

  @Test
  void closesOnce() throws IOException {
    TrcCompressorOutputStream<Sink> out = new TrcCompressorOutputStream<>(sink);
    out.write(FOX);
    assertThat(out.isClosed()).isFalse();
    out.close();
    assertThat(out.isClosed()).isTrue();
    int length = sink.size();
    out.close();
    assertThat(sink.closed).isEqualTo(1);
    assertThat(sink.size()).isEqualTo(length);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> out.write(1));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> out.write(FOX));
  }

  @Test
  void closesTheStreamBeneathOnceEvenIfFinishingFails() throws IOException {
    TrcCompressorOutputStream<Sink> out = new TrcCompressorOutputStream<>(sink);
    out.write(FOX);
    sink.failure = new IOException("the disk is full");
    assertThatExceptionOfType(IOException.class).isThrownBy(out::close).isSameAs(sink.failure);
    assertThat(sink.closed).isEqualTo(1);
    assertThat(out.isClosed()).isTrue();
    out.close();
    assertThat(sink.closed).isEqualTo(1);
  }

  @Test
  void writesAMemberForNothing() throws IOException {
    new TrcCompressorOutputStream<>(sink).close();
    assertThat(sink.size()).isPositive();
    assertThat(Trc.decompress(sink.toByteArray())).isEmpty();
  }

  @Test
  void refusesNull() {
    assertThatNullPointerException().isThrownBy(() -> new TrcCompressorOutputStream<>(null));
    assertThatNullPointerException().isThrownBy(() -> new TrcCompressorOutputStream<>(sink, null));
    assertThatNullPointerException()
        .isThrownBy(() -> TrcCompressorOutputStream.builder().setOutputStream(null));
    assertThatNullPointerException()
        .isThrownBy(() -> TrcCompressorOutputStream.builder().setOptions(null));
    assertThatIllegalStateException().isThrownBy(() -> TrcCompressorOutputStream.builder().get());
  }

  @Test
  void saysHowMuchMemoryItNeeds() {
    TrcOptions little = TrcOptions.builder().memoryLimit(1 << 20).build();
    assertThatExceptionOfType(MemoryLimitException.class)
        .isThrownBy(() -> new TrcCompressorOutputStream<>(sink, little))
        .satisfies(
            e -> {
              assertThat(e.getMemoryLimitInKb()).isEqualTo(1024);
              assertThat(e.getMemoryNeededInKb()).isGreaterThan(1024);
            });
  }

  /** Remembers what was done to it, and fails when it is told to. */
  private static final class Sink extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int flushed;
    int closed;
    IOException failure;

    byte[] toByteArray() {
      return bytes.toByteArray();
    }

    int size() {
      return bytes.size();
    }

    @Override
    public void write(byte[] part, int offset, int length) throws IOException {
      if (failure != null) {
        throw failure;
      }
      bytes.write(part, offset, length);
    }

    @Override
    public void write(int octet) throws IOException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void flush() {
      flushed++;
    }

    @Override
    public void close() {
      closed++;
    }
  }
}
