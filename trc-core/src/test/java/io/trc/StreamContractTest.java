package io.trc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The streams behave as java.io promises, and a little better. */
class StreamContractTest {
  private static final byte[] PLAIN = Samples.utf8(Samples.PARAGRAPH);

  /** The length of the blocks that {@link #blocks} makes, a sentence or two. */
  private static final int SHORT = 120;

  private static final TrcOptions SYNC = TrcOptions.builder().syncFlush(true).build();
  private static final TrcOptions SMALL_BLOCKS =
      TrcOptions.builder().blockSize(TrcOptions.BLOCK_SIZE_MIN).build();

  /** A member of several blocks of text, which are short. */
  private static byte[] blocks(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TrcOutputStream out = new TrcOutputStream(bytes, SYNC)) {
      for (int from = 0; from < plain.length; from += SHORT) {
        out.write(plain, from, SHORT);
        out.flush();
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void flushingChangesNothingUnlessAskedTo() throws Exception {
    byte[] lines = Samples.prose(1600, 3);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    AtomicInteger flushed = new AtomicInteger();
    OutputStream beneath =
        new BufferedOutputStream(bytes) {
          @Override
          public synchronized void flush() throws IOException {
            flushed.incrementAndGet();
            super.flush();
          }
        };
    try (TrcOutputStream out = new TrcOutputStream(beneath)) {
      for (int i = 0; i < lines.length; i += 16) {
        out.write(lines, i, 16);
        out.flush();
      }
      assertThat(flushed).hasValue(lines.length / 16);
    }
    assertThat(bytes.toByteArray()).isEqualTo(Trc.compress(lines));
  }

  @Test
  void flushHandsOnTheBlocksThatAreDone() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    OutputStream beneath = new BufferedOutputStream(bytes, 1 << 24);
    byte[] noise = Samples.random(9 << 20, 4);
    TrcOptions blocksOf4MiB = TrcOptions.builder().level(1).build();
    try (TrcOutputStream out = new TrcOutputStream(beneath, blocksOf4MiB)) {
      out.write(noise);
      assertThat(bytes.size()).isZero();
      out.flush();
      assertThat(bytes.size()).isGreaterThan(4 << 20);
    }
    assertThat(Trc.decompress(bytes.toByteArray())).isEqualTo(noise);
  }

  @Test
  void aSyncFlushMakesWhatWasWrittenDecodable() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TrcOutputStream out = new TrcOutputStream(bytes, SYNC)) {
      out.write(PLAIN);
      out.flush();
      byte[] first = bytes.toByteArray();
      try (InputStream in = new TrcInputStream(new ByteArrayInputStream(first))) {
        assertThat(in.readNBytes(PLAIN.length)).isEqualTo(PLAIN);
        assertThatThrownBy(in::read).isInstanceOf(TrcCorruptedException.class);
      }
      out.flush();
      assertThat(bytes.size()).isEqualTo(first.length);
      out.write(PLAIN);
    }
    assertThat(Trc.decompress(bytes.toByteArray())).isEqualTo(Samples.concatenate(PLAIN, PLAIN));
  }

  @Test
  void finishLeavesTheStreamBeneathOpen() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            closed.incrementAndGet();
          }
        };
    TrcOutputStream out = new TrcOutputStream(bytes);
    out.write(PLAIN);
    out.finish();
    out.finish();
    assertThat(closed).hasValue(0);
    assertThat(Trc.decompress(bytes.toByteArray())).isEqualTo(PLAIN);
    assertThatThrownBy(() -> out.write(1)).isInstanceOf(IOException.class);
    out.flush();
    out.close();
    out.close();
    assertThat(closed).hasValue(1);
    assertThatThrownBy(() -> out.write(1)).isInstanceOf(IOException.class);
    assertThatThrownBy(out::flush).isInstanceOf(IOException.class);
    assertThat(Trc.decompress(bytes.toByteArray())).isEqualTo(PLAIN);
  }

  @Test
  void aFailedOutputStaysFailedAndIsStillClosed() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left");
          }

          @Override
          public void close() {
            closed.incrementAndGet();
          }
        };
    TrcOutputStream out = new TrcOutputStream(full, SYNC);
    out.write(PLAIN);
    Throwable first = catchThrowable(out::flush);
    assertThat(first).hasMessage("no space left");
    assertThat(catchThrowable(() -> out.write(PLAIN))).hasCause(first).isNotSameAs(first);
    assertThat(catchThrowable(out::finish)).isInstanceOf(IOException.class).hasCause(first);
    assertThat(catchThrowable(out::close)).isInstanceOf(IOException.class).hasCause(first);
    out.close();
    assertThat(closed).hasValue(1);
  }

  @Test
  void aFailureBeneathAWrapperIsStillAnIoException() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left");
          }
        };
    assertThatThrownBy(
            () -> {
              try (OutputStream out =
                  new BufferedOutputStream(new TrcOutputStream(full, SYNC), PLAIN.length)) {
                out.write(PLAIN);
                out.flush();
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessage("no space left");
  }

  @Test
  void anErrorIsNotFollowedByTheBytesBehindIt() throws Exception {
    byte[] archive = Trc.compress(PLAIN);
    InputStream failing =
        new ByteArrayInputStream(Samples.concatenate(archive, archive)) {
          private boolean failed;

          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            if (!failed && pos > archive.length / 2) {
              failed = true;
              throw new OutOfMemoryError("for a test");
            }
            return super.read(bytes, offset, Math.min(length, 20));
          }
        };
    try (InputStream in = new TrcInputStream(failing)) {
      assertThatThrownBy(in::read).isInstanceOf(OutOfMemoryError.class);
      assertThatThrownBy(in::read).isInstanceOf(TrcException.class);
    }
  }

  @Test
  void aBuilderTakesOverWhatWasSetAndNotWhatTheLevelMeant() {
    TrcOptions nine = TrcOptions.DEFAULT.toBuilder().level(9).build();
    assertThat(nine.coder()).isEqualTo(TrcOptions.Coder.MIXED);
    assertThat(nine.blockSize()).isEqualTo(TrcOptions.builder().level(9).build().blockSize());
    assertThat(SMALL_BLOCKS.toBuilder().level(9).build().blockSize())
        .isEqualTo(TrcOptions.BLOCK_SIZE_MIN);
  }

  @Test
  void singleBytesAndAnyPiecesReadTheSame() throws Exception {
    byte[] archive = Trc.compress(PLAIN);
    try (TrcInputStream in = new TrcInputStream(new ByteArrayInputStream(archive))) {
      assertThat(in.available()).isZero();
      ByteArrayOutputStream back = new ByteArrayOutputStream();
      back.write(in.read());
      assertThat(in.available()).isEqualTo(PLAIN.length - 1);
      byte[] piece = new byte[50];
      int n = in.read(piece, 7, 13);
      back.write(piece, 7, n);
      assertThat(in.read(piece, 0, 0)).isZero();
      assertThat(in.skip(20)).isEqualTo(20);
      back.write(PLAIN, back.size(), 20);
      assertThat(in.skip(-5)).isZero();
      back.write(in.readAllBytes());
      assertThat(back.toByteArray()).isEqualTo(PLAIN);
      assertThat(in.read()).isEqualTo(-1);
      assertThat(in.read(piece)).isEqualTo(-1);
      assertThat(in.skip(1)).isZero();
      assertThat(in.available()).isZero();
      assertThatThrownBy(() -> in.read(piece, 40, 11))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void aClosedInputRefusesToBeRead() throws Exception {
    TrcInputStream in = new TrcInputStream(new ByteArrayInputStream(Trc.compress(PLAIN)));
    assertThat(in.read()).isEqualTo(PLAIN[0] & 0xff);
    in.close();
    in.close();
    assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("closed");
    assertThatThrownBy(in::available).isInstanceOf(IOException.class);
  }

  @Test
  void membersReadAsOneOrOneByOne() throws Exception {
    byte[] second = Samples.utf8("Another member, a short one.");
    byte[] both = Samples.concatenate(Trc.compress(PLAIN), Trc.compress(second));
    assertThat(Trc.decompress(both)).isEqualTo(Samples.concatenate(PLAIN, second));

    TrcOptions one = TrcOptions.builder().concatenated(false).build();
    ByteArrayInputStream source = new ByteArrayInputStream(both);
    assertThat(new TrcInputStream(source, one).readAllBytes()).isEqualTo(PLAIN);
    assertThat(source.available()).isEqualTo(Trc.compress(second).length);
    assertThat(new TrcInputStream(source, one).readAllBytes()).isEqualTo(second);
    assertThat(source.available()).isZero();
  }

  @Test
  void zerosBehindAMemberAreSkippedInFours() throws Exception {
    byte[] first = Samples.prose(SHORT, 30);
    byte[] one = Trc.compress(first);
    byte[] second = Samples.prose(3 * SHORT, 31);
    byte[] many = blocks(second);
    byte[] padded =
        Samples.concatenate(
            one, new byte[4], many, new byte[10_000], one, new byte[512], many, new byte[4096]);
    byte[] plain = Samples.concatenate(first, second, first, second);
    assertThat(Trc.decompress(padded)).isEqualTo(plain);
    try (TrcSeekableInputStream in = new TrcSeekableInputStream(new BytesChannel(padded))) {
      assertThat(in.length()).isEqualTo(plain.length);
      assertThat(in.readAllBytes()).isEqualTo(plain);
    }
    assertThat(TrcInfo.plainLength(new BytesChannel(padded))).isEqualTo(plain.length);
    assertThat(TrcInfo.read(new BytesChannel(padded)).members()).isEqualTo(4);
    for (int zeros : new int[] {1, 2, 3, 5, 4099}) {
      for (byte[] archive : new byte[][] {one, many}) {
        byte[] odd = Samples.concatenate(archive, new byte[zeros]);
        assertThatThrownBy(() -> Trc.decompress(odd))
            .isInstanceOf(TrcCorruptedException.class)
            .hasMessageContaining("trailing garbage");
        assertThatThrownBy(() -> TrcInfo.plainLength(new BytesChannel(odd)))
            .isInstanceOf(TrcCorruptedException.class);
      }
    }
    assertThatThrownBy(() -> Trc.decompress(Samples.concatenate(new byte[4], one)))
        .isInstanceOf(TrcFormatException.class);
  }

  @Test
  void anInterruptIsAlwaysAnInterruptedIoException() throws Exception {
    byte[] plain = Samples.prose(3 * SHORT, 32);
    byte[] archive = blocks(plain);
    byte[] ofSeveralBlocks = Samples.prose(9_000, 32);
    for (int threads = 1; threads <= 2; threads++) {
      TrcOptions options = SMALL_BLOCKS.toBuilder().threads(threads).build();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> Trc.compress(ofSeveralBlocks, options))
          .isInstanceOf(java.io.InterruptedIOException.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
      assertThatThrownBy(() -> Trc.decompress(archive, options))
          .isInstanceOf(java.io.InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(Trc.decompress(archive, options)).isEqualTo(plain);
    }
  }

  @Test
  void halfASurrogatePairIsRefusedWithItsIndex() throws Exception {
    for (String text : new String[] {"abc \uD800 def", "abc \uDC00", "abc \uD83D"}) {
      assertThatThrownBy(() -> Trc.compress(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("index 4");
    }
    assertThat(Trc.decompressText(Trc.compress("abc \uD83D\uDE00"))).isEqualTo("abc \uD83D\uDE00");
  }

  @Test
  void noByteIsTakenBeyondAMemberOfSeveralBlocks() throws Exception {
    byte[] plain = Samples.prose(3 * SHORT, 21);
    byte[] followed = Samples.concatenate(blocks(plain), Samples.utf8("what follows"));
    ByteArrayInputStream source = new ByteArrayInputStream(followed);
    TrcOptions one = TrcOptions.builder().concatenated(false).threads(2).build();
    try (InputStream in = new TrcInputStream(source, one)) {
      assertThat(in.readAllBytes()).isEqualTo(plain);
      assertThat(source.readAllBytes()).isEqualTo(Samples.utf8("what follows"));
    }
  }

  @Test
  void shortReadsBeneathDoNotMatter() throws Exception {
    InputStream drops =
        new ByteArrayInputStream(Trc.compress(PLAIN)) {
          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            return super.read(bytes, offset, Math.min(length, 3));
          }
        };
    try (InputStream in = new TrcInputStream(drops)) {
      assertThat(in.readAllBytes()).isEqualTo(PLAIN);
    }
  }

  @Test
  void aSeekableStreamDecodesOnlyTheBlocksItNeeds() throws Exception {
    int first = 3 * SHORT;
    byte[] plain = Samples.prose(4 * SHORT, 22);
    byte[] archive =
        Samples.concatenate(
            blocks(Arrays.copyOf(plain, first)),
            Trc.compress(Arrays.copyOfRange(plain, first, plain.length)));
    try (TrcSeekableInputStream in = new TrcSeekableInputStream(new BytesChannel(archive))) {
      assertThat(in.length()).isEqualTo(plain.length);
      assertThat(in.decodedBytes()).isZero();
      in.seek(first + 10);
      assertThat(in.readNBytes(100)).isEqualTo(Arrays.copyOfRange(plain, first + 10, first + 110));
      assertThat(in.decodedBytes()).isEqualTo(SHORT);
      in.seek(SHORT - 50);
      assertThat(in.readNBytes(100)).isEqualTo(Arrays.copyOfRange(plain, SHORT - 50, SHORT + 50));
      in.seek(SHORT - 10);
      assertThat(in.read()).isEqualTo(plain[SHORT - 10]);
      assertThat(in.decodedBytes()).isEqualTo(3 * SHORT);
      assertThat(in.position()).isEqualTo(SHORT - 9);
      assertThat(in.skip(100_000)).isEqualTo(plain.length - (SHORT - 9));
      assertThat(in.read()).isEqualTo(-1);
      in.seek(50_000);
      assertThat(in.read()).isEqualTo(-1);
      assertThatThrownBy(() -> in.seek(-1)).isInstanceOf(IllegalArgumentException.class);
      in.seek(0);
      assertThat(in.readAllBytes()).isEqualTo(plain);
    }
  }

  @Test
  void theInfoTellsWithoutDecoding() throws Exception {
    byte[] archive = blocks(Samples.prose(3 * SHORT, 23));
    TrcInfo info = TrcInfo.read(new BytesChannel(archive));
    assertThat(info.plainLength()).isEqualTo(3 * SHORT);
    assertThat(info.compressedLength()).isEqualTo(archive.length);
    assertThat(info.blocks()).isEqualTo(3);
    assertThat(info.members()).isEqualTo(1);
    assertThat(info.coders()).containsEntry("range", 3);
    assertThat(info.linked()).isZero();
    assertThat(info.models())
        .singleElement()
        .extracting(TrcInfo.Model::digest)
        .isEqualTo(TrcModel.embedded().sha256().substring(0, 16));
    assertThat(TrcInfo.plainLength(new BytesChannel(archive))).isEqualTo(3 * SHORT);
  }

  @Test
  void theMemoryNeedIsKnownBeforehandAndLimited() throws Exception {
    long need = TrcOptions.DEFAULT.memoryUsage();
    assertThat(need).isBetween(10L << 20, 2L << 30);
    assertThat(TrcOptions.builder().threads(4).build().memoryUsage()).isGreaterThan(need);
    TrcOptions little = TrcOptions.builder().memoryLimit(1 << 20).build();
    assertThatThrownBy(() -> new TrcOutputStream(new ByteArrayOutputStream(), little))
        .isInstanceOf(TrcMemoryLimitException.class);
    byte[] archive = Trc.compress(PLAIN);
    assertThatThrownBy(() -> Trc.decompress(archive, little))
        .isInstanceOf(TrcMemoryLimitException.class);
    TrcOptions none = TrcOptions.builder().memoryLimit(1).build();
    assertThatThrownBy(() -> Trc.decompress(archive, none))
        .isInstanceOf(TrcMemoryLimitException.class);
    assertThat(Trc.decompress(Trc.compress(new byte[0]), none)).isEmpty();
    assertThat(Trc.decompress(archive, TrcOptions.builder().memoryLimit(need).build()))
        .isEqualTo(PLAIN);
  }
}
