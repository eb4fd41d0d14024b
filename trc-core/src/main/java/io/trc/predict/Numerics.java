package io.trc.predict;

/**
 * What is known of a loaded model's arithmetic on this machine.
 *
 * @param profile the arithmetic that the engine promises
 * @param fingerprint CRC32C of the logits of the {@link Canary}
 * @param shapeInvariant true if a batch gives the same logits as its tokens one by one; false means
 *     that encoder and decoder must both go token by token in a single lane
 */
public record Numerics(NumericsProfile profile, int fingerprint, boolean shapeInvariant) {
  /** The number of lanes that may march side by side, where so many are wanted. */
  public int mostLanes(int wanted) {
    return shapeInvariant ? Math.min(wanted, Lanes.MAX_LANES) : 1;
  }

  /** The number of steps that may be evaluated at once, where so many are wanted. */
  public int mostSteps(int wanted) {
    return shapeInvariant ? wanted : 1;
  }

  /** The profile and the fingerprint, for people. */
  @Override
  public String toString() {
    return String.format("%s %08x", profile.label(), fingerprint);
  }
}
