package io.trc.gguf;

import io.trc.gguf.GgufFile.Tensor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The models that {@link NumericsProfile#GGML_Q8_AVX2} is for, as NUMERICS.md has them. All engines
 * that promise the profile ask here, so that none promises it for a model that another refuses.
 *
 * <pre>{@code
 * file.checkRunnable();
 * String cause = GgmlQ8Avx2.unsupported(file);
 * NumericsProfile profile = cause == null ? GGML_Q8_AVX2 : NATIVE;
 * }</pre>
 */
public final class GgmlQ8Avx2 {
  private static final int MIN_HEAD = 16;
  private static final int MAX_HEAD = 256;

  private static final Pattern KNOWN =
      Pattern.compile(
          "(token_embd|output|output_norm|rope_freqs"
              + "|blk\\.(?<layer>\\d{1,3})\\.(attn_(norm|q|k|v|output)|ffn_(norm|gate|up|down)))"
              + "\\.weight");

  private GgmlQ8Avx2() {}

  /** Why a model that {@link GgufFile#checkRunnable} lets pass is not of the profile, or null. */
  public static @Nullable String unsupported(GgufFile file) {
    if (!file.architecture().equals("llama")) {
      return "its architecture is " + file.architecture() + ", not llama";
    }
    if (file.integer("llama.expert_count").orElse(0) > 0) {
      return "it is a mixture of experts";
    }
    String scaling = "llama.rope.scaling.";
    if ((file.has(scaling + "type") && !"none".equals(file.string(scaling + "type")))
        || (file.has(scaling + "attn_factor") && file.real(scaling + "attn_factor").orElse(0) != 1)
        || file.has(scaling + "factor")
        || file.has("llama.rope.scale_linear")) {
      return "its RoPE is scaled";
    }
    if (file.integers("llama.attention.head_count") != null
        || file.integers("llama.attention.head_count_kv") != null
        || file.integers("llama.feed_forward_length") != null) {
      return "its layers differ in size";
    }
    long layers = file.integer("llama.block_count").orElse(0);
    for (Tensor tensor : file.tensors()) {
      String cause = unsupported(tensor, layers);
      if (cause != null) {
        return cause;
      }
    }
    return unsupportedNumbers(file);
  }

  private static @Nullable String unsupported(Tensor tensor, long layers) {
    Matcher name = KNOWN.matcher(tensor.name());
    if (!name.matches()
        || (name.group("layer") != null && Integer.parseInt(name.group("layer")) >= layers)) {
      return "it has a tensor " + tensor.name();
    }
    boolean row = tensor.shape().length == 1;
    boolean quantised = tensor.type() == GgmlType.Q8_0 || tensor.type() == GgmlType.Q5_0;
    if (row ? tensor.type() != GgmlType.F32 : !quantised || tensor.shape().length != 2) {
      return "the weights of " + tensor.name() + " are neither Q8_0 nor Q5_0 (norms: F32)";
    }
    return null;
  }

  private static @Nullable String unsupportedNumbers(GgufFile file) {
    String attention = "llama.attention.";
    long embedding = file.integer("llama.embedding_length").orElse(0);
    long heads = file.integer(attention + "head_count").orElse(1);
    long head = embedding / heads;
    if (head < MIN_HEAD || head > MAX_HEAD || head % 2 != 0) {
      return "its heads have " + head + " numbers, not an even " + MIN_HEAD + " to " + MAX_HEAD;
    }
    if (head * heads != embedding
        || file.integer(attention + "key_length").orElse(head) != head
        || file.integer(attention + "value_length").orElse(head) != head) {
      return "its heads are not an equal share of the embedding";
    }
    if (file.real(attention + "layer_norm_rms_epsilon").isEmpty()) {
      return "its epsilon is no 32-bit float";
    }
    String base = "llama.rope.freq_base";
    double value = file.real(base).orElse(file.has(base) ? Double.NaN : 10_000);
    if (!(value >= 1 && value <= 1e9)) {
      return "its RoPE base is no 32-bit float from 1 to 1e9";
    }
    return null;
  }
}
