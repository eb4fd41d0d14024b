package io.trc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Blocks that start from what another one of their member taught: 0, 1, 3 are bases here. */
class LinkedBlocksTest {
  private static final int BLOCK = 4096;
  private static final TrcOptions LINKED = TrcOptions.builder().level(3).blockSize(BLOCK).build();
  private static final TrcOptions INDEPENDENT = LINKED.toBuilder().independentBlocks(true).build();
  private static final TrcOptions WITH_MODEL = TrcOptions.builder().blockSize(BLOCK).build();
  private static final byte[] PROSE = Samples.prose(5 * BLOCK - 700, 0);

  private static TrcInfo info(byte[] archive) throws IOException {
    return TrcInfo.read(new BytesChannel(archive));
  }

  @Test
  @Tag("slow")
  void theyAreSmallerThanIndependentOnes() throws Exception {
    byte[] linked = Trc.compress(PROSE, LINKED);
    assertThat(info(linked).coders()).containsExactly(java.util.Map.entry("bytes", 5));
    assertThat(info(linked).linked()).isEqualTo(4);
    byte[] independent = Trc.compress(PROSE, INDEPENDENT);
    assertThat(info(independent).linked()).isZero();
    assertThat(linked.length).isLessThan(independent.length * 95 / 100);
    assertThat(Trc.decompress(linked)).isEqualTo(PROSE);
    assertThat(Trc.decompress(independent)).isEqualTo(PROSE);
  }

  @Test
  @Tag("slow")
  void theyAreTheSameWhateverTheThreads() throws Exception {
    byte[] plain = Samples.concatenate(PROSE, Samples.random(9000, 1), PROSE);
    TrcOptions three = LINKED.toBuilder().threads(3).verify(true).build();
    byte[] archive = Trc.compress(plain, LINKED);
    assertThat(Trc.compress(plain, three)).isEqualTo(archive);
    assertThat(Trc.decompress(archive, three)).isEqualTo(plain);
  }

  @Test
  @Tag("slow")
  void theyComeBackWithAModelToo() throws Exception {
    byte[] plain = Samples.prose(2 * BLOCK + 100, 0);
    byte[] archive = Trc.compress(plain, WITH_MODEL);
    assertThat(info(archive).linked()).isEqualTo(2);
    assertThat(Trc.decompress(archive, WITH_MODEL.toBuilder().threads(2).build())).isEqualTo(plain);
  }

  @Test
  void aJumpDecodesTheBasesOnceAndOneBlockMore() throws Exception {
    byte[] archive = Trc.compress(PROSE, LINKED);
    try (TrcSeekableInputStream in =
        new TrcSeekableInputStream(new BytesChannel(archive), LINKED)) {
      for (int block : new int[] {3, 2}) {
        in.seek(block * BLOCK + 100);
        assertThat(in.readNBytes(50))
            .isEqualTo(Arrays.copyOfRange(PROSE, block * BLOCK + 100, block * BLOCK + 150));
        assertThat(in.decodedBytes()).isEqualTo((long) (block == 3 ? 3 : 4) * BLOCK);
      }
    }
  }

  @Test
  @Tag("slow")
  void jumpsBetweenMembersFindTheFirstBlockOfEach() throws Exception {
    byte[] other = Samples.prose(3 * BLOCK, 5000);
    byte[] archive = Samples.concatenate(Trc.compress(PROSE, LINKED), Trc.compress(other, LINKED));
    byte[] plain = Samples.concatenate(PROSE, other);
    Random random = new Random(1);
    try (TrcSeekableInputStream in =
        new TrcSeekableInputStream(new BytesChannel(archive), LINKED)) {
      for (int i = 0; i < 20; i++) {
        int from = random.nextInt(plain.length - 10);
        in.seek(from);
        assertThat(in.readNBytes(10)).isEqualTo(Arrays.copyOfRange(plain, from, from + 10));
      }
    }
  }

  @Test
  void whereABaseIsLostTheBlocksBehindItSaySo() throws Exception {
    byte[] archive = Trc.compress(PROSE, LINKED);
    archive[60] ^= 1;
    try (TrcSeekableInputStream in =
        new TrcSeekableInputStream(new BytesChannel(archive), LINKED)) {
      in.seek(3 * BLOCK);
      assertThatThrownBy(in::read)
          .isInstanceOf(TrcCorruptedException.class)
          .hasMessageContaining("starts from what another one taught")
          .hasMessageContaining("block 0");
    }
    byte[] independent = Trc.compress(PROSE, INDEPENDENT);
    independent[60] ^= 1;
    try (TrcSeekableInputStream in =
        new TrcSeekableInputStream(new BytesChannel(independent), LINKED)) {
      in.seek(3 * BLOCK);
      assertThat(in.read()).isEqualTo(PROSE[3 * BLOCK]);
    }
  }

  @Test
  void whatComesInSmallPiecesStartsFromNoneOfThem() throws Exception {
    TrcOptions flushing = LINKED.toBuilder().syncFlush(true).build();
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (TrcOutputStream out = new TrcOutputStream(archive, flushing)) {
      for (int from = 0; from < 6000; from += 600) {
        out.write(PROSE, from, 600);
        out.flush();
      }
    }
    assertThat(info(archive.toByteArray()).linked()).isZero();
    assertThat(Trc.decompress(archive.toByteArray())).isEqualTo(Arrays.copyOf(PROSE, 6000));
  }

  @Test
  void aTextBehindOtherDataBeginsAMember() throws Exception {
    byte[] plain = Samples.concatenate(Samples.random(BLOCK, 7), PROSE, Samples.random(BLOCK, 8));
    byte[] archive = Trc.compress(plain, LINKED);
    TrcInfo info = info(archive);
    assertThat(info.members()).isEqualTo(2);
    assertThat(info.linked()).isEqualTo(4);
    assertThat(Trc.decompress(archive)).isEqualTo(plain);
    assertThat(TrcInfo.members(new BytesChannel(archive)))
        .extracting(TrcInfo.Member::plainLength)
        .isEqualTo(List.of((long) BLOCK, (long) PROSE.length + BLOCK));
  }
}
