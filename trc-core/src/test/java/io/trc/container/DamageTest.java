package io.trc.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.trc.TrcCorruptedException;
import io.trc.TrcException;
import io.trc.TrcFormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DamageTest {
  static List<byte[]> streams() {
    List<byte[]> streams = new ArrayList<>();
    for (StreamHeader header : List.of(Samples.PLAIN, Samples.MODEL)) {
      for (int count : new int[] {0, 1, 3}) {
        streams.add(Samples.member(header, count, 11));
      }
    }
    streams.add(
        Samples.member(
            Samples.MODEL,
            List.of(Block.coded(BlockMethod.RANGE, new byte[9], 0, 9, new byte[4]))));
    return streams;
  }

  @ParameterizedTest
  @MethodSource("streams")
  void everyTruncationIsFound(byte[] stream) {
    for (int length = 1; length < stream.length; length++) {
      byte[] cut = Samples.cut(stream, length);
      assertThatThrownBy(() -> Samples.stream(cut))
          .isInstanceOf(TrcCorruptedException.class)
          .hasMessageContaining("truncated");
      assertThatThrownBy(() -> Samples.archive(cut))
          .isInstanceOf(TrcCorruptedException.class)
          .hasMessageContaining("truncated");
    }
  }

  @ParameterizedTest
  @MethodSource("streams")
  void everyFlippedBitIsFoundAndCalledDamage(byte[] stream) {
    for (int bit = 0; bit < 8 * stream.length; bit++) {
      byte[] flipped = stream.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Class<?> expected =
          bit < 8 * Format.MAGIC_LENGTH ? TrcFormatException.class : TrcCorruptedException.class;
      assertThatThrownBy(() -> Samples.stream(flipped))
          .as("bit %d, streaming", bit)
          .isExactlyInstanceOf(expected);
      assertThatThrownBy(() -> Samples.archive(flipped))
          .as("bit %d, by the table", bit)
          .isExactlyInstanceOf(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("streams")
  void everyFlippedBitOfASecondMemberIsFound(byte[] stream) {
    byte[] first = Samples.member(Samples.PLAIN, 2, 12);
    byte[] joined = Samples.join(first, stream);
    for (int bit = 8 * first.length; bit < 8 * joined.length; bit++) {
      byte[] flipped = joined.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> Samples.stream(flipped))
          .as("bit %d, streaming", bit)
          .isExactlyInstanceOf(TrcCorruptedException.class);
      assertThatThrownBy(() -> Samples.archive(flipped))
          .as("bit %d, by the table", bit)
          .isExactlyInstanceOf(TrcCorruptedException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("streams")
  void aMissingOrDoubledByteIsFound(byte[] stream) {
    for (int i = 0; i < stream.length; i++) {
      byte[] head = Samples.cut(stream, i);
      byte[] missing = Samples.join(head, Arrays.copyOfRange(stream, i + 1, stream.length));
      byte[] doubled =
          Samples.join(head, Arrays.copyOfRange(stream, Math.max(0, i - 1), stream.length));
      assertThatThrownBy(() -> Samples.stream(missing)).isInstanceOf(TrcException.class);
      assertThatThrownBy(() -> Samples.archive(missing)).isInstanceOf(TrcException.class);
      if (i > 0) {
        assertThatThrownBy(() -> Samples.stream(doubled)).isInstanceOf(TrcException.class);
        assertThatThrownBy(() -> Samples.archive(doubled)).isInstanceOf(TrcException.class);
      }
    }
  }

  @Test
  void swappedBlocksAreFound() {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      blocks.add(Block.stored(Samples.bytes(new SplittableRandom(i), 20)));
    }
    byte[] stream = Samples.member(Samples.PLAIN, blocks);
    int record = 1 + 1 + 20 + 4;
    byte[] swapped = stream.clone();
    System.arraycopy(stream, 11, swapped, 11 + record, record);
    System.arraycopy(stream, 11 + record, swapped, 11, record);
    assertThatThrownBy(() -> Samples.stream(swapped))
        .isInstanceOf(TrcCorruptedException.class)
        .hasMessageStartingWith("block 0 at byte 11");
    assertThatThrownBy(() -> Samples.archive(swapped)).isInstanceOf(TrcCorruptedException.class);
  }

  @Test
  void aMissingBlockIsFound() {
    List<Block> blocks =
        Collections.nCopies(3, Block.stored(Samples.bytes(new SplittableRandom(1), 20)));
    byte[] stream = Samples.member(Samples.PLAIN, blocks);
    int record = 1 + 1 + 20 + 4;
    for (int i = 0; i < 3; i++) {
      byte[] missing =
          Samples.join(
              Samples.cut(stream, 11 + i * record),
              Arrays.copyOfRange(stream, 11 + (i + 1) * record, stream.length));
      assertThatThrownBy(() -> Samples.stream(missing)).isInstanceOf(TrcCorruptedException.class);
      assertThatThrownBy(() -> Samples.archive(missing)).isInstanceOf(TrcCorruptedException.class);
    }
  }

  @Test
  void whateverIsChangedOnlyTrcExceptionsComeOutAndNeverOtherBytes() {
    SplittableRandom random = new SplittableRandom(77);
    List<Block> blocks = Samples.blocks(Samples.MODEL, 6, 13);
    byte[] member = Samples.member(Samples.MODEL, blocks);
    byte[] joined = Samples.join(member, Samples.member(Samples.PLAIN, 1, 14), member);
    int found = 0;
    for (int round = 0; round < 4_000; round++) {
      byte[] bytes = mutated(joined, random);
      if (Arrays.equals(bytes, joined)) {
        continue;
      }
      Throwable streaming = catchThrowable(() -> Samples.stream(bytes));
      Throwable seeking = catchThrowable(() -> Samples.archive(bytes));
      // Cut between two members, a stream is a whole one still.
      boolean whole =
          Arrays.equals(bytes, member)
              || Arrays.equals(bytes, Samples.cut(joined, joined.length - member.length));
      if (bytes.length > 0 && !whole) {
        assertThat(streaming).isInstanceOf(TrcException.class);
        assertThat(seeking).isInstanceOf(TrcException.class);
        found++;
      }
    }
    assertThat(found).isGreaterThan(3_000);
  }

  private static byte[] mutated(byte[] original, SplittableRandom random) {
    byte[] bytes = original.clone();
    int changes = random.nextInt(1, 4);
    for (int i = 0; i < changes && bytes.length > 0; i++) {
      int at = random.nextInt(bytes.length);
      int length = random.nextInt(1, 12);
      int end = Math.min(bytes.length, at + length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes = Samples.cut(bytes, at);
        case 2 ->
            bytes =
                Samples.join(
                    Samples.cut(bytes, at),
                    Samples.bytes(random, length),
                    Arrays.copyOfRange(bytes, at, bytes.length));
        case 3 ->
            bytes =
                Samples.join(Samples.cut(bytes, at), Arrays.copyOfRange(bytes, end, bytes.length));
        default -> Arrays.fill(bytes, at, end, (byte) (random.nextBoolean() ? 0 : 0xFF));
      }
    }
    return bytes;
  }

  @Test
  void randomBytesAfterTheMagicGiveTrcExceptionsOnly() {
    SplittableRandom random = new SplittableRandom(78);
    byte[] magic = Samples.cut(Samples.member(Samples.PLAIN, 0, 0), 11);
    for (int round = 0; round < 4_000; round++) {
      byte[] bytes = Samples.join(magic, Samples.bytes(random, random.nextInt(1, 60)));
      assertThat(catchThrowable(() -> Samples.stream(bytes))).isInstanceOf(TrcException.class);
      assertThat(catchThrowable(() -> Samples.archive(bytes))).isInstanceOf(TrcException.class);
    }
  }
}
