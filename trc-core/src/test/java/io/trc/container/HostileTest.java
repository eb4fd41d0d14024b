package io.trc.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.TrcCorruptedException;
import io.trc.TrcFormatException;
import io.trc.TrcMemoryLimitException;
import io.trc.TrcUnsupportedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose checksums are right and whose contents are not. */
class HostileTest {
  private static final byte[] LARGE_HEADER = new StreamHeader(25, null).encode();

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  /** Bytes with their CRC32C behind them. */
  private static byte[] summed(long plainOffset, byte[] record) {
    CRC32C crc = new CRC32C();
    Input.updateOffset(crc, plainOffset);
    crc.update(record);
    return Samples.join(record, intBytes((int) crc.getValue()));
  }

  private static byte[] intBytes(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  private static byte[] header(int version, int flags, int sizes, byte[] model) {
    byte[] bytes =
        Samples.join(
            hex("8F545243"), new byte[] {(byte) version, (byte) flags, (byte) sizes}, model);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return Samples.join(bytes, intBytes((int) crc.getValue()));
  }

  @Test
  void aNewerVersionIsUnsupportedIfItsHeaderIsIntactAndDamagedOtherwise() {
    for (byte[] header :
        List.of(header(2, 0, 0xFF, new byte[0]), header(200, 0xFF, 0xFF, new byte[12]))) {
      byte[] newer = Samples.join(header, hex("01020304"));
      assertThatThrownBy(() -> Samples.stream(newer))
          .isInstanceOf(TrcUnsupportedException.class)
          .hasMessageContaining("version");
      assertThatThrownBy(() -> Samples.archive(newer)).isInstanceOf(TrcUnsupportedException.class);
      byte[] damaged = newer.clone();
      damaged[6] ^= 1;
      assertThatThrownBy(() -> Samples.stream(damaged)).isInstanceOf(TrcCorruptedException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x04, 0x08, 0x02, 0x10, 0x80})
  void reservedFlagsAreUnsupported(int flags) {
    byte[] header = header(1, flags, 0x80, new byte[0]);
    assertThatThrownBy(() -> Samples.stream(header)).isInstanceOf(TrcUnsupportedException.class);
  }

  @Test
  void aWindowWithoutAModelIsUnsupported() {
    byte[] header = header(1, 0, 0x81, new byte[0]);
    assertThatThrownBy(() -> Samples.stream(header)).isInstanceOf(TrcUnsupportedException.class);
  }

  @Test
  void anUnknownMethodIsUnsupportedIfTheBlockIsIntactAndDamagedOtherwise() {
    byte[] block = summed(0, hex("87 05 02 AABBCCDD 1122"));
    byte[] stream = Samples.join(LARGE_HEADER, block);
    assertThatThrownBy(() -> Samples.stream(stream))
        .isInstanceOf(TrcUnsupportedException.class)
        .hasMessageContaining("method 7");
    assertThatThrownBy(() -> Samples.archive(stream)).isInstanceOf(TrcUnsupportedException.class);
    byte[] damaged = stream.clone();
    damaged[19] ^= 1;
    assertThatThrownBy(() -> Samples.stream(damaged)).isInstanceOf(TrcCorruptedException.class);
    assertThatThrownBy(() -> Samples.archive(damaged)).isInstanceOf(TrcCorruptedException.class);
  }

  @Test
  void aBlockThatNeedsAModelNeedsAHeaderThatNamesOne() {
    byte[] stream = Samples.join(LARGE_HEADER, summed(0, hex("84 05 02 AABBCCDD 1122")));
    assertThatThrownBy(() -> Samples.stream(stream)).isExactlyInstanceOf(TrcFormatException.class);
    assertThatThrownBy(() -> Samples.archive(stream)).isExactlyInstanceOf(TrcFormatException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "81 00", // no plain bytes
        "81 8500 0102030405", // a number not in its shortest form
        "81 81808010 00", // 2^25 + 1 plain bytes
        "82 05 06 00000000 010203040506", // a payload longer than its plain bytes
        "81 FFFFFFFF0F 00", // 2^32 - 1 plain bytes
        "82 80808010 FFFFFFFF07 00", // a payload of 2^31 - 1 bytes
        "82 FFFFFFFFFFFFFFFF7F 00", // 2^63 - 1
        "82 FFFFFFFFFFFFFFFFFF7F 00", // a number that is too long
        "80 05 02 00000000 0102", // no method
      })
  void impossibleLengthsAreRefused(String record) {
    byte[] stream = Samples.join(LARGE_HEADER, summed(0, hex(record)));
    assertThatThrownBy(() -> Samples.stream(stream)).isInstanceOf(TrcCorruptedException.class);
    assertThatThrownBy(() -> Samples.archive(stream)).isInstanceOf(TrcCorruptedException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"81 80808010", "82 80808010 80808010 00000000", "00 FFFFFFFF07"})
  void lengthsThatAreNotThereTakeNoMemory(String record) throws Exception {
    byte[] stream = Samples.join(LARGE_HEADER, hex(record), new byte[40]);
    assertThat(stream).hasSizeLessThan(70);
    Samples.ByteStream in = new Samples.ByteStream(stream);
    assertThatThrownBy(() -> Samples.stream(in)).isInstanceOf(TrcCorruptedException.class);
    assertThat(in.largestArray).isLessThanOrEqualTo(1 << 16);
    try (Samples.ByteChannel channel = new Samples.ByteChannel(stream)) {
      assertThatThrownBy(() -> Archive.read(channel, Long.MAX_VALUE))
          .isInstanceOf(TrcCorruptedException.class);
      assertThat(channel.largestArray).isLessThanOrEqualTo(1 << 16);
    }
  }

  @Test
  void anIndexThatCountsMoreThanTheFileCanHoldIsRefusedAtOnce() {
    byte[] end = summed(5, hex("00 80808008 0B05"));
    byte[] stream = Samples.join(LARGE_HEADER, summed(0, hex("01 05 0102030405")), end);
    byte[] file = withFooter(stream, end.length, 5);
    assertThatThrownBy(() -> Samples.archive(file))
        .isInstanceOf(TrcCorruptedException.class)
        .hasMessageEndingWith("it counts 16777216 blocks");
  }

  private static byte[] withFooter(byte[] member, int endLength, long plainLength) {
    long length = member.length + (long) Format.FOOTER_LENGTH;
    return Samples.join(member, new Footer(plainLength, length, endLength).encode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00 02 0C05 0A05", // moved bounds
        "00 02 0B06 0B04", // other plain lengths
        "00 01 160A", // two blocks as one
        "00 03 0B05 0B05 0B05", // more than there are
        "00 02 0B05 0C05", // past the end
        "00 02 0B00 0B0A", // a block of nothing
        "00 02 0105 1505", // a record too short to be one
        "00 02 0B05 0B05 00", // more bytes than entries
        "07 02 0B05 0B05", // no end record
      })
  void anIndexThatLiesIsFound(String index) {
    byte[] first = summed(0, hex("01 05 0102030405"));
    byte[] second = summed(5, hex("01 05 0102030405"));
    byte[] good = summed(10, hex("00 02 0B05 0B05"));
    byte[] member = Samples.join(LARGE_HEADER, first, second);
    byte[] honest = withFooter(Samples.join(member, good), good.length, 10);
    assertThat(catchNothing(honest)).hasSize(2);
    byte[] end = summed(10, hex(index));
    byte[] file = withFooter(Samples.join(member, end), end.length, 10);
    assertThatThrownBy(() -> Samples.stream(file)).isInstanceOf(TrcCorruptedException.class);
    assertThatThrownBy(() -> Samples.archive(file)).isInstanceOf(TrcCorruptedException.class);
  }

  private static List<Block> catchNothing(byte[] file) {
    try {
      Samples.assertSame(Samples.archive(file), Samples.stream(file));
      return Samples.stream(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFooterThatLiesIsFound() {
    byte[] block = summed(0, hex("01 05 0102030405"));
    byte[] end = summed(5, hex("00 01 0B05"));
    byte[] member = Samples.join(LARGE_HEADER, block, end);
    int length = member.length + Format.FOOTER_LENGTH;
    for (Footer footer :
        List.of(
            new Footer(6, length, end.length),
            new Footer(-5, length, end.length),
            new Footer(5, length - 1, end.length),
            new Footer(5, length + 1, end.length),
            new Footer(5, -1, end.length),
            new Footer(5, length, end.length + 1),
            new Footer(5, length, 0),
            new Footer(5, length, 0xFFFFFFFFL))) {
      byte[] file = Samples.join(member, footer.encode());
      assertThatThrownBy(() -> Samples.stream(file)).isInstanceOf(TrcCorruptedException.class);
      assertThatThrownBy(() -> Samples.archive(file)).isInstanceOf(TrcCorruptedException.class);
    }
  }

  @Test
  void theOnlyBlockIsNeverOneOfSeveral() {
    byte[] first = summed(0, hex("01 05 0102030405"));
    byte[] second = summed(5, hex("81 05 0102030405"));
    byte[] end = summed(10, hex("00 02 0B05 0B05"));
    byte[] file = withFooter(Samples.join(LARGE_HEADER, first, second, end), end.length, 10);
    assertThatThrownBy(() -> Samples.stream(file)).isInstanceOf(TrcCorruptedException.class);
    assertThatThrownBy(() -> Samples.archive(file)).isInstanceOf(TrcCorruptedException.class);
  }

  @Test
  void aTrcFileInsideAStoredBlockIsNotTakenForAMember() throws Exception {
    byte[] inner = Samples.member(Samples.MODEL, 5, 21);
    List<Block> blocks = List.of(Block.stored(inner));
    byte[] outer = Samples.member(Samples.PLAIN, blocks);
    Samples.assertSame(Samples.archive(outer), blocks);
  }

  @Test
  void thePlainLengthTakesOneHeaderAndOneFooterHoweverManyBlocks() throws Exception {
    byte[] many = Samples.member(Samples.MODEL, 2000, 22);
    try (Samples.ByteChannel channel = new Samples.ByteChannel(many)) {
      long expected =
          Samples.blocks(Samples.MODEL, 2000, 22).stream().mapToLong(Block::plainLength).sum();
      assertThat(Archive.plainLength(channel)).isEqualTo(expected);
      assertThat(channel.given).isLessThan(200);
    }
  }

  @Test
  void thePlainLengthOfSeveralMembersIsTheirSum() throws Exception {
    byte[] joined =
        Samples.join(
            Samples.member(Samples.PLAIN, List.of(Block.stored(new byte[1000]))),
            Samples.member(Samples.PLAIN, 0, 0),
            Samples.member(
                Samples.PLAIN, List.of(Block.stored(new byte[300]), Block.stored(new byte[30]))),
            Samples.member(Samples.PLAIN, List.of(Block.stored(new byte[7]))));
    try (Samples.ByteChannel channel = new Samples.ByteChannel(joined)) {
      assertThat(Archive.plainLength(channel)).isEqualTo(1337);
      Archive archive = Archive.read(channel, 1 << 20);
      assertThat(archive.plainLength()).isEqualTo(1337);
      assertThat(archive.members().stream().mapToLong(Member::plainOffset))
          .containsExactly(0L, 1000L, 1000L, 1330L);
    }
  }

  @Test
  void aTableAboveTheMemoryLimitIsRefused() throws Exception {
    byte[] many = Samples.member(Samples.MODEL, 100, 22);
    try (Samples.ByteChannel channel = new Samples.ByteChannel(many)) {
      assertThatThrownBy(() -> Archive.read(channel, 5000))
          .isInstanceOf(TrcMemoryLimitException.class);
    }
    byte[] unfinished = Arrays.copyOf(many, many.length);
    unfinished[many.length - 1] ^= 1;
    try (Samples.ByteChannel channel = new Samples.ByteChannel(unfinished)) {
      assertThatThrownBy(() -> Archive.read(channel, 5000))
          .isInstanceOf(TrcMemoryLimitException.class);
    }
  }
}
