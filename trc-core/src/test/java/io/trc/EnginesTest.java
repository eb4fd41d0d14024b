package io.trc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trc.model.EmbeddedModel;
import io.trc.predict.kernels.KernelsLibrary;
import org.junit.jupiter.api.Test;

/** Which engine is taken; that both write the same archives is GoldenArchivesTest's. */
class EnginesTest {
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
  void kernelsAreTakenWhereTheyAre() throws Exception {
    assumeTrue(
        KernelsLibrary.unavailability() == null, String.valueOf(KernelsLibrary.unavailability()));
    TrcModel.Evaluation evaluation = TrcModel.embedded().evaluation(TrcEngine.AUTO);
    assertThat(evaluation.engine()).startsWith("kernels");
    assertThat(evaluation).isEqualTo(TrcModel.embedded().evaluation(TrcEngine.AUTO));
    assertThat(TrcModel.embedded().evaluation(TrcEngine.KERNELS).engine())
        .isEqualTo(evaluation.engine());
  }

  @Test
  void engineNamesAreKnownInAnyCase() {
    assertThat(TrcEngine.of("Portable")).isEqualTo(TrcEngine.PORTABLE);
    assertThat(TrcEngine.of("native")).isEqualTo(TrcEngine.NATIVE);
    assertThat(TrcEngine.of("kernels")).isEqualTo(TrcEngine.KERNELS);
    assertThatThrownBy(() -> TrcEngine.of("fast"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("portable");
  }
}
