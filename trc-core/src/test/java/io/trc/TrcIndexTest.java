package io.trc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TrcIndexTest {
  private static final TrcOptions OPTIONS =
      TrcOptions.builder().syncFlush(true).level(1).threads(2).build();

  private static final int BLOCK = 300;
  private static final int TEXT = 5 * BLOCK;

  /** Three members: text of several blocks, nothing, noise. */
  private static final byte[] PLAIN =
      Samples.concatenate(Samples.prose(TEXT, 2_000), Samples.random(5_000, 6));

  private static byte[] archive;

  @BeforeAll
  static void write() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TrcOutputStream text = new TrcOutputStream(bytes, OPTIONS);
    for (int from = 0; from < TEXT; from += BLOCK) {
      text.write(PLAIN, from, BLOCK);
      text.flush();
    }
    text.finish();
    bytes.write(Trc.compress(new byte[0]));
    bytes.write(Trc.compress(Arrays.copyOfRange(PLAIN, TEXT, PLAIN.length)));
    archive = bytes.toByteArray();
  }

  private static TrcSeekableInputStream open(byte[] archive) throws Exception {
    return new TrcSeekableInputStream(new BytesChannel(archive), OPTIONS);
  }

  @Test
  void blocksLieOneAfterTheOtherAndHoldAllBytes() throws Exception {
    TrcIndex index = TrcIndex.read(new BytesChannel(archive), OPTIONS);
    assertThat(index.plainLength()).isEqualTo(PLAIN.length);
    assertThat(index.blocks()).hasSizeGreaterThan(5);
    long plain = 0;
    long end = 0;
    for (TrcIndex.Block block : index.blocks()) {
      assertThat(block.plainOffset()).isEqualTo(plain);
      assertThat(block.position()).isGreaterThanOrEqualTo(end);
      plain += block.plainLength();
      end = block.position() + block.length();
    }
    assertThat(plain).isEqualTo(PLAIN.length);
    assertThat(end).isLessThanOrEqualTo(archive.length);
  }

  @Test
  void anEmptyFileHasNoBlocks() throws Exception {
    TrcIndex index = TrcIndex.read(new BytesChannel(Trc.compress(new byte[0])), OPTIONS);
    assertThat(index.blocks()).isEmpty();
    assertThat(index.plainLength()).isZero();
  }

  @Test
  void severalReadersShareOneIndex() throws Exception {
    TrcIndex index = TrcIndex.read(new BytesChannel(archive), OPTIONS);
    TrcIndex.Block third = index.blocks().get(2);
    try (TrcSeekableInputStream in =
        new TrcSeekableInputStream(new BytesChannel(archive), OPTIONS, index)) {
      in.seek(third.plainOffset());
      in.limitAhead(third.plainOffset() + third.plainLength());
      byte[] plain = in.readNBytes(third.plainLength());
      int from = (int) third.plainOffset();
      assertThat(plain).isEqualTo(Arrays.copyOfRange(PLAIN, from, from + plain.length));
      assertThat(in.decodedBytes()).isEqualTo(third.plainLength());
    }
  }

  @Test
  void whatIsReadInOrderIsDecodedOnceAndAhead() throws Exception {
    try (TrcSeekableInputStream in = open(archive)) {
      int some = 2 * BLOCK + 100;
      assertThat(in.readNBytes(some)).isEqualTo(Arrays.copyOf(PLAIN, some));
      assertThat(in.decodedBytes()).isGreaterThan(3 * BLOCK);
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(PLAIN, some, PLAIN.length));
      assertThat(in.decodedBytes()).isEqualTo(PLAIN.length);
    }
  }

  @Test
  void aJumpDecodesOneBlock() throws Exception {
    try (TrcSeekableInputStream in = open(archive)) {
      int inTheFourth = 3 * BLOCK + 100;
      in.seek(inTheFourth);
      assertThat(in.read()).isEqualTo(PLAIN[inTheFourth] & 0xff);
      assertThat(in.decodedBytes()).isEqualTo(BLOCK);
    }
  }

  @Test
  void jumpsAndRunsInAnyOrderGiveTheBytesThatAreThere() throws Exception {
    Random random = new Random(8);
    try (TrcSeekableInputStream in = open(archive)) {
      for (int round = 0; round < 30; round++) {
        int from = random.nextInt(PLAIN.length + 1);
        int length = random.nextInt(random.nextBoolean() ? 50 : 3 * BLOCK);
        in.seek(from);
        int to = Math.min(PLAIN.length, from + length);
        assertThat(in.readNBytes(length)).isEqualTo(Arrays.copyOfRange(PLAIN, from, to));
      }
    }
  }

  @Test
  void aBlockThatIsTooLargeIsMetOnlyByWhoWantsIt() throws Exception {
    byte[] small = Samples.random(1_000, 1);
    byte[] large = Samples.random(200_000, 2);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TrcOutputStream out = new TrcOutputStream(bytes, OPTIONS)) {
      out.write(small);
      out.flush();
      out.write(large);
    }
    TrcOptions little = OPTIONS.toBuilder().memoryLimit(100_000).build();
    try (TrcSeekableInputStream in =
        new TrcSeekableInputStream(new BytesChannel(bytes.toByteArray()), little)) {
      assertThat(in.readNBytes(1_000)).isEqualTo(small);
      assertThatThrownBy(in::read).isInstanceOf(TrcMemoryLimitException.class);
    }
  }

  @Test
  void damageIsMetOnlyByWhoWantsThatBlock() throws Exception {
    TrcIndex index = TrcIndex.read(new BytesChannel(archive), OPTIONS);
    TrcIndex.Block fourth = index.blocks().get(3);
    byte[] damaged = archive.clone();
    damaged[(int) fourth.position() + fourth.length() - 6] ^= 1;
    try (TrcSeekableInputStream in = open(damaged)) {
      int good = (int) fourth.plainOffset();
      assertThat(in.readNBytes(good)).isEqualTo(Arrays.copyOf(PLAIN, good));
      assertThatThrownBy(in::read).isInstanceOf(TrcCorruptedException.class);
      in.seek(fourth.plainOffset() + fourth.plainLength());
      byte[] rest = in.readAllBytes();
      assertThat(rest)
          .isEqualTo(Arrays.copyOfRange(PLAIN, PLAIN.length - rest.length, PLAIN.length));
    }
  }
}
