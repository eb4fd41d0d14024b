package io.trc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class RoundTripTest {
  private static final TrcOptions RANGE =
      TrcOptions.builder().coder(TrcOptions.Coder.RANGE).build();

  @TestFactory
  Stream<DynamicTest> anyBytesComeBack() {
    return anyBytesComeBack(TrcOptions.DEFAULT);
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> anyBytesComeBackFromTheRangeCoder() {
    return anyBytesComeBack(RANGE);
  }

  private static Stream<DynamicTest> anyBytesComeBack(TrcOptions options) {
    return Samples.nasty().entrySet().stream()
        .map(
            sample ->
                DynamicTest.dynamicTest(
                    sample.getKey(), () -> assertComesBack(sample.getValue(), options)));
  }

  @Test
  void anEmptyInputTakesAtMostFortyBytes() throws Exception {
    assertThat(Trc.compress(new byte[0])).hasSizeLessThanOrEqualTo(40);
  }

  @Test
  void aParagraphTakesAQuarterOfItsLength() throws Exception {
    byte[] plain = Samples.utf8(Samples.PARAGRAPH);
    assertThat(Trc.compress(plain).length).isLessThan(plain.length / 3);
  }

  @Test
  void whatCannotBeCompressedHardlyGrows() throws Exception {
    for (int length : new int[] {1, 100, 70_000, 5_000_000}) {
      byte[] plain = Samples.random(length, length);
      assertThat(assertComesBack(plain, TrcOptions.DEFAULT).length)
          .isLessThanOrEqualTo(length + 64 + length / 10_000);
    }
  }

  @Test
  @Tag("slow")
  void whatIsNoTextIsCutIntoLongBlocksByTheLevel() throws Exception {
    byte[] plain = Samples.random(9 << 20, 8);
    for (int i = 0; i < plain.length; i++) {
      plain[i] &= (byte) 0x83; // LZMA2 halves it
    }
    Map<Integer, Integer> blocks = Map.of(1, 3, 6, 2);
    for (Map.Entry<Integer, Integer> expected : blocks.entrySet()) {
      TrcOptions options = TrcOptions.builder().level(expected.getKey()).threads(2).build();
      byte[] archive = assertComesBack(plain, options);
      TrcInfo info = TrcInfo.read(new BytesChannel(archive));
      assertThat(info.blocks()).isEqualTo(expected.getValue().longValue());
      assertThat(archive.length).isLessThan(plain.length / 2);
    }
  }

  @Test
  @Tag("slow")
  void printableNoiseHardlyGrowsEither() throws Exception {
    Random random = new Random(5);
    byte[] plain = new byte[9_000];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = (byte) (' ' + random.nextInt(95));
    }
    TrcOptions small = TrcOptions.builder().blockSize(TrcOptions.BLOCK_SIZE_MIN).build();
    assertThat(assertComesBack(plain, small).length).isLessThan(plain.length + 68);
  }

  @Test
  @Tag("slow")
  void manyBlocksOnSeveralThreadsComeBackInOrder() throws Exception {
    byte[] plain = Samples.prose(13_000, 3);
    TrcOptions options = TrcOptions.builder().blockSize(4096).threads(3).build();
    byte[] compressed = assertComesBack(plain, options);
    assertThat(compressed).isEqualTo(Trc.compress(plain, options.toBuilder().threads(1).build()));
    assertThat(Trc.decompress(compressed)).isEqualTo(plain);
  }

  @Test
  @Tag("slow")
  void textThatTheModelKnowsLittleOfIsNotMuchWorseThanLzma() throws Exception {
    StringBuilder table = new StringBuilder();
    Random random = new Random(6);
    for (int i = 0; i < 500; i++) {
      table.append("row=").append(i).append(";x=").append(random.nextInt(3)).append(";q9z\n");
    }
    byte[] plain = Samples.utf8(table.toString());
    ByteArrayOutputStream xz = new ByteArrayOutputStream();
    try (XZOutputStream out = new XZOutputStream(xz, new LZMA2Options(6))) {
      out.write(plain);
    }
    TrcOptions small = TrcOptions.builder().blockSize(TrcOptions.BLOCK_SIZE_MIN).build();
    assertThat(assertComesBack(plain, small).length).isLessThan(xz.size() + 64);
  }

  @Test
  void textBetweenBytesComesBack() throws Exception {
    byte[] plain =
        Samples.concatenate(
            Samples.random(10_000, 1),
            Samples.prose(2_000, 2),
            new byte[50_000],
            Samples.prose(1_000, 4),
            Samples.random(9_000, 5));
    assertComesBack(plain, TrcOptions.builder().blockSize(4096).build());
  }

  @Test
  @Tag("slow")
  void hundredMegabytesOfZerosAreQuick() throws Exception {
    byte[] zeros = new byte[100_000_000];
    byte[] compressed = Trc.compress(zeros, TrcOptions.builder().level(1).build());
    assertThat(compressed.length).isLessThan(20_000);
    assertThat(Arrays.equals(Trc.decompress(compressed), zeros)).isTrue();
  }

  @Test
  @Tag("slow")
  void everyLevelComesBack() throws Exception {
    byte[] plain = Samples.prose(300, 7);
    for (int level = TrcOptions.LEVEL_MIN; level <= TrcOptions.LEVEL_MAX; level++) {
      assertComesBack(plain, TrcOptions.builder().level(level).build());
    }
  }

  @Test
  void verifiedBlocksComeBack() throws Exception {
    assertComesBack(Samples.prose(1_000, 8), TrcOptions.builder().verify(true).build());
  }

  @Test
  void stringsComeBack() throws Exception {
    String text = "Grüße aus der Normandie: ▁ — ünïcödé 🚢";
    assertThat(Trc.decompressText(Trc.compress(text))).isEqualTo(text);
  }

  @Test
  void filesComeBack(@TempDir Path folder) throws Exception {
    Path plain = Files.write(folder.resolve("plain.txt"), Samples.utf8(Samples.PARAGRAPH));
    Path compressed = folder.resolve("plain.txt.trc");
    Path back = Files.writeString(folder.resolve("back.txt"), "to be replaced");
    Trc.compress(plain, compressed);
    Trc.decompress(compressed, back);
    assertThat(back).hasSameBinaryContentAs(plain);
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void aFailedFileCallLeavesWhatWasThere(@TempDir Path folder) throws Exception {
    Path noArchive = Files.writeString(folder.resolve("no.trc"), "this is no archive");
    Path target = Files.writeString(folder.resolve("target.txt"), "precious");
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(() -> Trc.decompress(noArchive, target)))
        .isInstanceOf(TrcFormatException.class);
    assertThat(target).hasContent("precious");
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  private static byte[] assertComesBack(byte[] plain, TrcOptions options) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TrcOutputStream out = new TrcOutputStream(bytes, options)) {
      out.write(plain, 0, plain.length / 2);
      if (plain.length > 0) {
        out.write(plain[plain.length / 2]);
        out.write(plain, plain.length / 2 + 1, plain.length - plain.length / 2 - 1);
      }
    }
    byte[] compressed = bytes.toByteArray();
    try (TrcInputStream in = new TrcInputStream(new ByteArrayInputStream(compressed), options)) {
      assertThat(Arrays.equals(in.readAllBytes(), plain)).isTrue();
      assertThat(in.read()).isEqualTo(-1);
      assertThat(in.compressedBytesRead()).isEqualTo(compressed.length);
    }
    return compressed;
  }
}
