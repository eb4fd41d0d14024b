package io.trc.predict.portable;

/** RMS normalisation. */
final class Norm {
  private final float[] weights;
  private final float epsilon;

  Norm(float[] weights, float epsilon) {
    this.weights = weights;
    this.epsilon = epsilon;
  }

  void apply(float[] x, float[] target) {
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += (double) (x[i] * x[i]);
    }
    float mean = (float) (sum / weights.length);
    float scale = 1.0f / (float) Math.sqrt(mean + epsilon); // exact as sqrtf
    for (int i = 0; i < weights.length; i++) {
      target[i] = x[i] * scale * weights[i];
    }
  }
}
