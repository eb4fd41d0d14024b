package io.trc.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2InputStream;

/** Files of version 1 that every later version must read. */
class GoldenTest {
  private static byte[] golden(String name) throws IOException {
    try (InputStream in = GoldenTest.class.getResourceAsStream("v1/" + name)) {
      return in.readAllBytes();
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void theEmptyFileIsReadAndWrittenAsEver() throws Exception {
    assertThat(Samples.stream(golden("empty.trc"))).isEmpty();
    assertThat(Samples.archive(golden("empty.trc"))).isEmpty();
    assertThat(Samples.member(Samples.PLAIN, List.of())).isEqualTo(golden("empty.trc"));
  }

  @Test
  void theStoredFileIsReadAndWrittenAsEver() throws Exception {
    List<Block> blocks = List.of(Block.stored(ascii("Hello, TRC!\n")));
    Samples.assertSame(Samples.stream(golden("stored.trc")), blocks);
    Samples.assertSame(Samples.archive(golden("stored.trc")), blocks);
    assertThat(Samples.member(Samples.PLAIN, blocks)).isEqualTo(golden("stored.trc"));
  }

  @Test
  void theIndexedFileIsReadAndWrittenAsEver() throws Exception {
    byte[] hello = ascii("Hello, ");
    byte[] world = ascii("world!\n");
    List<Block> blocks =
        List.of(
            Block.stored(hello),
            Block.coded(BlockMethod.HUFFMAN, world, 0, world.length, ascii("huff")),
            Block.coded(BlockMethod.RANGE, world, 0, world.length, ascii("rng")));
    Samples.assertSame(Samples.stream(golden("indexed.trc")), blocks);
    Samples.assertSame(Samples.archive(golden("indexed.trc")), blocks);
    assertThat(Samples.member(Samples.MODEL, blocks)).isEqualTo(golden("indexed.trc"));
    MemberReader reader = MemberReader.open(new ByteArrayInputStream(golden("indexed.trc")));
    assertThat(reader.header()).isEqualTo(Samples.MODEL);
  }

  @Test
  void theLzma2FileGivesItsPlainBytes() throws Exception {
    byte[] plain = ascii("abcd".repeat(100));
    List<Block> blocks = Samples.stream(golden("lzma2.trc"));
    assertThat(blocks).hasSize(1);
    Block block = blocks.get(0);
    assertThat(block.method()).isEqualTo(BlockMethod.LZMA2);
    assertThat(block.matches(plain, 0, plain.length)).isTrue();
    try (InputStream in =
        new LZMA2InputStream(new ByteArrayInputStream(block.payload()), 1 << 18)) {
      assertThat(in.readAllBytes()).isEqualTo(plain);
    }
    assertThat(Samples.member(Samples.PLAIN, blocks)).isEqualTo(golden("lzma2.trc"));
  }

  @Test
  void theFileOfSeveralMembersIsAllOfThem() throws Exception {
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    for (String name : List.of("indexed.trc", "empty.trc", "stored.trc", "lzma2.trc")) {
      parts.write(golden(name));
    }
    assertThat(parts.toByteArray()).isEqualTo(golden("members.trc"));
    assertThat(Samples.stream(golden("members.trc"))).hasSize(5);
    assertThat(Samples.archive(golden("members.trc"))).hasSize(5);
  }
}
