package io.trc.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {
  @Test
  void anEmptyInputTakes17Bytes() {
    assertThat(Samples.member(Samples.PLAIN, List.of())).hasSize(17);
    assertThat(Samples.member(Samples.MODEL, List.of())).hasSize(29);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 127, 128, 413, 16_383, 16_384, 1 << 20, 1 << 25})
  void aStreamOfOneBlockCostsAtMost40BytesBeyondItsPayload(int length) {
    StreamHeader header = new StreamHeader(25, Samples.MODEL.model());
    byte[] plain = new byte[length];
    for (int payload : new int[] {0, length / 4, length}) {
      Block block = Block.coded(BlockMethod.RANGE, plain, 0, length, new byte[payload]);
      assertThat(Samples.member(header, List.of(block)).length - payload).isBetween(34, 40);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 200})
  void storedBlocksOf256KibStayWithin64BytesAnd100Ppm(int count) {
    Block block = Block.stored(new byte[1 << 18]);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      blocks.add(block);
    }
    blocks.add(Block.stored(new byte[1]));
    long plain = ((long) count << 18) + 1;
    assertThat(Samples.member(Samples.MODEL, blocks).length - plain)
        .isLessThanOrEqualTo(64 + plain / 10_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 1000, 262_144})
  void aSmallStoredInputStaysWithin64Bytes(int length) {
    List<Block> blocks = List.of(Block.stored(new byte[length]));
    assertThat(Samples.member(Samples.MODEL, blocks).length - length).isLessThanOrEqualTo(32);
  }

  @Test
  void aLargeStreamCostsLessThanAThousandthOfItsPayload() {
    byte[] plain = new byte[1 << 18];
    Block block = Block.coded(BlockMethod.RANGE, plain, 0, plain.length, new byte[50_000]);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      blocks.add(block);
    }
    long payload = 100L * 50_000;
    assertThat(Samples.member(Samples.MODEL, blocks).length - payload).isLessThan(payload / 1000);
  }
}
