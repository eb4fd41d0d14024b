package io.trc.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TinyModelsTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 6, 7, 8, 30})
  void makesRunnableModelsOfEveryType(int type) throws Exception {
    GgufFile file = new TinyModels(1).type(type).heads(2, 1).tied(false).file();
    file.checkRunnable();
    assertThat(file.tensors()).hasSize(3 + 2 * 9);
    assertThat(file.tensors().get(0).type().id()).isEqualTo(type);
  }

  @ParameterizedTest
  @EnumSource(TinyModels.Tokens.class)
  void makesRunnableModelsOfEveryVocabulary(TinyModels.Tokens tokens) throws Exception {
    for (int size : new int[] {300, 320, 600}) {
      new TinyModels(2).tokens(tokens).vocabulary(size).file().checkRunnable();
    }
  }

  @Test
  void makesTheSameModelFromTheSameSeed() {
    assertThat(new TinyModels(3).bytes()).isEqualTo(new TinyModels(3).bytes());
    assertThat(new TinyModels(3).bytes()).isNotEqualTo(new TinyModels(4).bytes());
  }

  @Test
  void roundsToTheNearestHalf() {
    assertThat(GgufWriter.half(1f)).isEqualTo((short) 0x3C00);
    assertThat(GgufWriter.half(-2f)).isEqualTo((short) 0xC000);
    assertThat(GgufWriter.half(65504f)).isEqualTo((short) 0x7BFF);
    assertThat(GgufWriter.half(1e9f)).isEqualTo((short) 0x7C00);
    assertThat(GgufWriter.half(0x1p-24f)).isEqualTo((short) 1);
    assertThat(GgufWriter.half(0x1.004p0f)).isEqualTo((short) 0x3C01);
    assertThat(GgufWriter.half(0x1.002p0f)).isEqualTo((short) 0x3C00);
  }
}
