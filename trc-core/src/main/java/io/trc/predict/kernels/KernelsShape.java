package io.trc.predict.kernels;

import com.sun.jna.Memory;
import io.trc.gguf.GgufFile;
import io.trc.gguf.GgufFile.Tensor;

/**
 * The sizes of a LLaMA-architecture model.
 *
 * @param sharedHeads the number of key and value heads, each shared by some query heads
 */
record KernelsShape(
    int vocabulary,
    int embedding,
    int layers,
    int heads,
    int sharedHeads,
    int feedForward,
    float epsilon,
    float ropeBase,
    int trainedWindow) {
  /** The least there is of some numbers, as in the other engines. */
  private static final int BLOCK = 32;

  /** Sizes of a model of the profile. */
  static KernelsShape of(GgufFile file, Tensor embedding) {
    int heads = number(file, "attention.head_count", 1);
    return new KernelsShape(
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

  /** The C struct {@code trc_shape}. */
  Memory struct() {
    int[] sizes = {
      vocabulary,
      embedding,
      layers,
      heads,
      sharedHeads,
      feedForward,
      Float.floatToRawIntBits(epsilon),
      Float.floatToRawIntBits(ropeBase)
    };
    Memory struct = new Memory(4L * sizes.length);
    struct.write(0, sizes, 0, sizes.length);
    return struct;
  }
}
