package io.trc.predict;

import org.jspecify.annotations.Nullable;

/**
 * The arithmetic that turns weights and tokens into logits, down to the last bit. Two engines that
 * offer the same profile compute the same logits for the same model.
 */
public enum NumericsProfile {
  /** Whatever one native build computes; two machines agree only if their fingerprints do. */
  NATIVE(0, "native"),

  /**
   * The arithmetic of ggml's AVX2 kernels (llama.cpp b4916) for LLaMA-architecture models with Q8_0
   * or Q5_0 weights, flash attention and an F16 cache.
   */
  GGML_Q8_AVX2(1, "ggml-q8-avx2");

  private final int id;
  private final String label;

  NumericsProfile(int id, String label) {
    this.id = id;
    this.label = label;
  }

  /** The number that stands for this profile in an archive, 0 to 15. */
  public int id() {
    return id;
  }

  /** The name shown to people. */
  public String label() {
    return label;
  }

  /** The profile of a number, or null if this version knows none. */
  public static @Nullable NumericsProfile ofId(int id) {
    for (NumericsProfile profile : values()) {
      if (profile.id == id) {
        return profile;
      }
    }
    return null;
  }
}
