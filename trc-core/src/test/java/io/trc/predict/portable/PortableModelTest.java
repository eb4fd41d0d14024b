package io.trc.predict.portable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.TrcEngineException;
import io.trc.TrcModelException;
import io.trc.gguf.GgufFile;
import io.trc.gguf.GgufWriter;
import io.trc.gguf.TinyModels;
import io.trc.predict.Lanes;
import io.trc.predict.NumericsProfile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PortableModelTest {
  private static PortableModel tiny() throws IOException {
    return Evaluation.load(Sample.PLAIN.gguf());
  }

  private static GgufFile file(GgufWriter writer) throws IOException {
    return GgufFile.of(ByteBuffer.wrap(writer.bytes()), "tiny.gguf");
  }

  @Test
  void aModelTellsWhatItIs() throws IOException {
    try (PortableModel model = tiny()) {
      assertThat(model.engine()).startsWith("Java ");
      assertThat(model.trainedWindow()).isEqualTo(256);
      assertThat(model.vocabulary().size()).isEqualTo(320);
      assertThat(model.numerics().profile()).isEqualTo(NumericsProfile.GGML_Q8_AVX2);
      assertThat(model.numerics().shapeInvariant()).isTrue();
    }
  }

  @Test
  void aClearedLaneIsAsGoodAsNew() throws IOException {
    try (PortableModel model = tiny();
        Lanes lanes = model.openLanes(1, 16, 16)) {
      int[] tokens = Evaluation.randomTokens(16, 320);
      float[] first = new float[320];
      float[] second = new float[320];
      lanes.evaluate(tokens, 0, 16);
      lanes.logits(15, first);
      lanes.drop(2, 5);
      lanes.evaluate(tokens, 3, 2);
      lanes.clear();
      assertThat(lanes.length()).isZero();
      lanes.evaluate(tokens, 0, 16);
      lanes.logits(15, second);
      assertThat(second).isEqualTo(first);
    }
  }

  @Test
  void droppingAnyNumberOfTokensIsTheSameForBatchesAndSingleSteps() throws IOException {
    try (PortableModel model = tiny()) {
      int[] tokens = Evaluation.randomTokens(64, 320);
      float[][] logits = new float[2][320];
      for (int i = 0; i < 2; i++) {
        try (Lanes lanes = model.openLanes(1, 32, 32)) {
          int batch = i == 0 ? 1 : 7;
          for (int at = 0, drop = 1; at < tokens.length; drop = (drop + 5) % 11) {
            if (lanes.length() + batch > lanes.window()) {
              lanes.drop(at % 5, Math.max(drop, batch));
            }
            int steps = Math.min(batch, tokens.length - at);
            lanes.evaluate(tokens, at, steps);
            at += steps;
          }
          lanes.drop(0, lanes.length());
          lanes.evaluate(tokens, 0, 1);
          lanes.logits(0, logits[i]);
        }
      }
      assertThat(logits[1]).isEqualTo(logits[0]);
    }
  }

  @Test
  void misuseIsRefusedBeforeAnythingIsChanged() throws IOException {
    PortableModel model = tiny();
    Lanes lanes = model.openLanes(2, 16, 4);
    int[] tokens = new int[64];
    assertThatIllegalArgumentException().isThrownBy(() -> lanes.evaluate(tokens, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> lanes.evaluate(tokens, 0, 5));
    assertThatThrownBy(() -> lanes.evaluate(tokens, 60, 4))
        .isInstanceOf(IndexOutOfBoundsException.class);
    tokens[3] = 320;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> lanes.evaluate(tokens, 0, 2))
        .withMessageContaining("320");
    tokens[3] = -1;
    assertThatIllegalArgumentException().isThrownBy(() -> lanes.evaluate(tokens, 0, 2));
    tokens[3] = 0;
    assertThat(lanes.length()).isZero();
    for (int i = 0; i < 4; i++) {
      lanes.evaluate(tokens, 0, 4);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> lanes.evaluate(tokens, 0, 1));
    assertThatThrownBy(() -> lanes.drop(0, 17)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> lanes.drop(4, 13)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatIllegalArgumentException().isThrownBy(() -> lanes.logits(8, new float[320]));
    assertThatIllegalArgumentException().isThrownBy(() -> lanes.logits(0, new float[319]));
    assertThatIllegalArgumentException().isThrownBy(() -> model.openLanes(33, 16, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> model.openLanes(1, 24, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> model.openLanes(1, 16, 513));
    model.close();
    model.close();
    assertThatIllegalStateException().isThrownBy(() -> model.openLanes(1, 16, 1));
    lanes.close();
    lanes.close();
    assertThatIllegalStateException().isThrownBy(() -> lanes.evaluate(tokens, 0, 1));
  }

  @Test
  void otherArithmeticIsNamed() throws IOException {
    GgufWriter mixed = new TinyModels(1).writer().floats("blk.0.attn_q.bias", new float[64], 64);
    assertThat(PortableModel.unsupported(file(mixed))).contains("attn_q.bias");
    GgufFile scaled = file(new TinyModels(1).writer().f32("llama.rope.scaling.factor", 4));
    assertThat(PortableModel.unsupported(scaled)).contains("RoPE");
    assertThatThrownBy(() -> PortableModel.load(scaled, Evaluation.vocabulary(scaled)))
        .isInstanceOf(TrcEngineException.class)
        .hasMessageContaining("tiny.gguf")
        .hasMessageContaining("RoPE");
    assertThat(PortableModel.unsupported(new TinyModels(1).type(GgufWriter.Q4_0).file()))
        .contains("Q8_0");
    assertThat(PortableModel.unsupported(new TinyModels(1).file())).isNull();
  }

  static Stream<Arguments> othersNumbers() {
    String base = "llama.rope.freq_base";
    String epsilon = "llama.attention.layer_norm_rms_epsilon";
    String factor = "llama.rope.scaling.attn_factor";
    return Stream.of(
        Arguments.of("RoPE is scaled", tinyWithout(factor).f32(factor, 2)),
        Arguments.of("RoPE is scaled", tinyWithout(factor).u32(factor, 1)),
        Arguments.of(null, tinyWithout(factor).f32(factor, 1)),
        Arguments.of("epsilon", tinyWithout(epsilon)),
        Arguments.of("epsilon", tinyWithout(epsilon).f64(epsilon, 1e-5)),
        Arguments.of("RoPE base", tinyWithout(base).u32(base, 500_000)),
        Arguments.of("RoPE base", tinyWithout(base).f64(base, 500_000)),
        Arguments.of("RoPE base", tinyWithout(base).f32(base, 2e9f)),
        Arguments.of(null, tinyWithout(base)),
        Arguments.of("heads have 8", new TinyModels(1).heads(8, 8).writer()),
        Arguments.of("heads have 512", new TinyModels(1).embedding(512).heads(1, 1).writer()),
        Arguments.of(
            "blk.2.",
            new TinyModels(1).writer().floats("blk.2.attn_norm.weight", new float[64], 64)),
        Arguments.of("equal share", headsThatLeaveARest()));
  }

  private static GgufWriter tinyWithout(String key) {
    return new TinyModels(1).writer().remove(key);
  }

  /** 48 heads of 22 numbers, 1056 in all, where an embedding has 1088. */
  private static GgufWriter headsThatLeaveARest() {
    GgufWriter writer = new TinyModels(1).embedding(1088).heads(48, 48).layers(1).writer();
    writer.u32("llama.attention.key_length", 22).u32("llama.attention.value_length", 22);
    for (String name : List.of("q", "k", "v", "output")) {
      String tensor = "blk.0.attn_" + name + ".weight";
      boolean output = name.equals("output");
      writer
          .removeTensor(tensor)
          .quantized(
              tensor,
              GgufWriter.Q8_0,
              new float[1056 * 1088],
              output ? 1056 : 1088,
              output ? 1088 : 1056);
    }
    return writer;
  }

  @ParameterizedTest
  @MethodSource("othersNumbers")
  void numbersOfNoKnownArithmeticAreNamed(@Nullable String cause, GgufWriter writer)
      throws IOException {
    GgufFile file = file(writer);
    file.checkRunnable();
    if (cause == null) {
      assertThat(PortableModel.unsupported(file)).isNull();
    } else {
      assertThat(PortableModel.unsupported(file)).contains(cause);
    }
  }

  @Test
  void damagedWeightsAreRefused() throws IOException {
    byte[] gguf = Sample.PLAIN.gguf();
    GgufFile intact = GgufFile.of(ByteBuffer.wrap(gguf), "intact");
    GgufFile.Tensor tensor = intact.tensor("blk.1.ffn_up.weight");
    byte[] damaged = Arrays.copyOf(gguf, gguf.length);
    damaged[(int) tensor.offset() + 1] = 0x7c; // the scale becomes infinite or NaN
    GgufFile file = GgufFile.of(ByteBuffer.wrap(damaged), "damaged.gguf");
    assertThatThrownBy(() -> PortableModel.load(file, Evaluation.vocabulary(file)))
        .isInstanceOf(TrcModelException.class)
        .hasMessageContaining("damaged.gguf")
        .hasMessageContaining("blk.1.ffn_up.weight");
  }

  @ParameterizedTest
  @CsvSource({"PAIRS, 16, 20", "WORDS, 9, 12"})
  void memoryIsToldBeforeItIsTaken(Packing packing, long least, long most) throws IOException {
    try (PortableModel model = Evaluation.load(Sample.EMBEDDED.gguf(), packing)) {
      assertThat(model.modelMemory()).isBetween(least << 20, most << 20);
      // 512 cells, 6 layers, 256 numbers of a key and of a value, as floats.
      long cache = 512L * 6 * 512 * 4;
      assertThat(model.lanesMemory(1, 512, 1)).isBetween(cache, cache * 2);
      assertThat(model.lanesMemory(8, 512, 1)).isBetween(8 * cache, 10 * cache);
      assertThat(model.lanesMemory(32, 512, 512)).isLessThan(34 * cache + (64 << 20));
    }
  }
}
