package io.trc.predict.portable;

import io.trc.gguf.GgufWriter;
import io.trc.gguf.TinyModels;
import io.trc.model.EmbeddedModel;
import io.trc.predict.LanguageModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Models of many shapes, and what they read, with the hash of the logits in a window of 64. */
enum Sample {
  PLAIN(0x215a103f),
  GROUPED_UNTIED_Q5_0(0xe9e15271),
  HEADS_OF_128(0xb70784db),
  HEADS_OF_64(0x9fb2b40c),
  HEADS_OF_48_SURE(0xa89fbd38),
  HEADS_OF_16_VERY_SURE(0x4afd2372),
  HEADS_OF_80(0xffbfaaaa),
  HUGE_VALUES(0xab0ff9fa),
  ROPE_FREQUENCIES(0xa74d66f8),
  EMBEDDED(0xf1818042);

  private static final int LENGTH = 300;

  private final int hash;

  Sample(int hash) {
    this.hash = hash;
  }

  /** CRC32C of the logits after each token of {@link #text}, in one lane with a window of 64. */
  int hash() {
    return hash;
  }

  byte[] gguf() throws IOException {
    return switch (this) {
      case PLAIN -> new TinyModels(1).bytes();
      case GROUPED_UNTIED_Q5_0 ->
          new TinyModels(2).type(GgufWriter.Q5_0).embedding(128).heads(4, 2).tied(false).bytes();
      case HEADS_OF_128 ->
          new TinyModels(3).embedding(256).heads(2, 1).feedForward(128).ropeBase(500_000).bytes();
      case HEADS_OF_64 ->
          new TinyModels(4).embedding(256).heads(4, 2).feedForward(352).spread(0.3f).bytes();
      case HEADS_OF_48_SURE -> new TinyModels(5).embedding(96).heads(2, 2).spread(0.5f).bytes();
      case HEADS_OF_16_VERY_SURE -> new TinyModels(6).heads(4, 1).spread(2f).bytes();
      case HEADS_OF_80 -> new TinyModels(7).embedding(160).heads(2, 1).layers(3).bytes();
      case HUGE_VALUES -> new TinyModels(8).embedding(128).spread(40f).bytes();
      case ROPE_FREQUENCIES ->
          new TinyModels(9).writer().floats("rope_freqs.weight", divisors(), 16).bytes();
      case EMBEDDED -> {
        try (InputStream in = EmbeddedModel.small().open()) {
          yield in.readAllBytes();
        }
      }
    };
  }

  private static float[] divisors() {
    float[] divisors = new float[16];
    for (int i = 0; i < divisors.length; i++) {
      divisors[i] = i < 8 ? 1 : 1 + i / 3f;
    }
    return divisors;
  }

  /** The tokens that the model reads: real text for a model that knows it. */
  int[] text(LanguageModel model) {
    if (this != EMBEDDED) {
      return Evaluation.randomTokens(LENGTH, model.vocabulary().size());
    }
    try (InputStream in = Sample.class.getResourceAsStream("text.txt")) {
      byte[] text = in.readAllBytes();
      return model.vocabulary().tokenize(text, 0, text.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
