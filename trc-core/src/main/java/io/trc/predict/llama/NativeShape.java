package io.trc.predict.llama;

import io.trc.gguf.GgmlQ8Avx2;
import io.trc.gguf.GgmlType;
import io.trc.gguf.GgufFile;
import io.trc.gguf.GgufFile.Tensor;
import io.trc.predict.NumericsProfile;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a model's header tells of the contexts that it needs.
 *
 * @param vocabularySize the number of tokens
 * @param cellBytes the KV cache of one token of one lane
 * @param columnBytes an upper estimate of what computing a column takes beside, logits included
 * @param modelBytes the weights and the vocabulary
 * @param longestWindow the greatest window: some architectures have learned positions
 * @param unquantised whether some matrix is of floats, whose kernels compute a lone column
 *     otherwise than several
 * @param profile the arithmetic, if the bundled library for Linux on x86-64 evaluates the model
 */
record NativeShape(
    int vocabularySize,
    long cellBytes,
    long columnBytes,
    long modelBytes,
    int longestWindow,
    boolean unquantised,
    NumericsProfile profile) {

  /** Weights that are numbers as they stand. */
  private static final Set<GgmlType> UNQUANTISED =
      EnumSet.of(GgmlType.F32, GgmlType.F16, GgmlType.BF16);

  /** The logits of one native call take no more than this. */
  private static final long LOGITS_LIMIT = 64L << 20;

  /** More columns at once are no faster, and the attention mask grows with them. */
  private static final int MAX_COLUMNS = 512;

  /**
   * Steps that are evaluated at once where kept tokens must be evaluated anew, whatever the batches
   * of the caller: they are part of what makes the logits.
   */
  private static final int ANEW = 8;

  static NativeShape of(GgufFile header, int vocabularySize) {
    String architecture = header.architecture();
    long cell = 0;
    long widest = 1;
    long bytes = 128L * vocabularySize + (1 << 20);
    long tied = 0;
    boolean unquantised = false;
    for (Tensor tensor : header.tensors()) {
      String name = tensor.name();
      long[] shape = tensor.shape();
      bytes += tensor.size();
      if (name.equals("token_embd.weight") && header.tensor("output.weight") == null) {
        tied = tensor.size();
      }
      if (shape.length < 2) {
        continue;
      }
      unquantised |= UNQUANTISED.contains(tensor.type());
      if (shape[1] != vocabularySize) {
        widest = Math.max(widest, Math.max(shape[0], shape[1]));
      }
      if (name.contains(".attn_k.")
          || name.contains(".attn_v.")
          || name.contains(".attn_qkv.")
          || name.contains(".attn_kv_b.")) {
        cell += 2 * shape[1];
      }
    }
    long experts = Math.max(1, header.integer(architecture + ".expert_used_count").orElse(1));
    Tensor positions = header.tensor("position_embd.weight");
    return new NativeShape(
        vocabularySize,
        cell,
        4 * (2L * vocabularySize + 16 * experts * widest),
        bytes + tied,
        positions == null ? Integer.MAX_VALUE : (int) positions.shape()[1],
        unquantised,
        GgmlQ8Avx2.unsupported(header) == null
            ? NumericsProfile.GGML_Q8_AVX2
            : NumericsProfile.NATIVE);
  }

  /** The greatest number of steps of one call, for a caller that wishes for so many. */
  int maxSteps(int lanes, int wish) {
    long most = Math.min(MAX_COLUMNS, LOGITS_LIMIT / (4L * vocabularySize)) / lanes;
    return wish <= most ? wish : (int) Math.max(1, Long.highestOneBit(most));
  }

  /** The number of steps evaluated at once where kept tokens are evaluated anew. */
  int stepsAnew(int lanes) {
    return maxSteps(lanes, ANEW);
  }

  /** The greatest number of columns of a native call. */
  int columns(int lanes, int maxSteps) {
    return Math.max(2, lanes * Math.max(maxSteps, stepsAnew(lanes)));
  }

  /** The memory of a context in bytes, an upper estimate. */
  long contextBytes(int lanes, int window, int maxSteps) {
    // The cache is padded to 256 cells; the mask has a float and a half for each cell and column,
    // the latter padded to 64.
    long cells = ((long) lanes * window + 255) / 256 * 256;
    long columns = columns(lanes, maxSteps(lanes, maxSteps));
    return cells * cellBytes
        + columns * columnBytes
        + (columns + 63) / 64 * 64 * cells * 6
        + (4L << 20);
  }
}
