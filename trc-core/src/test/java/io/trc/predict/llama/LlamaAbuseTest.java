package io.trc.predict.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.trc.TrcModelException;
import io.trc.gguf.GgufFile;
import io.trc.gguf.TinyModels;
import io.trc.predict.Lanes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tries whatever is known to make the native library end the process, or compute nonsense. */
class LlamaAbuseTest {
  private static final int TOKENS = 320;

  @TempDir Path folder;

  @BeforeAll
  static void needsTheLibrary() {
    Assumptions.assumeTrue(LlamaLibrary.isAvailable(), () -> "" + LlamaLibrary.unavailability());
  }

  @Test
  void refusesStepsThatDoNotFit() throws Exception {
    try (LlamaModel model = LlamaModelTest.load(tiny());
        Lanes lanes = model.openLanes(2, 16, 8)) {
      int[] many = new int[64];
      for (int token : new int[] {-1, TOKENS, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> lanes.evaluate(new int[] {1, token}, 0, 1))
            .withMessageContaining("token " + token);
      }
      for (int steps : new int[] {-1, 0, 9, Integer.MAX_VALUE}) {
        assertThatIllegalArgumentException().isThrownBy(() -> lanes.evaluate(many, 0, steps));
      }
      for (int offset : new int[] {-1, 63, Integer.MAX_VALUE}) {
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
            .isThrownBy(() -> lanes.evaluate(many, offset, 1));
      }
      assertThat(lanes.length()).isZero();
      lanes.evaluate(many, 0, 8);
      lanes.evaluate(many, 0, 8);
      assertThatIllegalArgumentException().isThrownBy(() -> lanes.evaluate(many, 0, 1));
      for (int[] drop : new int[][] {{0, 17}, {0, -1}, {-1, 1}, {16, 1}, {4, 13}}) {
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
            .as(Arrays.toString(drop))
            .isThrownBy(() -> lanes.drop(drop[0], drop[1]));
      }
      assertThatIllegalArgumentException().isThrownBy(() -> lanes.logits(16, new float[TOKENS]));
      assertThatIllegalArgumentException().isThrownBy(() -> lanes.logits(-1, new float[TOKENS]));
      assertThatIllegalArgumentException().isThrownBy(() -> lanes.logits(0, new float[TOKENS - 1]));
      lanes.drop(0, 8);
      lanes.evaluate(many, 0, 8);
    }
  }

  @Test
  void refusesLanesOfImpossibleShape() throws Exception {
    try (LlamaModel model = LlamaModelTest.load(tiny())) {
      int[][] shapes = {
        {0, 16, 1},
        {33, 16, 1},
        {-1, 16, 1},
        {1, 8, 1},
        {1, 48, 1},
        {1, 131072, 1},
        {1, 0x40000000, 1},
        {1, -16, 1},
        {1, 16, 0},
        {1, 16, 513}
      };
      for (int[] shape : shapes) {
        assertThatIllegalArgumentException()
            .as(Arrays.toString(shape))
            .isThrownBy(() -> model.openLanes(shape[0], shape[1], shape[2]));
      }
    }
  }

  @Test
  void opensTheWidestLanes() throws Exception {
    try (LlamaModel model = LlamaModelTest.load(tiny());
        Lanes lanes = model.openLanes(32, 1024, 512)) {
      assertThat(lanes.maxSteps()).isEqualTo(16);
      lanes.evaluate(new int[32 * 16], 0, 16);
      lanes.logits(32 * 16 - 1, new float[TOKENS]);
    }
  }

  @Test
  void refusesWeightsThatAreNoNumbers() throws Exception {
    Path file = tiny();
    GgufFile header = GgufFile.read(file);
    GgufFile.Tensor tensor = header.tensors().get(0);
    byte[] bytes = Files.readAllBytes(file);
    for (long i = tensor.offset(); i < tensor.offset() + tensor.size(); i += 34) {
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort((int) i, (short) 0x7E00);
    }
    Files.write(file, bytes);
    assertThatExceptionOfType(TrcModelException.class)
        .isThrownBy(() -> LlamaModelTest.load(file))
        .withMessageContaining(file.toString())
        .withMessageContaining("damaged");
  }

  @Test
  void refusesModelsThatAreNone() throws Exception {
    assertRefused(new byte[0]);
    assertRefused("This is no model.".getBytes(StandardCharsets.US_ASCII));
    byte[] whole = new TinyModels(1).bytes();
    assertRefused(Arrays.copyOf(whole, whole.length / 2));
    assertRefused(Arrays.copyOf(whole, 100));
    assertRefused(new TinyModels(1).writer().u32("llama.block_count", 0).bytes());
  }

  @Test
  void refusesAFileThatShrinksBetweenItsHeaderAndItsWeights() throws Exception {
    Path file = tiny();
    GgufFile header = GgufFile.read(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    }
    assertThatExceptionOfType(TrcModelException.class)
        .isThrownBy(() -> LlamaModel.load(file, header, LlamaModelTest.vocabulary(header)))
        .withMessageContaining("llama.cpp cannot load this model: ");
  }

  @Test
  void refusesAVocabularyOfAnotherModel() throws Exception {
    Path file = tiny();
    GgufFile header = GgufFile.read(file);
    GgufFile other = new TinyModels(1).vocabulary(400).file();
    assertThatExceptionOfType(TrcModelException.class)
        .isThrownBy(() -> LlamaModel.load(file, header, LlamaModelTest.vocabulary(other)))
        .withMessageContaining("320 tokens, not 400");
  }

  private void assertRefused(byte[] bytes) throws Exception {
    Path file = Files.write(folder.resolve("bad.gguf"), bytes);
    assertThatExceptionOfType(TrcModelException.class)
        .isThrownBy(() -> LlamaModelTest.load(file))
        .withMessageContaining(file.toString());
  }

  private Path tiny() {
    return new TinyModels(1).write(folder.resolve("tiny.gguf"));
  }
}
