package io.trc;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.block.CodingStatistics;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model's time goes where it is of use. */
class ModelTimeTest {
  private final CodingStatistics statistics = new CodingStatistics();

  private byte[] compress(byte[] plain, TrcOptions options) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TrcOutputStream out = new TrcOutputStream(bytes, options, statistics)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  /** Text that looks like some to a quick look, and of which the model makes nothing. */
  private static byte[] hexadecimal(int length) {
    byte[] text = new byte[length];
    Random random = new Random(11);
    for (int i = 0; i < length; i++) {
      text[i] = (byte) Character.forDigit(random.nextInt(16), 16);
    }
    return text;
  }

  @ParameterizedTest
  @ValueSource(ints = {40_000, 200_000, 1_200_000})
  void theModelSeesATenthAtMostOfWhatItLoses(int length) throws Exception {
    byte[] plain = hexadecimal(length);
    byte[] archive = compress(plain, TrcOptions.DEFAULT);
    assertThat(TrcInfo.read(new BytesChannel(archive)).coders()).containsOnlyKeys("lzma2");
    // A token is a byte at least.
    assertThat(statistics.tokens()).isBetween(1L, length / 10L);
    assertThat(Trc.decompress(archive)).isEqualTo(plain);
  }

  @Test
  void theModelIsAskedLessAndLessWhereItLoses() throws Exception {
    byte[] plain = hexadecimal(4 << 20);
    compress(plain, TrcOptions.DEFAULT);
    assertThat(statistics.tokens()).isBetween(1L, plain.length / 200L);
  }

  @Test
  void whatIsNoTextCostsTheModelNothing() throws Exception {
    compress(Samples.random(1 << 20, 12), TrcOptions.DEFAULT);
    assertThat(statistics.tokens()).isZero();
  }

  @Test
  void theModelIsAskedAgainWhereTheDataLookDifferent() throws Exception {
    byte[] plain = Samples.concatenate(hexadecimal(1 << 20), Samples.prose(20_000, 1));
    byte[] archive = compress(plain, TrcOptions.DEFAULT);
    assertThat(TrcInfo.read(new BytesChannel(archive)).coders()).containsKeys("lzma2", "huffman");
    assertThat(Trc.decompress(archive)).isEqualTo(plain);
  }

  @Test
  void theArchiveIsTheSameWhateverTheThreads() throws Exception {
    byte[] plain =
        Samples.concatenate(
            Samples.prose(9_000, 1),
            Samples.random(50_000, 3),
            hexadecimal(600_000),
            Samples.random(300_000, 4),
            Samples.prose(4_000, 2));
    TrcOptions small = TrcOptions.builder().blockSize(8192).build();
    byte[] one = compress(plain, small);
    assertThat(compress(plain, small.toBuilder().threads(3).build())).isEqualTo(one);
    assertThat(Trc.decompress(one)).isEqualTo(plain);
  }
}
