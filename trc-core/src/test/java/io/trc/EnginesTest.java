package io.trc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trc.model.EmbeddedModel;
import io.trc.predict.llama.LlamaLibrary;
import org.junit.jupiter.api.Test;

/** Native and Java write the same archives and read each other's. */
class EnginesTest {
  private static final TrcOptions JAVA = TrcOptions.builder().engine(TrcEngine.PORTABLE).build();
  private static final TrcOptions NATIVE = TrcOptions.builder().engine(TrcEngine.NATIVE).build();
  private static final byte[] TEXT = Samples.prose(3_000, 100);

  @Test
  void javaComputesTheFingerprintThatIsOnRecord() throws Exception {
    assertThat(TrcModel.embedded().evaluation(TrcEngine.PORTABLE).numerics())
        .isEqualTo(String.format("ggml-q8-avx2 %08x", EmbeddedModel.small().fingerprint()));
  }

  @Test
  void theEmbeddedModelIsPortableWhateverEngineIsChosen() throws Exception {
    TrcModel.Evaluation evaluation = TrcModel.embedded().evaluation(TrcEngine.AUTO);
    assertThat(evaluation.portable()).isTrue();
    assertThat(evaluation.numerics())
        .isEqualTo(TrcModel.embedded().evaluation(TrcEngine.PORTABLE).numerics());
    assertThat(evaluation.why()).isNotBlank();
  }

  @Test
  void javaReadsWhatJavaWrote() throws Exception {
    assertThat(Trc.decompress(Trc.compress(TEXT, JAVA), JAVA)).isEqualTo(TEXT);
  }

  @Test
  void nativeAndJavaWriteTheSameArchiveAndReadEachOthers() throws Exception {
    assumeTrue(LlamaLibrary.isAvailable(), () -> String.valueOf(LlamaLibrary.unavailability()));
    byte[] byNative = Trc.compress(TEXT, NATIVE);
    assertThat(Trc.compress(TEXT, JAVA)).isEqualTo(byNative);
    assertThat(Trc.decompress(byNative, JAVA)).isEqualTo(TEXT);
    assertThat(Trc.decompress(Trc.compress(TEXT, JAVA), NATIVE)).isEqualTo(TEXT);
  }

  @Test
  void engineNamesAreKnownInAnyCase() {
    assertThat(TrcEngine.of("Portable")).isEqualTo(TrcEngine.PORTABLE);
    assertThat(TrcEngine.of("native")).isEqualTo(TrcEngine.NATIVE);
    assertThatThrownBy(() -> TrcEngine.of("fast"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("portable");
  }
}
