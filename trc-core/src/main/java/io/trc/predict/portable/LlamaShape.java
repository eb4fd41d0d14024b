package io.trc.predict.portable;

import io.trc.TrcModelException;
import io.trc.gguf.GgufFile;
import io.trc.gguf.GgufFile.Tensor;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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
record LlamaShape(
    int vocabulary,
    int embedding,
    int layers,
    int heads,
    int sharedHeads,
    int feedForward,
    float epsilon,
    float ropeBase,
    int trainedWindow) {

  private static final int F32 = 0;
  private static final int MIN_HEAD = 16;
  private static final int MAX_HEAD = 256;
  private static final int BLOCK = QuantisedRows.BLOCK;

  private static final Pattern KNOWN =
      Pattern.compile(
          "(token_embd|output|output_norm|rope_freqs"
              + "|blk\\.\\d+\\.(attn_(norm|q|k|v|output)|ffn_(norm|gate|up|down)))\\.weight");

  /** Sizes of a model that {@link #unsupported} has nothing against. */
  static LlamaShape of(GgufFile file) throws TrcModelException {
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

  /**
   * Why a model that {@link GgufFile#checkRunnable} lets pass has another arithmetic than the one
   * here, or null.
   */
  static @Nullable String unsupported(GgufFile file) {
    if (!file.architecture().equals("llama")) {
      return "its architecture is " + file.architecture() + ", not llama";
    }
    if (file.integer("llama.expert_count").orElse(0) > 0) {
      return "it is a mixture of experts";
    }
    String scaling = file.string("llama.rope.scaling.type");
    if ((scaling != null && !scaling.toLowerCase(Locale.ROOT).equals("none"))
        || file.has("llama.rope.scaling.factor")
        || file.has("llama.rope.scale_linear")) {
      return "its RoPE is scaled";
    }
    if (file.integers("llama.attention.head_count") != null
        || file.integers("llama.attention.head_count_kv") != null
        || file.integers("llama.feed_forward_length") != null) {
      return "its layers differ in size";
    }
    for (Tensor tensor : file.tensors()) {
      String cause = unsupported(tensor);
      if (cause != null) {
        return cause;
      }
    }
    return unsupportedSizes(file);
  }

  private static @Nullable String unsupported(Tensor tensor) {
    if (!KNOWN.matcher(tensor.name()).matches()) {
      return "it has a tensor " + tensor.name();
    }
    boolean row = tensor.shape().length == 1;
    boolean quantised = tensor.type() == QuantisedRows.Q8_0 || tensor.type() == QuantisedRows.Q5_0;
    if (row ? tensor.type() != F32 : !quantised || tensor.shape().length != 2) {
      return "the weights of " + tensor.name() + " are neither Q8_0 nor Q5_0 (norms: F32)";
    }
    return null;
  }

  private static @Nullable String unsupportedSizes(GgufFile file) {
    LlamaShape shape;
    try {
      shape = of(file);
    } catch (TrcModelException e) {
      return "it has no embedding";
    }
    int head = shape.headSize();
    if (head < MIN_HEAD || head > MAX_HEAD || head % 2 != 0) {
      return "its heads have " + head + " numbers, not an even " + MIN_HEAD + " to " + MAX_HEAD;
    }
    String attention = "llama.attention.";
    if (file.integer(attention + "key_length").orElse(head) != head
        || file.integer(attention + "value_length").orElse(head) != head) {
      return "its heads are not an equal share of the embedding";
    }
    double base = file.real("llama.rope.freq_base").orElse(10_000);
    if (!(base >= 1 && base <= 1e9)) {
      return "its RoPE base is " + base;
    }
    if (shape.embedding % BLOCK != 0 || shape.feedForward % BLOCK != 0) {
      return "its rows are no multiple of " + BLOCK;
    }
    return null;
  }

  private static int number(GgufFile file, String key, int otherwise) {
    return (int) file.integer("llama." + key).orElse(otherwise);
  }

  /** The numbers of an attention head. */
  int headSize() {
    return embedding / heads;
  }

  /** The numbers of a key or a value, all heads together. */
  int sharedLength() {
    return sharedHeads * headSize();
  }
}
