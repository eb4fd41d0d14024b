package io.trc.predict.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.trc.gguf.GgufFile;
import io.trc.gguf.GgufWriter;
import io.trc.gguf.TinyModels;
import io.trc.model.EmbeddedModel;
import io.trc.predict.Lanes;
import io.trc.predict.Numerics;
import io.trc.predict.NumericsProfile;
import io.trc.predict.SlidingWindow;
import io.trc.predict.Vocabulary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LlamaModelTest {
  private static final int WINDOW = 64;
  private static final int LENGTH = 700;

  /** Enough for five slides of a model whose tokens take longer. */
  private static final int EMBEDDED_LENGTH = 200;

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
      public boolean isByteToken(int token) {
        return false;
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
      try (InputStream in = EmbeddedModel.small().open()) {
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
        tiny("BF16", new TinyModels(8).type(GgufWriter.BF16)),
        // Of the window's 64 tokens 49 are evaluated anew when it slides: six eights and one.
        tiny("F16, cannot shift", new TinyModels(10).type(GgufWriter.F16).latent()),
        tiny("Q8_0, cannot shift", new TinyModels(11).latent()));
  }

  private static Arguments tiny(String name, TinyModels model) {
    return Arguments.of(name, model.write(folder.resolve(name + ".gguf")));
  }

  private static Path tiny() {
    return new TinyModels(9).write(folder.resolve("tiny.gguf"));
  }

  /** Hashes of the logits after each token of each text. */
  private static long[][] run(LlamaModel model, int maxSteps, int[]... texts) throws IOException {
    int lanes = texts.length;
    int length = texts[0].length;
    int[] columns = new int[length * lanes];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = texts[i % lanes][i / lanes];
    }
    long[][] hashes = new long[lanes][length];
    float[] logits = new float[model.vocabulary().size()];
    try (Lanes opened = model.openLanes(lanes, WINDOW, maxSteps)) {
      SlidingWindow window = new SlidingWindow(opened);
      for (int step = 0; step < length; ) {
        int taken = window.advance(columns, step * lanes, length - step);
        for (int i = 0; i < taken * lanes; i++) {
          opened.logits(i, logits);
          hashes[i % lanes][step + i / lanes] = hash(logits);
        }
        step += taken;
      }
    }
    return hashes;
  }

  private static long hash(float[] logits) {
    long hash = 1;
    for (float logit : logits) {
      hash = hash * 0x9E3779B97F4A7C15L + Float.floatToRawIntBits(logit);
    }
    return hash;
  }

  private static int[] text(LlamaModel model, long seed) {
    int size = model.vocabulary().size();
    int length = size > 1000 ? EMBEDDED_LENGTH : LENGTH;
    return new SplittableRandom(seed).ints(length, 0, size).toArray();
  }

  @ParameterizedTest(name = "{0}")
  @Tag("slow")
  @MethodSource("models")
  void givesTheSameLogitsInBatchesOfAnySizeAndBesideAnyLanes(String name, Path file)
      throws Exception {
    try (LlamaModel model = load(file)) {
      assertThat(model.numerics().shapeInvariant()).isTrue();
      int[] text = text(model, 0);
      long[] single = run(model, 1, text)[0];
      for (int steps : new int[] {7, 64, 512}) {
        assertThat(run(model, steps, text)[0]).as("batches of %d", steps).isEqualTo(single);
      }
      for (int lanes : new int[] {2, 8}) {
        int[][] texts = new int[lanes][];
        for (int i = 1; i < lanes - 1; i++) {
          texts[i] = text(model, i);
        }
        texts[0] = text;
        texts[lanes - 1] = text;
        for (int steps : new int[] {1, 16}) {
          long[][] beside = run(model, steps, texts);
          assertThat(beside[0]).as("first of %d lanes", lanes).isEqualTo(single);
          assertThat(beside[lanes - 1]).as("last of %d lanes", lanes).isEqualTo(single);
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  @Tag("slow")
  void givesSeveralThreadsWithLanesOfTheirOwnTheSameLogits(String name, Path file)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (LlamaModel model = load(file)) {
      int[] text = text(model, 0);
      long[] alone = run(model, 1, text)[0];
      List<Future<long[]>> runs = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int steps = 1 << i;
        runs.add(threads.submit(() -> run(model, steps, text)[0]));
      }
      for (Future<long[]> run : runs) {
        assertThat(run.get()).isEqualTo(alone);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  @Tag("slow")
  void loadsAndClosesManyTimes() throws Exception {
    Path file = tiny();
    Set<Numerics> numerics = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      try (LlamaModel model = load(file)) {
        numerics.add(model.numerics());
      }
    }
    assertThat(numerics).hasSize(1);
  }

  @Test
  void startsAnewAfterClearing() throws Exception {
    try (LlamaModel model = load(tiny());
        Lanes lanes = model.openLanes(2, 16, 8)) {
      float[] first = new float[model.vocabulary().size()];
      float[] again = new float[model.vocabulary().size()];
      lanes.evaluate(new int[] {1, 2, 3, 4}, 0, 2);
      lanes.logits(3, first);
      lanes.evaluate(new int[] {5, 6}, 0, 1);
      lanes.clear();
      assertThat(lanes.length()).isZero();
      lanes.evaluate(new int[] {1, 2, 3, 4}, 0, 2);
      lanes.logits(3, again);
      assertThat(again).isEqualTo(first);
    }
  }

  @Test
  void keepsTheModelUntilItsLanesAreClosed() throws Exception {
    LlamaModel model = load(tiny());
    Lanes lanes = model.openLanes(1, 16, 1);
    model.close();
    model.close();
    lanes.evaluate(new int[] {1}, 0, 1);
    lanes.logits(0, new float[model.vocabulary().size()]);
    lanes.close();
    lanes.close();
    assertThatIllegalStateException().isThrownBy(() -> model.openLanes(1, 16, 1));
    assertThatIllegalStateException().isThrownBy(() -> lanes.evaluate(new int[] {1}, 0, 1));
    assertThatIllegalStateException().isThrownBy(() -> lanes.drop(0, 0));
    assertThatIllegalStateException().isThrownBy(() -> lanes.logits(0, new float[320]));
    assertThatIllegalStateException().isThrownBy(lanes::clear);
  }

  @Test
  void freesTheModelWithTheLastOfItsLanes() throws Exception {
    Path file = tiny();
    GgufFile header = GgufFile.read(file);
    NativeModel model = NativeModel.load(file, header);
    NativeShape shape = NativeShape.of(header, model.vocabularySize());
    model.retain();
    LlamaLanes lanes = new LlamaLanes(model, shape, 1, 16, 1);
    model.release();
    assertThat(model.isFreed()).isFalse();
    lanes.close();
    assertThat(model.isFreed()).isTrue();
    assertThatIllegalStateException().isThrownBy(model::retain);
  }

  @Test
  @Tag("slow")
  void freesWhatWasForgottenToBeClosed() throws Exception {
    Path file = tiny();
    GgufFile header = GgufFile.read(file);
    NativeModel model = NativeModel.load(file, header);
    model.retain();
    forgetLanes(model, NativeShape.of(header, model.vocabularySize()));
    model.release();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!model.isFreed() && System.nanoTime() < deadline) {
      System.gc();
      Thread.onSpinWait();
    }
    assertThat(model.isFreed()).isTrue();
  }

  private static void forgetLanes(NativeModel model, NativeShape shape) throws IOException {
    assertThat(new LlamaLanes(model, shape, 1, 16, 1).length()).isZero();
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

  static Stream<Arguments> modelsOfNoKnownArithmetic() {
    return Stream.of(
        Arguments.of("heads of 8", new TinyModels(1).heads(8, 8).writer()),
        Arguments.of("heads of 512", new TinyModels(1).embedding(512).heads(1, 1).writer()),
        Arguments.of("base", new TinyModels(1).ropeBase(2e9f).writer()),
        Arguments.of(
            "counts of heads",
            new TinyModels(1)
                .writer()
                .remove("llama.attention.head_count")
                .integers("llama.attention.head_count", 2, 2)),
        Arguments.of(
            "scaled attention",
            new TinyModels(1).writer().f32("llama.rope.scaling.attn_factor", 2)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("modelsOfNoKnownArithmetic")
  void promisesItForNoModelThatTheJavaEngineRefuses(String name, GgufWriter writer)
      throws Exception {
    try (LlamaModel model = load(writer.write(folder.resolve(name + ".gguf")))) {
      assertThat(model.numerics().profile()).isEqualTo(NumericsProfile.NATIVE);
    }
  }
}
