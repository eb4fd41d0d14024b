package io.trc.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.TrcCorruptedException;
import io.trc.TrcFormatException;
import io.trc.TrcMemoryLimitException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemberTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 50})
  void blocksComeBackFromTheStreamAndFromTheTable(int count) throws Exception {
    for (StreamHeader header : List.of(Samples.PLAIN, Samples.MODEL)) {
      List<Block> blocks = Samples.blocks(header, count, count);
      byte[] member = Samples.member(header, blocks);
      Samples.assertSame(Samples.stream(member), blocks);
      Samples.assertSame(Samples.archive(member), blocks);
      MemberReader reader = MemberReader.open(new ByteArrayInputStream(member));
      assertThat(reader.header()).isEqualTo(header);
    }
  }

  @Test
  void everyHeaderComesBack() throws Exception {
    for (int size = Format.MIN_BLOCK_SIZE_LOG2; size <= Format.MAX_BLOCK_SIZE_LOG2; size++) {
      StreamHeader bare = new StreamHeader(size, null);
      assertThat(decode(bare)).isEqualTo(bare);
      for (int window = Format.MIN_WINDOW_LOG2; window <= Format.MAX_WINDOW_LOG2; window++) {
        ModelReference model =
            new ModelReference(-size, window % 16, ~size, window % 2 == 0, window);
        StreamHeader header = new StreamHeader(size, model);
        assertThat(decode(header)).isEqualTo(header);
        assertThat(header.encode()).hasSize(header.length());
      }
    }
  }

  private static StreamHeader decode(StreamHeader header) throws IOException {
    return StreamHeader.decode(new Input(new ByteArrayInputStream(header.encode()), 0));
  }

  @Test
  void membersMayFollowEachOther() throws Exception {
    List<Block> first = Samples.blocks(Samples.MODEL, 3, 1);
    List<Block> second = Samples.blocks(Samples.PLAIN, 1, 2);
    byte[] joined =
        Samples.join(
            Samples.member(Samples.MODEL, first),
            Samples.member(Samples.PLAIN, 0, 0),
            Samples.member(Samples.PLAIN, second),
            Samples.member(Samples.PLAIN, 0, 0),
            Samples.member(Samples.MODEL, first));
    List<Block> expected = new ArrayList<>(first);
    expected.addAll(second);
    expected.addAll(first);
    Samples.assertSame(Samples.stream(joined), expected);
    Samples.assertSame(Samples.archive(joined), expected);
  }

  @Test
  void anEmptyInputIsNoMember() throws Exception {
    assertThat(MemberReader.open(InputStream.nullInputStream())).isNull();
  }

  @Test
  void aReaderStopsAfterTheLastByteOfItsMember() throws Exception {
    for (int count : new int[] {0, 1, 2, 7}) {
      byte[] member = Samples.member(Samples.MODEL, count, 3);
      InputStream in = new ByteArrayInputStream(Samples.join(member, new byte[] {1, 2, 3}));
      MemberReader reader = MemberReader.open(in);
      while (reader.next() != null) {
        assertThat(reader.plainLength()).isPositive();
      }
      assertThat(in.available()).isEqualTo(3);
      assertThat(reader.read()).isEqualTo(member.length);
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void theLastBlockOfOneIsReadWithoutWaitingForMore() throws Exception {
    InputStream failing = new Samples.Failing(new IOException("nothing may be read here"));
    byte[] member = Samples.member(Samples.PLAIN, 1, 3);
    MemberReader reader =
        MemberReader.open(new SequenceInputStream(new ByteArrayInputStream(member), failing));
    assertThat(reader.next()).isNotNull();
    assertThat(reader.next()).isNull();
  }

  @Test
  void shortReadsDoNoHarm() throws Exception {
    SplittableRandom random = new SplittableRandom(9);
    byte[] large = Samples.bytes(random, 200_000);
    List<Block> blocks =
        List.of(Block.stored(large), Block.coded(BlockMethod.LZMA2, large, 0, large.length, large));
    byte[] member = Samples.member(Samples.PLAIN, blocks);
    Samples.assertSame(Samples.stream(new Samples.ShortReads(member)), blocks);
  }

  @Test
  void failuresOfTheStreamBeneathPassUnchanged() {
    byte[] member = Samples.member(Samples.PLAIN, 2, 3);
    IOException failure = new IOException("disk on fire");
    InputStream failing = new Samples.Failing(failure);
    for (int length = 0; length < member.length; length++) {
      InputStream in =
          new SequenceInputStream(new ByteArrayInputStream(Samples.cut(member, length)), failing);
      assertThatThrownBy(() -> Samples.stream(in)).isSameAs(failure);
    }
  }

  @Test
  void aFailedReaderIsOfNoMoreUse() throws Exception {
    byte[] member = Samples.member(Samples.PLAIN, 1, 3);
    member[member.length - 1] ^= 1;
    MemberReader reader = MemberReader.open(new ByteArrayInputStream(member));
    assertThatThrownBy(reader::next)
        .isInstanceOf(TrcCorruptedException.class)
        .hasMessage("block 0 at byte 11: damaged, its checksum does not match");
    assertThatIllegalStateException().isThrownBy(reader::next);
  }

  @Test
  void whatIsNoMemberIsNamed() {
    assertThatThrownBy(() -> Samples.stream(new byte[] {'P', 'K', 3, 4}))
        .isExactlyInstanceOf(TrcFormatException.class)
        .hasMessageContaining("not a .trc stream");
    assertThatThrownBy(() -> Samples.archive(new byte[0]))
        .isExactlyInstanceOf(TrcFormatException.class);
    byte[] garbage = Samples.join(Samples.member(Samples.PLAIN, 2, 3), new byte[1]);
    assertThatThrownBy(() -> Samples.stream(garbage))
        .isInstanceOf(TrcCorruptedException.class)
        .hasMessageContaining("trailing garbage");
    assertThatThrownBy(() -> Samples.archive(garbage))
        .isInstanceOf(TrcCorruptedException.class)
        .hasMessageContaining("trailing garbage");
  }

  @Test
  void aReleasedBlockCanBeReadBeforeTheMemberGoesOn() throws Exception {
    List<Block> blocks = Samples.blocks(Samples.PLAIN, 2, 4);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MemberWriter writer = new MemberWriter(out, Samples.PLAIN);
    writer.write(blocks.get(0));
    assertThat(writer.written()).isZero();
    writer.release();
    MemberReader reader = MemberReader.open(new ByteArrayInputStream(out.toByteArray()));
    Samples.assertSame(List.of(reader.next()), blocks.subList(0, 1));
    writer.finish();
    Samples.assertSame(Samples.stream(out.toByteArray()), blocks.subList(0, 1));
    Samples.assertSame(Samples.archive(out.toByteArray()), blocks.subList(0, 1));
    assertThatIllegalStateException().isThrownBy(() -> writer.write(blocks.get(1)));
  }

  @Test
  void theWriterRefusesWhatTheHeaderDoesNotAllow() {
    MemberWriter writer = new MemberWriter(new ByteArrayOutputStream(), new StreamHeader(10, null));
    byte[] plain = new byte[1025];
    assertThatIllegalArgumentException().isThrownBy(() -> writer.write(Block.stored(plain)));
    Block coded = Block.coded(BlockMethod.RANGE, plain, 0, 5, new byte[2]);
    assertThatIllegalArgumentException().isThrownBy(() -> writer.write(coded));
    assertThatIllegalArgumentException().isThrownBy(() -> Block.stored(new byte[0]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Block.coded(BlockMethod.LZMA2, plain, 0, 5, new byte[6]));
  }

  @Test
  void aBlockAboveTheMemoryLimitIsRefused() throws Exception {
    byte[] plain = new byte[1000];
    byte[] stored = Samples.member(Samples.PLAIN, List.of(Block.stored(plain)));
    byte[] coded =
        Samples.member(
            Samples.PLAIN,
            List.of(Block.coded(BlockMethod.LZMA2, plain, 0, plain.length, new byte[10])));
    assertThat(MemberReader.open(new ByteArrayInputStream(stored), 0, 1000).next()).isNotNull();
    assertThat(MemberReader.open(new ByteArrayInputStream(coded), 0, 1010).next()).isNotNull();
    assertThatThrownBy(() -> MemberReader.open(new ByteArrayInputStream(stored), 0, 999).next())
        .isInstanceOf(TrcMemoryLimitException.class);
    assertThatThrownBy(() -> MemberReader.open(new ByteArrayInputStream(coded), 0, 1009).next())
        .isInstanceOf(TrcMemoryLimitException.class)
        .hasMessageContaining("1010");
  }

  @Test
  void aBlockKnowsItsPlainBytes() {
    byte[] plain = Samples.bytes(new SplittableRandom(1), 100);
    Block block = Block.coded(BlockMethod.LZMA2, plain, 10, 50, new byte[3]);
    assertThat(block.matches(plain, 10, 50)).isTrue();
    assertThat(block.matches(plain, 10, 49)).isFalse();
    plain[20] ^= 1;
    assertThat(block.matches(plain, 10, 50)).isFalse();
  }

  @Test
  void theFirstBytesTellTheFormat() {
    byte[] member = Samples.member(Samples.PLAIN, 0, 0);
    assertThat(Format.matches(member, member.length)).isTrue();
    assertThat(Format.matches(member, 3)).isFalse();
    assertThat(Format.matches("PK34".getBytes(StandardCharsets.US_ASCII), 4)).isFalse();
  }
}
