package io.trc.predict.portable;

import static org.assertj.core.api.Assertions.assertThat;

import io.trc.gguf.GgufFile;
import io.trc.predict.LanguageModel;
import io.trc.predict.kernels.KernelsModel;
import io.trc.predict.kernels.KernelsPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every logit of the embedded model over 20,000 tokens of a novel, pinned to the bit. */
@Tag("slow")
class NovelTest {
  private static final int LENGTH = 20_000;
  private static final int WINDOW = 512;
  private static final int BATCH = 256;
  private static final int HASH = 0x5de073ad;

  private static int hash(LanguageModel model) throws IOException {
    return Evaluation.hash(model, tokens(model), WINDOW, BATCH);
  }

  private static int[] tokens(LanguageModel model) throws IOException {
    try (InputStream in = NovelTest.class.getResourceAsStream("novel.txt")) {
      byte[] text = in.readAllBytes();
      int[] tokens = model.vocabulary().tokenize(text, 0, text.length);
      assertThat(tokens).hasSizeGreaterThanOrEqualTo(LENGTH);
      return Arrays.copyOf(tokens, LENGTH);
    }
  }

  @Test
  void theLogitsAreThoseOfTheFormat() throws IOException {
    try (LanguageModel model = Evaluation.load(Sample.EMBEDDED.gguf())) {
      assertThat(hash(model)).isEqualTo(HASH);
    }
  }

  @Test
  void theLogitsOfTheNativeEngineAreThoseOfTheFormat(@TempDir Path folder) throws IOException {
    try (LanguageModel model = Evaluation.loadNative(Sample.EMBEDDED.gguf(), folder)) {
      assertThat(hash(model)).isEqualTo(HASH);
    }
  }

  @ParameterizedTest
  @MethodSource("io.trc.predict.portable.KernelsAgreementTest#paths")
  void theLogitsOfTheKernelsAreThoseOfTheFormat(KernelsPath path) throws IOException {
    GgufFile file = GgufFile.of(ByteBuffer.wrap(Sample.EMBEDDED.gguf()), "embedded");
    try (LanguageModel model = KernelsModel.load(file, Evaluation.vocabulary(file), path)) {
      assertThat(hash(model)).isEqualTo(HASH);
    }
  }
}
