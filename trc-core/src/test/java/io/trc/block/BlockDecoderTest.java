package io.trc.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.TrcCorruptedException;
import io.trc.model.EmbeddedModel;
import io.trc.predict.GgufFile;
import io.trc.predict.GgufVocabulary;
import io.trc.predict.LanguageModel;
import io.trc.predict.portable.PortableModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockDecoderTest {
  private static final int WINDOW = 64;
  private static final int[] LENGTHS = {700, 60, 450, 900, 300};

  private static LanguageModel model() throws IOException {
    try (InputStream in = EmbeddedModel.small().open()) {
      GgufFile file = GgufFile.of(ByteBuffer.wrap(in.readAllBytes()), "the embedded model");
      return PortableModel.load(file, GgufVocabulary.of(file));
    }
  }

  private static byte[] text() throws IOException {
    try (InputStream in = BlockDecoderTest.class.getResourceAsStream("/io/trc/lord-jim.txt")) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HUFFMAN", "RANGE"})
  void blocksOfManyLengthsComeBackFromLanes(Coding coding) throws IOException {
    byte[] text = text();
    List<byte[]> plain = new ArrayList<>();
    List<Payload> payloads = new ArrayList<>();
    try (LanguageModel model = model()) {
      BlockEncoder encoder = new BlockEncoder(model, coding, WINDOW, 6, null);
      BlockDecoder decoder = new BlockDecoder(model, WINDOW, null);
      int from = 0;
      for (int length : LENGTHS) {
        plain.add(Arrays.copyOfRange(text, from, from + length));
        Payload payload = encoder.encode(text, from, length);
        assertThat(payload.coding()).isEqualTo(coding);
        payloads.add(payload);
        from += length;
      }

      assertThat(decoder.decode(payloads)).isDeepEqualTo(plain.toArray(byte[][]::new));
      // Lanes are opened anew for another number of blocks, and start without a past.
      assertThat(decoder.decode(payloads.subList(1, 3)))
          .isDeepEqualTo(plain.subList(1, 3).toArray(byte[][]::new));
      assertThat(decoder.decode(payloads.subList(3, 4))[0]).isEqualTo(plain.get(3));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HUFFMAN", "RANGE"})
  void aFewBytesThatClaimMuchAreRefusedAfterLittleWork(Coding coding) {
    int payload = 40;
    FakeModel model = new FakeModel();
    BlockDecoder decoder = new BlockDecoder(model, 16, null);
    assertThatThrownBy(
            () -> decoder.decode(List.of(new Payload(coding, new byte[payload], 4 << 20))))
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
    BlockEncoder encoder = new BlockEncoder(model, Coding.RANGE, 16, 6, null);
    Payload payload = encoder.encode(text, 0, text.length);
    assertThat(model.evaluated()).isPositive();
    byte[] plain =
        payload.coding().needsModel()
            ? new BlockDecoder(model, 16, null).decode(List.of(payload))[0]
            : BlockDecoder.decodeBinary(payload);
    assertThat(plain).isEqualTo(text);
  }

  @Test
  void binaryBlocksNeedNoModel() throws IOException {
    byte[] zeros = new byte[5000];
    Payload payload = BlockEncoder.encodeBinary(zeros, 0, zeros.length, 6);
    assertThat(payload.coding()).isEqualTo(Coding.LZMA2);
    assertThat(BlockDecoder.decodeBinary(payload)).isEqualTo(zeros);
  }
}
