package io.trc.predict.llama;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.model.EmbeddedModel;
import io.trc.predict.GgufFile;
import io.trc.predict.GgufWriter;
import io.trc.predict.Lanes;
import io.trc.predict.NumericsProfile;
import io.trc.predict.SlidingWindow;
import io.trc.predict.TinyModels;
import io.trc.predict.Vocabulary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LlamaModelTest {
  private static final int WINDOW = 64;
  private static final int LENGTH = 700;

  @TempDir static Path folder;

  @BeforeAll
  static void needsTheLibrary() {
    Assumptions.assumeTrue(LlamaLibrary.isAvailable(), () -> "" + LlamaLibrary.unavailability());
  }

  static LlamaModel load(Path file) throws IOException {
    GgufFile header = GgufFile.read(file);
    return LlamaModel.load(file, header, vocabulary(header));
  }

  /** A vocabulary that knows its size only, which is all that the engine asks for. */
  static Vocabulary vocabulary(GgufFile header) {
    byte[][] tokens = header.strings("tokenizer.ggml.tokens");
    int size = tokens == null ? 0 : tokens.length;
    return new Vocabulary() {
      @Override
      public int size() {
        return size;
      }

      @Override
      public int startToken() {
        return 1;
      }

      @Override
      public byte[] bytes(int token) {
        throw new UnsupportedOperationException();
      }

      @Override
      public int[] tokenize(byte[] text, int offset, int length) {
        throw new UnsupportedOperationException();
      }
    };
  }

  static Path embedded() throws IOException {
    Path file = folder.resolve("embedded.gguf");
    if (!Files.exists(file)) {
      try (InputStream in = EmbeddedModel.SMALL.open()) {
        Files.copy(in, file);
      }
    }
    return file;
  }

  static Stream<Arguments> models() throws IOException {
    return Stream.of(
        Arguments.of("embedded", embedded()),
        tiny("Q8_0", new TinyModels(1)),
        tiny("Q8_0, shared keys", new TinyModels(2).heads(4, 2).embedding(128)),
        tiny("Q4_0", new TinyModels(3).type(GgufWriter.Q4_0)),
        tiny("Q5_0", new TinyModels(4).type(GgufWriter.Q5_0).tied(false)),
        tiny("F16", new TinyModels(5).type(GgufWriter.F16)),
        tiny("F16, shared keys", new TinyModels(6).type(GgufWriter.F16).heads(2, 1)),
        tiny("F32", new TinyModels(7).type(GgufWriter.F32)),
        tiny("BF16", new TinyModels(8).type(GgufWriter.BF16)));
  }

  private static Arguments tiny(String name, TinyModels model) {
    return Arguments.of(name, model.write(folder.resolve(name + ".gguf")));
  }

  /** Hashes of the logits after each token of one lane. */
  static long[] run(LlamaModel model, int[][] texts, int lane, int maxSteps) throws IOException {
    int lanes = texts.length;
    int[] columns = new int[LENGTH * lanes];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = texts[i % lanes][i / lanes];
    }
    long[] hashes = new long[LENGTH];
    float[] logits = new float[model.vocabulary().size()];
    try (Lanes opened = model.openLanes(lanes, WINDOW, maxSteps)) {
      SlidingWindow window = new SlidingWindow(opened);
      for (int step = 0; step < LENGTH; ) {
        int taken = window.advance(columns, step * lanes, LENGTH - step);
        for (int s = 0; s < taken; s++) {
          opened.logits(s * lanes + lane, logits);
          long hash = 1;
          for (float logit : logits) {
            hash = hash * 0x9E3779B97F4A7C15L + Float.floatToRawIntBits(logit);
          }
          hashes[step + s] = hash;
        }
        step += taken;
      }
    }
    return hashes;
  }

  static int[][] texts(LlamaModel model, int lanes) {
    SplittableRandom random = new SplittableRandom(lanes);
    int[][] texts = new int[lanes][];
    for (int i = 0; i < lanes; i++) {
      texts[i] = random.ints(LENGTH, 0, model.vocabulary().size()).toArray();
    }
    texts[0] = new SplittableRandom(0).ints(LENGTH, 0, model.vocabulary().size()).toArray();
    return texts;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void givesTheSameLogitsInBatchesOfAnySizeAndBesideAnyLanes(String name, Path file)
      throws Exception {
    try (LlamaModel model = load(file)) {
      assertThat(model.numerics().shapeInvariant()).isTrue();
      int[][] alone = texts(model, 1);
      long[] single = run(model, alone, 0, 1);
      for (int steps : new int[] {7, 64, 512}) {
        assertThat(run(model, alone, 0, steps)).as("batches of %d", steps).isEqualTo(single);
      }
      for (int lanes = 2; lanes <= 8; lanes++) {
        int[][] texts = texts(model, lanes);
        assertThat(run(model, texts, 0, 1)).as("%d lanes", lanes).isEqualTo(single);
        texts[lanes - 1] = alone[0];
        int steps = 1 << lanes;
        assertThat(run(model, texts, lanes - 1, steps))
            .as("the last of %d lanes, batches of %d", lanes, steps)
            .isEqualTo(single);
      }
    }
  }

  @Test
  void promisesTheKnownArithmeticForTheEmbeddedModel() throws Exception {
    Assumptions.assumeTrue(LlamaLibrary.isBundledForLinuxX64());
    try (LlamaModel model = load(embedded())) {
      assertThat(model.numerics().profile()).isEqualTo(NumericsProfile.GGML_Q8_AVX2);
      assertThat(model.trainedWindow()).isEqualTo(512);
      assertThat(model.engine()).isEqualTo("llama.cpp b4916, native");
    }
  }
}
