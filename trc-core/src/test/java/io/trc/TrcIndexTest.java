package io.trc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrcIndexTest {
  private static final TrcOptions SMALL =
      TrcOptions.builder().blockSize(4096).level(1).threads(2).build();

  /** Three members: text of several blocks, nothing, noise. */
  private static final byte[] PLAIN =
      Samples.concatenate(Samples.prose(20_000, 2_000), Samples.random(5_000, 6));

  private static byte[] archive() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(Trc.compress(Arrays.copyOf(PLAIN, 20_000), SMALL));
    bytes.write(Trc.compress(new byte[0]));
    bytes.write(Trc.compress(Arrays.copyOfRange(PLAIN, 20_000, PLAIN.length)));
    return bytes.toByteArray();
  }

  private static TrcSeekableInputStream open(byte[] archive) throws Exception {
    return new TrcSeekableInputStream(new BytesChannel(archive), SMALL);
  }

  @Test
  void blocksLieOneAfterTheOtherAndHoldAllBytes() throws Exception {
    byte[] archive = archive();
    TrcIndex index = TrcIndex.read(new BytesChannel(archive), SMALL);
    assertThat(index.plainLength()).isEqualTo(PLAIN.length);
    assertThat(index.blocks()).hasSizeGreaterThan(4);
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
    TrcIndex index = TrcIndex.read(new BytesChannel(Trc.compress(new byte[0])), SMALL);
    assertThat(index.blocks()).isEmpty();
    assertThat(index.plainLength()).isZero();
  }

  @Test
  void severalReadersShareOneIndex() throws Exception {
    byte[] archive = archive();
    TrcIndex index = TrcIndex.read(new BytesChannel(archive), SMALL);
    TrcIndex.Block third = index.blocks().get(2);
    try (TrcSeekableInputStream in =
        new TrcSeekableInputStream(new BytesChannel(archive), SMALL, index)) {
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
    try (TrcSeekableInputStream in = open(archive())) {
      assertThat(in.readNBytes(9_000)).isEqualTo(Arrays.copyOf(PLAIN, 9_000));
      assertThat(in.decodedBytes()).isGreaterThan(3 * 4096);
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(PLAIN, 9_000, PLAIN.length));
      assertThat(in.decodedBytes()).isEqualTo(PLAIN.length);
    }
  }

  @Test
  void aJumpDecodesOneBlock() throws Exception {
    try (TrcSeekableInputStream in = open(archive())) {
      in.seek(13_000);
      assertThat(in.read()).isEqualTo(PLAIN[13_000] & 0xff);
      assertThat(in.decodedBytes()).isEqualTo(4096);
    }
  }

  @Test
  void jumpsAndRunsInAnyOrderGiveTheBytesThatAreThere() throws Exception {
    Random random = new Random(8);
    try (TrcSeekableInputStream in = open(archive())) {
      for (int round = 0; round < 30; round++) {
        int from = random.nextInt(PLAIN.length + 1);
        int length = random.nextInt(random.nextBoolean() ? 50 : 12_000);
        in.seek(from);
        int to = Math.min(PLAIN.length, from + length);
        assertThat(in.readNBytes(length)).isEqualTo(Arrays.copyOfRange(PLAIN, from, to));
      }
    }
  }

  @Test
  void damageIsMetOnlyByWhoWantsThatBlock() throws Exception {
    byte[] archive = archive();
    TrcIndex index = TrcIndex.read(new BytesChannel(archive), SMALL);
    TrcIndex.Block fourth = index.blocks().get(3);
    archive[(int) fourth.position() + fourth.length() - 6] ^= 1;
    try (TrcSeekableInputStream in = open(archive)) {
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
