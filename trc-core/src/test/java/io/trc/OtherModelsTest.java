package io.trc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trc.gguf.GgufWriter;
import io.trc.gguf.TinyModels;
import io.trc.models.Model;
import io.trc.models.ModelFinder;
import io.trc.predict.llama.LlamaLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that users bring: found by digest, checked, and never mistaken for one another. */
class OtherModelsTest {
  private static final String[] WORDS = {
    "the", "that", "with", "this", "from", "have", "they", "which", "were", "there", "would",
    "their"
  };

  /** Words that are tokens of the tiny models, in an order that LZMA2 makes nothing of. */
  private static final byte[] TEXT = words(60);

  @TempDir private Path folder;

  @Test
  void aModelOfTheUsersCompressesAndIsFoundAgainByItsDigest() throws Exception {
    Path file = folder.resolve("mine.gguf");
    tiny(1).write(file);
    try (TrcModel model = TrcModel.load(file)) {
      TrcOptions options = TrcOptions.builder().model(model).build();
      byte[] archive = modelCoded(options);
      assertThat(Trc.decompress(archive, options)).isEqualTo(TEXT);
      assertThatThrownBy(() -> Trc.decompress(archive))
          .isInstanceOf(TrcModelMissingException.class)
          .hasMessageContaining(model.sha256().substring(0, 16));
      ModelFinder finder = new ModelFinder(List.of(folder));
      long digest = Long.parseUnsignedLong(model.sha256().substring(0, 16), 16);
      assertThat(finder.find(digest, Model.embedded().get(0)).sha256()).isEqualTo(model.sha256());
      assertThat(finder.files()).containsExactly(file);
    }
  }

  @Test
  void anArchiveWhoseModelIsReleasedApartTellsWhatBringsIt() throws Exception {
    byte[] archive = GoldenArchives.read("base");
    assertThatThrownBy(() -> Trc.decompress(archive))
        .isInstanceOf(TrcModelMissingException.class)
        .hasMessageContaining("io.trc:trc-model-base");
    assertThat(TrcInfo.read(new BytesChannel(archive)).models())
        .extracting(TrcInfo.Model::window)
        .containsExactly(1024);
  }

  @Test
  void whereNoLargerModelIsThereEveryLevelTakesTheSmallOne() {
    assertThat(TrcModel.base()).isEmpty();
    assertThat(TrcOptions.builder().level(9).build().model()).isSameAs(TrcModel.embedded());
  }

  @Test
  @Tag("slow")
  void byteLevelVocabulariesAndUnquantisedWeightsWorkToo() throws Exception {
    assumeTrue(LlamaLibrary.isAvailable(), () -> String.valueOf(LlamaLibrary.unavailability()));
    Path file = folder.resolve("bpe.gguf");
    tiny(2).bpe("gpt-2").type(GgufWriter.F16).write(file);
    try (TrcModel model = TrcModel.load(file)) {
      assertThat(model.evaluation(TrcEngine.AUTO).portable()).isFalse();
      TrcOptions options = TrcOptions.builder().model(model).blockSize(4096).threads(2).build();
      byte[] text = words(2000);
      assertThat(Trc.decompress(Trc.compress(text, options), options)).isEqualTo(text);
      assertThat(Trc.decompress(modelCoded(options), options)).isEqualTo(TEXT);
    }
  }

  @Test
  void whatIsNoUsableModelIsRefusedInOneLine() throws Exception {
    byte[] good = new TinyModels(3).bytes();
    assertRefused("empty.gguf", new byte[0]);
    assertRefused("text.gguf", TEXT);
    assertRefused("cut.gguf", Arrays.copyOf(good, good.length / 2));
    byte[] encoder =
        new TinyModels(3)
            .writer()
            .remove("general.architecture")
            .string("general.architecture", "bert")
            .bytes();
    assertRefused("encoder.gguf", encoder);
    byte[] headless =
        new TinyModels(3)
            .writer()
            .remove("llama.attention.head_count")
            .u32("llama.attention.head_count", 0)
            .bytes();
    assertRefused("headless.gguf", headless);
    assertThatThrownBy(() -> TrcModel.load(folder)).isInstanceOf(TrcModelException.class);
    assertThatThrownBy(() -> TrcModel.load(folder.resolve("missing.gguf")))
        .isInstanceOf(java.io.IOException.class)
        .hasMessageContaining("missing.gguf");
  }

  @Test
  void aClosedModelRefusesToBeUsed() throws Exception {
    Path file = folder.resolve("mine.gguf");
    tiny(4).write(file);
    TrcModel model = TrcModel.load(file);
    model.close();
    model.close();
    assertThatThrownBy(() -> modelCoded(TrcOptions.builder().model(model).build()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  private void assertRefused(String name, byte[] bytes) throws Exception {
    Path file = Files.write(folder.resolve(name), bytes);
    assertThatThrownBy(() -> TrcModel.load(file))
        .isInstanceOf(TrcModelException.class)
        .hasMessageContaining(name)
        .hasMessageNotContaining("\n");
  }

  private static TinyModels tiny(long seed) {
    return new TinyModels(seed).vocabulary(600).spread(0.02f);
  }

  private static byte[] words(int count) {
    Random random = new Random(count);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
    }
    return Samples.utf8(text.toString());
  }

  private static byte[] modelCoded(TrcOptions options) throws Exception {
    byte[] archive = Trc.compress(TEXT, options);
    assertThat(TrcInfo.read(new BytesChannel(archive)).coders()).containsOnlyKeys("mixed");
    return archive;
  }
}
