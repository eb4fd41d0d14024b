package io.trc.compress;

import static io.trc.compress.Members.CAT;
import static io.trc.compress.Members.FOX;
import static io.trc.compress.Members.compress;
import static io.trc.compress.Members.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.trc.TrcCorruptedException;
import io.trc.TrcFormatException;
import io.trc.TrcOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.compress.MemoryLimitException;
import org.apache.commons.io.input.BrokenInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrcCompressorInputStreamTest {
  private static byte[] fox;
  private static byte[] cat;

  @BeforeAll
  static void compressBoth() throws IOException {
    fox = compress(FOX);
    cat = compress(CAT);
  }

  private static TrcCompressorInputStream open(byte[] bytes, boolean concatenated)
      throws IOException {
    return open(new ByteArrayInputStream(bytes), concatenated);
  }

  private static TrcCompressorInputStream open(InputStream in, boolean concatenated)
      throws IOException {
    return TrcCompressorInputStream.builder()
        .setInputStream(in)
        .setDecompressConcatenated(concatenated)
        .get();
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    try (InputStream in = new TrcCompressorInputStream(new ByteArrayInputStream(fox))) {
      assertThat(in.readAllBytes()).isEqualTo(FOX);
    }
  }

  @Test
  void readsNothingFromTheCodeOfNothing() throws IOException {
    try (InputStream in = open(compress(new byte[0]), true)) {
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void readsByteByByte() throws IOException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    try (InputStream in = open(fox, false)) {
      for (int octet = in.read(); octet >= 0; octet = in.read()) {
        plain.write(octet);
      }
    }
    assertThat(plain.toByteArray()).isEqualTo(FOX);
  }

  @Test
  void readsInPiecesOfAnySize() throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    byte[] plain = new byte[FOX.length];
    try (InputStream in = open(fox, false)) {
      int filled = 0;
      while (filled < plain.length) {
        int part = in.read(plain, filled, random.nextInt(1, plain.length - filled + 1));
        assertThat(part).isPositive();
        filled += part;
      }
      assertThat(in.read(new byte[1], 0, 1)).isEqualTo(-1);
    }
    assertThat(plain).isEqualTo(FOX);
  }

  @Test
  void saysMinusOneAgainAndAgainAtTheEnd() throws IOException {
    try (InputStream in = open(fox, false)) {
      in.readAllBytes();
      byte[] buffer = new byte[8];
      for (int i = 0; i < 3; i++) {
        assertThat(in.read()).isEqualTo(-1);
        assertThat(in.read(buffer)).isEqualTo(-1);
        assertThat(in.read(buffer, 2, 3)).isEqualTo(-1);
        assertThat(in.available()).isZero();
        assertThat(in.skip(1)).isZero();
      }
    }
  }

  @Test
  void readsNothingWhenAskedForNothing() throws IOException {
    try (InputStream in = open(fox, false)) {
      assertThat(in.read(new byte[0])).isZero();
      assertThat(in.read(new byte[2], 1, 0)).isZero();
    }
  }

  @Test
  void countsWhatItTakesAndWhatItHandsOut() throws IOException {
    CountingStream beneath = new CountingStream(join(fox, cat));
    try (TrcCompressorInputStream in = open(beneath, true)) {
      assertThat(in.getCompressedCount()).isEqualTo(beneath.taken).isEqualTo(4);
      assertThat(in.getUncompressedCount()).isZero();
      long plain = 0;
      SplittableRandom random = new SplittableRandom(7);
      int part;
      do {
        part = in.read(new byte[20], 0, random.nextInt(1, 20));
        plain += Math.max(0, part);
        assertThat(in.getUncompressedCount()).isEqualTo(plain);
        assertThat(in.getBytesRead()).isEqualTo(plain);
        assertThat(in.getCompressedCount()).isEqualTo(beneath.taken);
      } while (part >= 0);
      assertThat(in.read()).isEqualTo(-1);
      assertThat(in.getUncompressedCount()).isEqualTo(FOX.length + CAT.length);
      assertThat(in.getCompressedCount()).isEqualTo(fox.length + cat.length);
    }
  }

  @Test
  void countsSingleBytesAndSkippedBytes() throws IOException {
    try (TrcCompressorInputStream in = open(fox, false)) {
      assertThat(in.read()).isEqualTo('T');
      assertThat(in.getUncompressedCount()).isEqualTo(1);
      assertThat(in.skip(3)).isEqualTo(3);
      assertThat(in.getUncompressedCount()).isEqualTo(4);
      assertThat(in.read()).isEqualTo('q');
      assertThat(in.skip(10_000)).isEqualTo(FOX.length - 5);
      assertThat(in.getUncompressedCount()).isEqualTo(FOX.length);
      assertThat(in.getCompressedCount()).isEqualTo(fox.length);
    }
  }

  @Test
  void keepsItsCountsAfterFailureAndClosing() throws IOException {
    TrcCompressorInputStream in = open(Arrays.copyOf(fox, fox.length - 1), false);
    assertThatExceptionOfType(IOException.class).isThrownBy(in::readAllBytes);
    assertThat(in.getCompressedCount()).isEqualTo(fox.length - 1);
    in.close();
    assertThat(in.getCompressedCount()).isEqualTo(fox.length - 1);
    assertThat(in.getUncompressedCount()).isZero();
  }

  @Test
  void readsMembersThatFollowEachOtherAsOne() throws IOException {
    try (InputStream in = open(join(fox, cat, fox), true)) {
      assertThat(in.readAllBytes()).isEqualTo(join(FOX, CAT, FOX));
    }
  }

  @Test
  void stopsExactlyAfterTheFirstMember() throws IOException {
    ByteArrayInputStream beneath = new ByteArrayInputStream(join(fox, cat, new byte[] {42}));
    assertThat(open(beneath, false).readAllBytes()).isEqualTo(FOX);
    assertThat(beneath.available()).isEqualTo(cat.length + 1);
    assertThat(new TrcCompressorInputStream(beneath).readAllBytes()).isEqualTo(CAT);
    assertThat(beneath.read()).isEqualTo(42);
    assertThat(beneath.read()).isEqualTo(-1);
  }

  @Test
  void concatenationIsTheBuildersAndNotTheOptions() throws IOException {
    TrcOptions all = TrcOptions.builder().concatenated(true).build();
    try (InputStream in =
        TrcCompressorInputStream.builder()
            .setInputStream(new ByteArrayInputStream(join(fox, cat)))
            .setOptions(all)
            .get()) {
      assertThat(in.readAllBytes()).isEqualTo(FOX);
    }
  }

  @Test
  void opensFiles(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("fox.trc"), fox);
    try (InputStream in = TrcCompressorInputStream.builder().setPath(file).get()) {
      assertThat(in.readAllBytes()).isEqualTo(FOX);
    }
  }

  @Test
  void closesWhatItOpenedAndCannotRead(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("fox.txt"), FOX);
    CountingStream beneath = new CountingStream(FOX);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> open(beneath, false));
    assertThat(beneath.closed).as("what the caller opened, the caller closes").isZero();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> TrcCompressorInputStream.builder().setPath(file).get());
    Files.delete(file);
  }

  @Test
  void closesTheStreamBeneathOnce() throws IOException {
    CountingStream beneath = new CountingStream(fox);
    InputStream in = open(beneath, false);
    in.read();
    in.close();
    in.close();
    assertThat(beneath.closed).isEqualTo(1);
    assertThatExceptionOfType(IOException.class).isThrownBy(in::read);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> in.read(new byte[1]));
    assertThatExceptionOfType(IOException.class).isThrownBy(in::available);
  }

  @Test
  void knowsItsSignature() {
    assertThat(TrcCompressorInputStream.matches(fox, fox.length)).isTrue();
    assertThat(TrcCompressorInputStream.matches(fox, 4)).isTrue();
    assertThat(TrcCompressorInputStream.matches(fox, 3)).isFalse();
    assertThat(TrcCompressorInputStream.matches(FOX, FOX.length)).isFalse();
    assertThat(TrcCompressorInputStream.matches(new byte[0], 0)).isFalse();
  }

  @Test
  void refusesNull() {
    assertThatNullPointerException().isThrownBy(() -> new TrcCompressorInputStream(null));
    assertThatNullPointerException().isThrownBy(() -> open((InputStream) null, false));
    assertThatNullPointerException()
        .isThrownBy(() -> TrcCompressorInputStream.builder().setOptions(null));
    assertThatIllegalStateException().isThrownBy(() -> TrcCompressorInputStream.builder().get());
  }

  @Test
  void refusesWhatIsNoTrcWhenItIsOpened() {
    for (byte[] bytes : new byte[][] {{}, {(byte) 0x8f}, Arrays.copyOf(fox, 3), FOX}) {
      assertThatExceptionOfType(TrcFormatException.class)
          .isThrownBy(() -> open(bytes, true))
          .withMessageContaining(".trc");
    }
  }

  @Test
  void refusesEveryTruncation() {
    for (int length = 4; length < fox.length; length++) {
      byte[] part = Arrays.copyOf(fox, length);
      assertThatExceptionOfType(IOException.class)
          .as("%d of %d bytes", length, fox.length)
          .isThrownBy(() -> open(part, true).readAllBytes());
    }
  }

  @Test
  void refusesATruncatedSecondMemberAfterHandingOutTheFirst() throws IOException {
    InputStream in = open(Arrays.copyOf(join(fox, cat), fox.length + cat.length - 1), true);
    assertThat(in.readNBytes(FOX.length)).isEqualTo(FOX);
    assertThatExceptionOfType(TrcCorruptedException.class).isThrownBy(in::read);
  }

  @Test
  void refusesEveryDamagedByte() {
    for (int i = 0; i < fox.length; i++) {
      byte[] damaged = fox.clone();
      damaged[i] ^= 0x10;
      assertThatExceptionOfType(IOException.class)
          .as("byte %d", i)
          .isThrownBy(() -> open(damaged, true).readAllBytes());
    }
  }

  @Test
  void refusesGarbageAfterTheLastMember() throws IOException {
    InputStream in = open(join(fox, new byte[] {1, 2, 3}), true);
    assertThat(in.readNBytes(FOX.length)).isEqualTo(FOX);
    assertThatExceptionOfType(TrcCorruptedException.class)
        .isThrownBy(in::read)
        .withMessageContaining("trailing garbage");
  }

  @Test
  void staysFailed() throws IOException {
    InputStream in = open(Arrays.copyOf(fox, fox.length - 1), true);
    assertThatExceptionOfType(TrcCorruptedException.class).isThrownBy(in::read);
    assertThatExceptionOfType(TrcCorruptedException.class).isThrownBy(in::read);
    assertThatExceptionOfType(TrcCorruptedException.class).isThrownBy(() -> in.skip(1));
  }

  @Test
  void passesOnWhatTheStreamBeneathThrows() throws IOException {
    IOException broken = new IOException("the cable is broken");
    InputStream beneath =
        new SequenceInputStream(
            new ByteArrayInputStream(fox, 0, fox.length / 2), new BrokenInputStream(() -> broken));
    InputStream in = open(beneath, true);
    assertThatExceptionOfType(IOException.class).isThrownBy(in::read).isSameAs(broken);
  }

  @Test
  void saysHowMuchMemoryItNeeds() throws IOException {
    TrcCompressorInputStream in =
        TrcCompressorInputStream.builder()
            .setInputStream(new ByteArrayInputStream(fox))
            .setMemoryLimitKiB(1000)
            .get();
    assertThatExceptionOfType(MemoryLimitException.class)
        .isThrownBy(in::read)
        .satisfies(
            e -> {
              assertThat(e.getMemoryLimitInKb()).isEqualTo(1000);
              assertThat(e.getMemoryNeededInKb()).isGreaterThan(1000);
              assertThat(readWithin(e.getMemoryNeededInKb())).isEqualTo(FOX);
            });
    assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(() -> in.read(new byte[1]));
    assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(() -> in.skip(1));
  }

  private static byte[] readWithin(long kib) throws IOException {
    try (InputStream in =
        TrcCompressorInputStream.builder()
            .setInputStream(new ByteArrayInputStream(fox))
            .setMemoryLimitKiB((int) kib)
            .get()) {
      return in.readAllBytes();
    }
  }

  @Test
  void allowsNoMemoryWhereTheLimitIsZero() throws IOException {
    InputStream in =
        TrcCompressorInputStream.builder()
            .setInputStream(new ByteArrayInputStream(fox))
            .setMemoryLimitKiB(0)
            .get();
    assertThatExceptionOfType(MemoryLimitException.class)
        .isThrownBy(in::read)
        .satisfies(e -> assertThat(e.getMemoryLimitInKb()).isZero());
  }

  @Test
  void keepsTheLimitOfTheOptionsWhereItHasNoOther() throws IOException {
    InputStream in =
        TrcCompressorInputStream.builder()
            .setInputStream(new ByteArrayInputStream(fox))
            .setOptions(TrcOptions.builder().memoryLimit(1 << 20).build())
            .get();
    assertThatExceptionOfType(MemoryLimitException.class)
        .isThrownBy(in::read)
        .satisfies(e -> assertThat(e.getMemoryLimitInKb()).isEqualTo(1024));
  }

  /** Counts the bytes that are taken from it, and how often it is closed. */
  private static final class CountingStream extends FilterInputStream {
    long taken;
    int closed;

    CountingStream(byte[] bytes) {
      super(new ByteArrayInputStream(bytes));
    }

    @Override
    public int read() throws IOException {
      int octet = super.read();
      taken += octet < 0 ? 0 : 1;
      return octet;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int part = super.read(bytes, offset, length);
      taken += Math.max(0, part);
      return part;
    }

    @Override
    public void close() throws IOException {
      closed++;
      super.close();
    }
  }
}
