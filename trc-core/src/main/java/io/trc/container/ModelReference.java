package io.trc.container;

/**
 * The model that the blocks of a member were coded with, and how it was evaluated.
 *
 * @param digest the first 8 bytes of the SHA-256 of the model's GGUF file, the first of them in the
 *     most significant place, so that {@code "%016x"} prints the start of the usual hex digest
 * @param profile the number of the numerics profile, 0 to 15
 * @param fingerprint what the engine's logits for the canary text were
 * @param lockstep whether tokens must be evaluated one at a time
 * @param windowLog2 the context window holds 2 to this power tokens, {@value
 *     Format#MIN_WINDOW_LOG2} to {@value Format#MAX_WINDOW_LOG2}
 */
public record ModelReference(
    long digest, int profile, int fingerprint, boolean lockstep, int windowLog2) {
  /** Checks the ranges. */
  public ModelReference {
    if (profile < 0 || profile > 15) {
      throw new IllegalArgumentException("numerics profile " + profile + " is not in 0..15");
    }
    if (windowLog2 < Format.MIN_WINDOW_LOG2 || windowLog2 > Format.MAX_WINDOW_LOG2) {
      throw new IllegalArgumentException("window of 2^" + windowLog2 + " is not in 2^4..2^19");
    }
  }

  /** The tokens in the context window. */
  public int window() {
    return 1 << windowLog2;
  }
}
