package io.trc.gguf;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.TrcModelException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufCheckTest {
  private static GgufWriter model() {
    return new TinyModels(1).writer();
  }

  private static GgufWriter with(String key, int value) {
    return model().remove(key).u32(key, value);
  }

  private static void assertRejected(GgufWriter writer, String cause) throws Exception {
    GgufFile file = GgufFile.of(ByteBuffer.wrap(writer.bytes()), "m.gguf");
    assertThatThrownBy(file::checkRunnable)
        .isInstanceOf(TrcModelException.class)
        .hasMessageStartingWith("m.gguf: ")
        .hasMessageContaining(cause);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "nomic-bert", "jina-bert-v2", "t5encoder"})
  void turnsEncodersAway(String architecture) throws Exception {
    assertRejected(
        model().remove("general.architecture").string("general.architecture", architecture),
        "an encoder-only model (" + architecture + ") cannot predict the next token");
  }

  @Test
  void turnsAwayWhatCannotPredictText() throws Exception {
    assertRejected(model().remove("general.architecture"), "architecture");
    assertRejected(
        model().remove("general.architecture").string("general.architecture", "t5"),
        "encoder-decoder");
    assertRejected(model().u16("split.count", 3), "split");
  }

  @Test
  void turnsAwayImpossibleSizes() throws Exception {
    assertRejected(with("llama.block_count", 0), "block_count is 0");
    assertRejected(with("llama.block_count", 100_000), "block_count is 100000");
    assertRejected(with("llama.block_count", 3), "'blk.2.attn_norm.weight' is missing");
    assertRejected(with("llama.embedding_length", 0), "embedding_length is 0");
    assertRejected(with("llama.embedding_length", 96), "is of shape [64, 320], not [96, 320]");
    assertRejected(with("llama.attention.head_count", 0), "heads");
    assertRejected(with("llama.attention.head_count", 3), "do not divide");
    assertRejected(with("llama.attention.head_count_kv", 0), "cannot share");
    assertRejected(with("llama.attention.head_count_kv", 3), "cannot share");
    assertRejected(with("llama.attention.head_count_kv", 1), "attn_k");
    assertRejected(with("llama.rope.dimension_count", 34), "RoPE");
    assertRejected(with("llama.feed_forward_length", 64), "ffn_gate");
    assertRejected(with("llama.vocab_size", 321), "vocab_size");
    assertRejected(with("llama.expert_count", 1000), "experts");
    assertRejected(model().remove("llama.context_length"), "context_length");
    assertRejected(model().string("llama.rope.scaling.type", "odd"), "RoPE scaling");
    assertRejected(new TinyModels(1).epsilon(0).writer(), "epsilon");
    assertRejected(new TinyModels(1).ropeBase(Float.NaN).writer(), "freq_base");
    assertRejected(
        model()
            .remove("llama.attention.head_count")
            .array("llama.attention.head_count", 0, 2, new byte[] {2, 2}),
        "integers");
    assertRejected(
        model().remove("llama.attention.head_count").integers("llama.attention.head_count", 0, 2),
        "do not divide");
  }

  @Test
  void turnsAwayMissingOrUnfitTensors() throws Exception {
    for (String tensor :
        List.of("token_embd", "output_norm", "blk.0.attn_q", "blk.1.ffn_down", "blk.1.ffn_norm")) {
      assertRejected(
          model().removeTensor(tensor + ".weight"), "'" + tensor + ".weight' is missing");
    }
    assertRejected(
        model()
            .removeTensor("output_norm.weight")
            .quantized("output_norm.weight", GgufWriter.F16, new float[64], 64),
        "cannot be of type F16");
    assertRejected(
        model().tensor("output.weight", 24, new byte[64 * 320], 64, 320), "cannot be of type I8");
    assertRejected(
        model().floats("output.weight", new float[64 * 32], 64, 32), "is of shape [64, 32]");
  }

  @Test
  void turnsAwayUnsoundVocabularies() throws Exception {
    String tokens = "tokenizer.ggml.tokens";
    List<byte[]> texts = new ArrayList<>();
    for (int i = 0; i < 320; i++) {
      texts.add(("t" + i).getBytes(StandardCharsets.UTF_8));
    }
    texts.set(5, texts.get(9));
    assertRejected(model().remove(tokens).strings(tokens, texts), "that of another token");
    texts.set(5, new byte[] {'t', '9', 0, 'x'});
    assertRejected(model().remove(tokens).strings(tokens, texts), "that of another token");
    texts.set(5, "[EMPTY_6]".getBytes(StandardCharsets.UTF_8));
    texts.set(6, new byte[0]);
    assertRejected(model().remove(tokens).strings(tokens, texts), "that of another token");
    assertRejected(model().remove(tokens), "no tokenizer.ggml.tokens");
    assertRejected(with("tokenizer.ggml.bos_token_id", 320), "bos_token_id is 320");
    assertRejected(with("tokenizer.ggml.eos_token_id", -1), "eos_token_id is 4294967295");
    assertRejected(
        model().remove("tokenizer.ggml.scores").floats("tokenizer.ggml.scores", 1), "320 floats");
    assertRejected(
        model().remove("tokenizer.ggml.token_type").integers("tokenizer.ggml.token_type", 1),
        "320 integers");
    assertRejected(
        model()
            .remove("tokenizer.ggml.token_type")
            .array("tokenizer.ggml.token_type", 0, 320, new byte[320]),
        "320 integers");
    assertRejected(
        model().remove("tokenizer.ggml.model").string("tokenizer.ggml.model", "bert"),
        "'bert' is not supported");
    assertRejected(
        new TinyModels(1).bpe("gpt-2").writer().remove("tokenizer.ggml.merges"), "merges");
    assertRejected(model().remove("tokenizer.ggml.scores"), "scores");
  }
}
