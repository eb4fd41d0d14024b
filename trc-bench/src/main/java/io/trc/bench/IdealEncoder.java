package io.trc.bench;

import io.trc.text.TokenEncoder;

/**
 * Writes nothing, but counts the bits that a coder without any loss would: for each token, minus
 * log2 of its softmax probability. Its code is as many zeros.
 */
final class IdealEncoder implements TokenEncoder {
  private double nats;

  @Override
  public void encode(float[] logits, int token) {
    float greatest = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      greatest = Math.max(greatest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - greatest); // of none greater than 0, so that nothing overflows
    }
    nats += Math.log(sum) + greatest - logits[token];
  }

  @Override
  public int size() {
    return (int) (bits() / Byte.SIZE);
  }

  @Override
  public byte[] finish() {
    return new byte[(int) Math.ceil(bits() / Byte.SIZE)];
  }

  private double bits() {
    return nats / Math.log(2);
  }
}
