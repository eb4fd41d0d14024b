package io.trc.mix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The tables, by the checksums of those that the reference builds with the C library. */
class TablesTest {
  private static int crc(int length, IntUnaryOperator table) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * length).order(ByteOrder.LITTLE_ENDIAN);
    IntStream.range(0, length).map(table).forEach(bytes::putInt);
    CRC32C crc = new CRC32C();
    crc.update(bytes.array());
    return (int) crc.getValue();
  }

  @Test
  void everyJavaBuildsTheSameTables() {
    assertThat(crc(4096, i -> Tables.stretch(i << 4))).isEqualTo(0xcc997756);
    assertThat(crc(6144, i -> Tables.squash16(i - 3072))).isEqualTo(0x5f441218);
    assertThat(crc(6144, i -> Tables.squash22(i - 3072))).isEqualTo(0xac4b293d);
    assertThat(crc(1024, Tables::reciprocal)).isEqualTo(0x879aff41);
    assertThat(crc(4096, i -> Tables.log2(4096 + i) - (12 << 16))).isEqualTo(0xcc9209b9);
    assertThat(crc(272, Tables::history)).isEqualTo(0xdae09925);
    assertThat(crc(25, Tables::map)).isEqualTo(0x917d26c8);
  }

  @Test
  void aStretchIsTheLogarithmOfTheOdds() {
    assertThat(Tables.stretch(1, 1)).isZero();
    assertThat(Tables.stretch(1L << 40, 1)).isEqualTo(Tables.LIMIT);
    assertThat(Tables.stretch(1, 1L << 40)).isEqualTo(-Tables.LIMIT);
    for (long odds = 2; odds < 100_000; odds *= 3) {
      double exact = 256 * StrictMath.log((double) odds);
      assertThat((double) Tables.stretch(odds, 1)).isBetween(exact - 1.1, exact + 1.1);
      assertThat((double) Tables.stretch(7, 7 * odds)).isBetween(-exact - 1.1, -exact + 1.1);
    }
  }
}
