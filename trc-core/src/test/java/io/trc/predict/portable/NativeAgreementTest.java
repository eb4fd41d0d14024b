package io.trc.predict.portable;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.predict.LanguageModel;
import io.trc.predict.NumericsProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The logits of the Java engine against those of llama.cpp, where that runs as on x86-64 Linux. */
class NativeAgreementTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EMBEDDED")
  @Tag("slow")
  void everyLogitIsThatOfTheNativeEngine(Sample sample) throws IOException {
    compareInManyShapes(sample);
  }

  /** In its whole window it is compared by {@link NovelTest}. */
  @Test
  @Tag("slow")
  void everyLogitOfTheEmbeddedModelIsThatOfTheNativeEngine() throws IOException {
    compareInManyShapes(Sample.EMBEDDED);
  }

  private void compareInManyShapes(Sample sample) throws IOException {
    byte[] gguf = sample.gguf();
    try (LanguageModel other = Evaluation.loadNative(gguf, folder);
        PortableModel model = Evaluation.load(gguf)) {
      if (other.numerics().profile() == NumericsProfile.GGML_Q8_AVX2) {
        assertThat(model.numerics()).isEqualTo(other.numerics());
      }
      int[] text = sample.text(model);
      compare(model, other, new int[][] {text}, 64, 1);
      compare(model, other, new int[][] {text}, 256, 64);
      compare(model, other, Evaluation.lanes(Arrays.copyOf(text, 150), 3), 32, 7);
    }
  }

  @Test
  @Tag("slow")
  void manySlidesOfManyLanesStayInStepWithTheNativeCache() throws IOException {
    byte[] gguf = Sample.HEADS_OF_64.gguf();
    try (LanguageModel other = Evaluation.loadNative(gguf, folder);
        PortableModel model = Evaluation.load(gguf)) {
      int[] text = Evaluation.randomTokens(500, model.vocabulary().size());
      compare(model, other, Evaluation.lanes(text, 8), 16, 5);
      compare(model, other, Evaluation.lanes(text, 1), 16, 1);
    }
  }

  private static void compare(
      LanguageModel model, LanguageModel other, int[][] texts, int window, int maxSteps)
      throws IOException {
    assertThat(Evaluation.hashes(model, texts, window, maxSteps))
        .as("%d lanes, window %d, batches of %d", texts.length, window, maxSteps)
        .isEqualTo(Evaluation.hashes(other, texts, window, maxSteps));
  }
}
