package io.trc.predict.portable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import io.trc.gguf.GgufFile;
import io.trc.gguf.GgufWriter;
import io.trc.gguf.TinyModels;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.kernels.KernelsModel;
import io.trc.predict.kernels.KernelsPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The logits of the kernels, by every path that this machine has, against the Java engine's. */
class KernelsAgreementTest {
  static List<KernelsPath> paths() {
    List<KernelsPath> paths = KernelsPath.available();
    assumeThat(paths).isNotEmpty();
    return paths;
  }

  private static KernelsModel load(byte[] gguf, KernelsPath path) throws IOException {
    GgufFile file = GgufFile.of(ByteBuffer.wrap(gguf), "model in memory");
    return KernelsModel.load(file, Evaluation.vocabulary(file), path);
  }

  private static List<KernelsModel> loadAll(byte[] gguf) throws IOException {
    List<KernelsModel> models = new ArrayList<>();
    for (KernelsPath path : paths()) {
      models.add(load(gguf, path));
    }
    return models;
  }

  private static void compare(
      LanguageModel expected, List<KernelsModel> models, int[][] texts, int window, int maxSteps)
      throws IOException {
    int[] hashes = Evaluation.hashes(expected, texts, window, maxSteps);
    for (KernelsModel model : models) {
      assertThat(Evaluation.hashes(model, texts, window, maxSteps))
          .as(
              "%s: %d lanes, window %d, batches of %d",
              model.engine(), texts.length, window, maxSteps)
          .isEqualTo(hashes);
    }
  }

  private static void compareInManyShapes(byte[] gguf, int[] text) throws IOException {
    List<KernelsModel> models = loadAll(gguf);
    try (PortableModel expected = Evaluation.load(gguf)) {
      assertThat(models)
          .allSatisfy(model -> assertThat(model.numerics()).isEqualTo(expected.numerics()));
      compare(expected, models, new int[][] {text}, 64, 1);
      compare(expected, models, new int[][] {text}, 64, 64);
      compare(expected, models, new int[][] {text}, 256, 200);
      compare(expected, models, Evaluation.lanes(Arrays.copyOf(text, 100), 3), 32, 7);
      compare(expected, models, Evaluation.lanes(Arrays.copyOf(text, 50), 8), 16, 3);
    } finally {
      models.forEach(KernelsModel::close);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EMBEDDED")
  @Tag("slow")
  void everyLogitIsThatOfTheJavaEngine(Sample sample) throws IOException {
    byte[] gguf = sample.gguf();
    try (PortableModel model = Evaluation.load(gguf)) {
      compareInManyShapes(gguf, sample.text(model));
    }
  }

  @Test
  @Tag("slow")
  void everyLogitOfTheEmbeddedModelIsThatOfTheJavaEngine() throws IOException {
    byte[] gguf = Sample.EMBEDDED.gguf();
    try (PortableModel model = Evaluation.load(gguf)) {
      compareInManyShapes(gguf, Sample.EMBEDDED.text(model));
    }
  }

  static Stream<Arguments> oddModels() throws IOException {
    TinyModels mixed = new TinyModels(12).embedding(96).heads(3, 1).spread(0.3f);
    return Stream.of(
        Arguments.of(
            "heads of 22, 333 tokens",
            new TinyModels(10).embedding(352).heads(16, 4).vocabulary(333).bytes()),
        Arguments.of("heads of 34", new TinyModels(11).embedding(544).heads(16, 16).bytes()),
        Arguments.of(
            "values in Q5_0",
            retyped(mixed, "blk.0.attn_v.weight", "blk.1.ffn_up.weight", "token_embd.weight")),
        Arguments.of(
            "heads of 256", new TinyModels(13).embedding(512).heads(2, 2).tied(false).bytes()),
        Arguments.of(
            "weights of -128", withLeastWeights(new TinyModels(14).embedding(128).heads(2, 1))),
        Arguments.of(
            "weights of -128, untied",
            withLeastWeights(new TinyModels(15).embedding(256).heads(4, 4).tied(false))),
        Arguments.of(
            "sure, many heads", new TinyModels(16).embedding(384).heads(6, 3).spread(1f).bytes()));
  }

  private static byte[] retyped(TinyModels models, String... names) throws IOException {
    GgufFile file = models.file();
    GgufWriter writer = models.writer();
    SplittableRandom random = new SplittableRandom(12);
    for (String name : names) {
      long[] shape = file.tensor(name).shape();
      float[] values = new float[(int) (shape[0] * shape[1])];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (random.nextDouble() - 0.5);
      }
      writer.removeTensor(name).quantized(name, GgufWriter.Q5_0, values, shape);
    }
    return writer.bytes();
  }

  /** Puts -128 in the place of every seventh weight. */
  private static byte[] withLeastWeights(TinyModels models) throws IOException {
    byte[] bytes = models.bytes();
    for (GgufFile.Tensor tensor : models.file().tensors()) {
      for (long block = 0; tensor.shape().length == 2 && block < tensor.size() / 34; block++) {
        for (int i = (int) (block % 7); i < 32; i += 7) {
          bytes[(int) (tensor.offset() + block * 34 + 2 + i)] = -128;
        }
      }
    }
    return bytes;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("oddModels")
  @Tag("slow")
  void everyLogitOfOddModelsIsThatOfTheJavaEngine(String name, byte[] gguf) throws IOException {
    compareInManyShapes(gguf, Evaluation.randomTokens(300, 320));
  }

  @Test
  @Tag("slow")
  void anyNumberOfLanesIsTheSame() throws IOException {
    byte[] gguf = Sample.HEADS_OF_64.gguf();
    List<KernelsModel> models = loadAll(gguf);
    try (PortableModel expected = Evaluation.load(gguf)) {
      int[] text = Evaluation.randomTokens(60, 320);
      for (int lanes : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 32}) {
        for (int steps : new int[] {1, 60}) {
          compare(expected, models, Evaluation.lanes(text, lanes), 32, steps);
        }
      }
    } finally {
      models.forEach(KernelsModel::close);
    }
  }

  /** Cells in more runs than the format's window ever makes. */
  @ParameterizedTest
  @MethodSource("paths")
  @Tag("slow")
  void droppingAnyTokensIsTheSame(KernelsPath path) throws IOException {
    for (Sample sample : List.of(Sample.PLAIN, Sample.HEADS_OF_64, Sample.HUGE_VALUES)) {
      byte[] gguf = sample.gguf();
      try (PortableModel portable = Evaluation.load(gguf);
          KernelsModel model = load(gguf, path);
          Lanes expected = portable.openLanes(2, 128, 16);
          Lanes lanes = model.openLanes(2, 128, 16)) {
        SplittableRandom random = new SplittableRandom(7);
        float[] wanted = new float[320];
        float[] found = new float[320];
        for (int round = 0; round < 100; round++) {
          int steps = random.nextInt(1, 17);
          while (lanes.length() + steps > 128 || (random.nextInt(3) == 0 && lanes.length() > 0)) {
            int from = random.nextInt(lanes.length());
            int tokens = Math.min(random.nextInt(1, 6), lanes.length() - from);
            expected.drop(from, tokens);
            lanes.drop(from, tokens);
          }
          int[] tokens = random.ints(2L * steps, 0, 320).toArray();
          expected.evaluate(tokens, 0, steps);
          lanes.evaluate(tokens, 0, steps);
          for (int column = 0; column < 2 * steps; column++) {
            expected.logits(column, wanted);
            lanes.logits(column, found);
            assertThat(found).as("round %d, column %d", round, column).isEqualTo(wanted);
          }
        }
      }
    }
  }

  /**
   * A few tokens lead to infinite numbers, or to none, in queries, keys, values or in between, and
   * so may what follows while it sees them. The tokens of the canary are others.
   */
  @ParameterizedTest
  @Tag("slow")
  @MethodSource("paths")
  void numbersThatAreInfiniteOrNoneAreTheSame(KernelsPath path) throws IOException {
    SplittableRandom random = new SplittableRandom(21);
    int odd = 0;
    for (int round = 0; round < 40; round++) {
      byte[] gguf = overflowing(random, round);
      int lanes = random.nextInt(1, 4);
      int window = 16 << random.nextInt(4);
      int[] tokens = random.ints(100L * lanes, 0, 280).toArray();
      for (int i = 10; i < tokens.length; i += random.nextInt(1, 120)) {
        tokens[i] = random.nextInt(300, 310);
      }
      int[][] texts = new int[lanes][100];
      for (int i = 0; i < tokens.length; i++) {
        texts[i % lanes][i / lanes] = tokens[i];
      }
      List<float[]> wanted = new ArrayList<>();
      try (PortableModel expected = Evaluation.load(gguf);
          KernelsModel model = load(gguf, path)) {
        Evaluation.Sink keep = (lane, step, logits) -> wanted.add(logits.clone());
        Evaluation.evaluate(expected, texts, window, 1, keep);
        for (int maxSteps : new int[] {1, 3, 40}) {
          int number = round;
          Evaluation.Sink compare =
              (lane, step, logits) ->
                  assertThat(logits)
                      .as("model %d, batches of %d, step %d of %d", number, maxSteps, step, lane)
                      .isEqualTo(wanted.get(step * lanes + lane));
          Evaluation.evaluate(model, texts, window, maxSteps, compare);
        }
      }
      odd += (int) wanted.stream().filter(logits -> !Float.isFinite(logits[0])).count();
    }
    assertThat(odd).isGreaterThan(500);
  }

  /** Only the tokens 300 to 309 have a first number, which norms and scales make large. */
  private static byte[] overflowing(SplittableRandom random, int seed) throws IOException {
    int[] heads = {16, 22, 32, 48, 64, 64, 64, 128};
    int head = heads[random.nextInt(heads.length)];
    int count = head == 22 ? 16 : 4;
    TinyModels models =
        new TinyModels(seed)
            .embedding(head * count)
            .heads(count, count >> random.nextInt(3))
            .tied(random.nextBoolean())
            .spread(random.nextBoolean() ? 0.08f : 0.5f);
    byte[] bytes = models.bytes();
    ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    float[] factors = {1, 1e4f, 3e5f, 2e6f, 1e7f, 1e9f, 1e20f, 3e38f};
    for (GgufFile.Tensor tensor : models.file().tensors()) {
      int at = (int) tensor.offset();
      if (tensor.name().startsWith("token_embd")) {
        int row = (int) (tensor.size() / 320);
        for (int token = 0; token < 320; token++) {
          bytes[at + token * row + 2] =
              (byte) (token < 300 || token > 309 ? 0 : 12 * (token - 299));
        }
      } else if (tensor.name().contains("norm")) {
        numbers.putFloat(at, factors[random.nextInt(factors.length)]);
      } else if (tensor.name().matches(".*(attn_output|ffn_down).*")) {
        // The first row is zero, so that the first number stays what it was.
        int row = (int) (tensor.size() / tensor.shape()[1]);
        Arrays.fill(bytes, at, at + row, (byte) 0);
      }
    }
    return bytes;
  }

  /** Another library may leave flush-to-zero on, or another rounding mode. */
  @ParameterizedTest
  @MethodSource("paths")
  void theCallersRoundingDoesNotMatterAndStays(KernelsPath path) throws IOException {
    assumeThat(path).as("whose control word is x86's").isNotEqualTo(KernelsPath.NEON);
    NativeLibrary math = NativeLibrary.getInstance("libm.so.6");
    byte[] gguf = Sample.HEADS_OF_16_VERY_SURE.gguf();
    try (PortableModel portable = Evaluation.load(gguf);
        Memory before = new Memory(32);
        Memory odd = new Memory(32);
        Memory after = new Memory(32)) {
      int[] tokens = Evaluation.randomTokens(64, 320);
      float[] wanted = new float[320];
      float[] found = new float[320];
      math.getFunction("fegetenv").invokeInt(new Object[] {before});
      odd.write(0, before.getByteArray(0, 32), 0, 32);
      int upward = 0x4000;
      int flushed = 0x8040;
      odd.setInt(28, before.getInt(28) | upward | flushed);
      boolean kept = true;
      try (KernelsModel model = load(gguf, path);
          Lanes expected = portable.openLanes(1, 64, 64);
          Lanes lanes = model.openLanes(1, 64, 64)) {
        for (int i = 0; i < 100; i++) {
          if (lanes.length() == 64) {
            expected.drop(4, 15);
            math.getFunction("fesetenv").invokeInt(new Object[] {odd});
            lanes.drop(4, 15);
            math.getFunction("fesetenv").invokeInt(new Object[] {before});
          }
          expected.evaluate(tokens, i % 64, 1);
          expected.logits(0, wanted);
          math.getFunction("fesetenv").invokeInt(new Object[] {odd});
          lanes.evaluate(tokens, i % 64, 1);
          lanes.logits(0, found);
          math.getFunction("fegetenv").invokeInt(new Object[] {after});
          math.getFunction("fesetenv").invokeInt(new Object[] {before});
          kept &= (after.getInt(28) & ~63) == (odd.getInt(28) & ~63);
          assertThat(found).as("token %d", i).isEqualTo(wanted);
        }
      } finally {
        math.getFunction("fesetenv").invokeInt(new Object[] {before});
      }
      assertThat(kept).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("paths")
  void aModelTellsItsMemory(KernelsPath path) throws IOException {
    try (KernelsModel model = load(Sample.EMBEDDED.gguf(), path)) {
      assertThat(model.engine()).isEqualTo("kernels, " + path.label());
      assertThat(model.modelMemory()).isBetween(9L << 20, 14L << 20);
      // 512 cells, 6 layers, 256 numbers of a key and of a value, as halves.
      long cache = 512L * 6 * 512 * 2;
      assertThat(model.lanesMemory(1, 512, 1)).isBetween(cache, cache * 2);
      assertThat(model.lanesMemory(8, 512, 1)).isBetween(8 * cache, 9 * cache);
      assertThat(model.lanesMemory(32, 512, 512)).isLessThan(33 * cache + (32 << 20));
    }
  }

  @Test
  void pathsHaveNames() {
    Map<String, KernelsPath> names =
        Map.of(
            "avx2", KernelsPath.AVX2,
            "avxvnni", KernelsPath.AVXVNNI,
            "avx512", KernelsPath.AVX512,
            "neon", KernelsPath.NEON);
    names.forEach((name, path) -> assertThat(path.label()).isEqualTo(name));
    assertThat(KernelsPath.values()).containsAll(KernelsPath.available());
  }
}
