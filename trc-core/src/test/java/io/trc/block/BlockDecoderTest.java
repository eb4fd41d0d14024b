package io.trc.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.TrcCorruptedException;
import io.trc.TrcEngine;
import io.trc.TrcException;
import io.trc.container.Block;
import io.trc.container.BlockMethod;
import io.trc.mix.Learnt;
import io.trc.mix.MixSize;
import io.trc.models.Model;
import io.trc.predict.LanguageModel;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockDecoderTest {
  private static final int WINDOW = 64;
  private static final int[] LENGTHS = {250, 60, 180, 340, 120};
  private static final BlockMethod[] METHODS = {
    BlockMethod.HUFFMAN, BlockMethod.RANGE, BlockMethod.MIXED
  };

  private static byte[] text() throws IOException {
    try (InputStream in = BlockDecoderTest.class.getResourceAsStream("/io/trc/lord-jim.txt")) {
      return in.readAllBytes();
    }
  }

  static BlockEncoder encoder(LanguageModel model, BlockMethod method) {
    int window = Math.min(WINDOW, model.trainedWindow());
    MixSize mixing = new MixSize(MixSize.MOST_CONTEXTS, 12);
    Coding coding = new Coding(method, mixing, mixing, 6, 16, true);
    return new BlockEncoder(() -> new Prediction(model, window), coding);
  }

  private static BlockDecoder decoder(LanguageModel model) {
    int window = Math.min(WINDOW, model.trainedWindow());
    return new BlockDecoder(() -> new Prediction(model, window));
  }

  private static byte[] decode(LanguageModel model, Block block) throws IOException {
    return decoder(model).decode(List.of(block), null)[0];
  }

  @Test
  void blocksOfManyLengthsAndMethodsComeBackFromLanes() throws IOException {
    byte[] text = text();
    List<byte[]> plain = new ArrayList<>();
    List<Block> blocks = new ArrayList<>();
    LanguageModel model = Model.embedded().get(0).choose(TrcEngine.PORTABLE).model();
    BlockDecoder decoder = decoder(model);
    int from = 0;
    for (int length : LENGTHS) {
      plain.add(Arrays.copyOfRange(text, from, from + length));
      BlockMethod method = METHODS[blocks.size() % METHODS.length];
      byte[] part = Arrays.copyOfRange(text, from, from + length);
      Block block = encoder(model, method).text(method, part, null);
      // Short texts may be coded by logits alone.
      assertThat(block.method().needsModel()).isEqualTo(method.needsModel());
      blocks.add(block);
      from += length;
    }

    assertThat(decoder.decode(blocks, null)).isDeepEqualTo(plain.toArray(byte[][]::new));
    // Lanes are opened anew for another number of blocks, and start without a past.
    assertThat(decoder.decode(blocks.subList(1, 3), null))
        .isDeepEqualTo(plain.subList(1, 3).toArray(byte[][]::new));
    assertThat(decoder.decode(blocks.subList(3, 4), null)[0]).isEqualTo(plain.get(3));
  }

  @ParameterizedTest
  @EnumSource(names = {"HUFFMAN", "RANGE", "MIXED"})
  void aFewBytesThatClaimMuchAreRefusedAfterLittleWork(BlockMethod method) {
    int payload = 40;
    FakeModel model = new FakeModel();
    BlockDecoder decoder = decoder(model);
    byte[] code = new byte[payload];
    code[0] = new MixSize(1, 10).encode();
    Block block = Block.coded(method, new byte[4 << 20], 0, 4 << 20, code);
    assertThatThrownBy(() -> decoder.decode(List.of(block), null))
        .isInstanceOf(TrcCorruptedException.class);
    assertThat(model.evaluated()).isBetween(1, 100 * payload);
  }

  @Test
  void theEncoderLeavesToLzmaWhatNoDecoderWouldAccept() throws IOException {
    byte[] text = new byte[200_000];
    Arrays.fill(text, (byte) 'a');
    // A text that LZMA2 cannot shrink below a 64th, so that the model is asked.
    new Random(5).ints(6000, 0, text.length).forEach(i -> text[i] = 'b');
    FakeModel model = new FakeModel();
    Block block = encoder(model, BlockMethod.RANGE).text(BlockMethod.RANGE, text, null);
    assertThat(model.evaluated()).isPositive();
    assertThat(decode(model, block)).isEqualTo(text);
  }

  @Test
  void binaryBlocksNeedNoModel() throws IOException {
    byte[] zeros = new byte[5000];
    FakeModel model = new FakeModel();
    Block block = encoder(model, BlockMethod.RANGE).binary(zeros, zeros.length);
    assertThat(block.method()).isEqualTo(BlockMethod.LZMA2);
    assertThat(decode(model, block)).isEqualTo(zeros);
    assertThat(model.evaluated()).isZero();
  }

  /** What a block decodes to whose checksums are right although its payload is damaged. */
  private static void assertHarmless(
      LanguageModel model, Block block, byte[] payload, @Nullable Learnt learnt) {
    Block damaged = Block.coded(block.method(), new byte[500], 0, 500, payload);
    Block given = block.isLinked() ? damaged.related(true, false) : damaged;
    try {
      assertThat(decoder(model).decode(List.of(given), learnt)[0]).hasSize(500);
    } catch (TrcException e) {
      assertThat(e).hasMessageNotContaining("Exception");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MIXED", "BYTES"})
  void damagedMixedPayloadsAreHarmless(BlockMethod method) throws IOException {
    FakeModel model = new FakeModel();
    byte[] text = Arrays.copyOf(text(), 500);
    BlockEncoder encoder = encoder(model, method);
    BlockEncoder.Base base = encoder.base(method, text, null);
    assertThat(base.block().method()).isEqualTo(method);
    byte[] next = Arrays.copyOfRange(text(), 500, 1000);
    Block linked = encoder.text(method, next, base.learnt());
    assertThat(linked.isLinked()).isTrue();
    for (Block block : List.of(base.block(), linked)) {
      byte[] payload = block.payload();
      for (int length = 0; length < payload.length; length += 3) {
        assertHarmless(model, block, Arrays.copyOf(payload, length), base.learnt());
      }
      for (int bit = 0; bit < 8 * payload.length; bit += bit < 16 ? 1 : 29) {
        byte[] flipped = payload.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        assertHarmless(model, block, flipped, base.learnt());
      }
    }
  }

  @Test
  void aBlockIsLinkedOnlyToOneOfItsKind() throws IOException {
    FakeModel model = new FakeModel();
    byte[] text = Arrays.copyOf(text(), 500);
    BlockEncoder.Base bytes = encoder(model, BlockMethod.BYTES).base(BlockMethod.BYTES, text, null);
    BlockEncoder.Base mixed = encoder(model, BlockMethod.MIXED).base(BlockMethod.MIXED, text, null);
    Block linked = encoder(model, BlockMethod.BYTES).text(BlockMethod.BYTES, text, bytes.learnt());
    assertThat(decoder(model).decode(List.of(linked), bytes.learnt())[0]).isEqualTo(text);
    for (Learnt other : Arrays.asList(mixed.learnt(), null)) {
      assertThatThrownBy(() -> decoder(model).decode(List.of(linked), other))
          .isInstanceOf(TrcCorruptedException.class);
    }
  }
}
