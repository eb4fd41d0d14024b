package io.trc.predict;

/**
 * What is known of a loaded model's arithmetic on this machine.
 *
 * @param profile the arithmetic that the engine promises
 * @param fingerprint CRC32C of the logits of the {@link Canary}
 * @param shapeInvariant true if a batch gives the same logits as its tokens one by one; false means
 *     that encoder and decoder must both go token by token in a single lane
 */
public record Numerics(NumericsProfile profile, int fingerprint, boolean shapeInvariant) {}
