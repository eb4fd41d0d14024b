package io.trc.gguf;

import io.trc.TrcModelException;
import io.trc.gguf.GgufFile.Tensor;

/**
 * The sizes of a LLaMA-architecture model.
 *
 * @param vocabulary the number of tokens
 * @param embedding the numbers that stand for a token
 * @param layers the number of layers
 * @param heads the number of query heads of a layer
 * @param sharedHeads the number of key and value heads, each shared by some query heads
 * @param feedForward the inner numbers of the feed-forward part
 * @param epsilon what normalisation adds to the mean square
 * @param ropeBase the base of the rotary embedding's wavelengths
 * @param trainedWindow the context length that the model was trained for
 */
public record LlamaShape(
    int vocabulary,
    int embedding,
    int layers,
    int heads,
    int sharedHeads,
    int feedForward,
    float epsilon,
    float ropeBase,
    int trainedWindow) {
  /** The numbers that are quantised together, and the least there is of some. */
  private static final int BLOCK = 32;

  /** Sizes of a model of the profile. */
  public static LlamaShape of(GgufFile file) throws TrcModelException {
    Tensor embedding = file.tensor("token_embd.weight");
    if (embedding == null) {
      throw new TrcModelException(file.name() + ": there is no tensor token_embd.weight");
    }
    int heads = number(file, "attention.head_count", 1);
    return new LlamaShape(
        (int) embedding.shape()[1],
        (int) embedding.shape()[0],
        number(file, "block_count", 1),
        heads,
        number(file, "attention.head_count_kv", heads),
        number(file, "feed_forward_length", BLOCK),
        (float) file.real("llama.attention.layer_norm_rms_epsilon").orElse(0),
        (float) file.real("llama.rope.freq_base").orElse(10_000),
        number(file, "context_length", BLOCK));
  }

  private static int number(GgufFile file, String key, int otherwise) {
    return (int) file.integer("llama." + key).orElse(otherwise);
  }

  /** The numbers of an attention head. */
  public int headSize() {
    return embedding / heads;
  }

  /** The numbers of a key or a value, all heads together. */
  public int sharedLength() {
    return sharedHeads * headSize();
  }
}
