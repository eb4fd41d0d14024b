package io.trc.predict.portable;

import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding: turns pairs of neighbouring numbers of a head by angles that grow with
 * the position. Immutable.
 */
final class Rope {
  private final int headSize;
  private final float thetaScale;
  private final float @Nullable [] divisors;

  /**
   * Rotations of a model.
   *
   * @param divisors by what to divide the angle of each pair, or null
   */
  Rope(int headSize, float base, float @Nullable [] divisors) {
    this.headSize = headSize;
    this.thetaScale = Libm.powf(base, -2.0f / headSize);
    this.divisors = divisors;
  }

  /** The cosine and sine for each pair of a head, at any distance. */
  float[] angles(float distance) {
    float[] angles = new float[headSize];
    float theta = distance;
    for (int i = 0; i < headSize; i += 2) {
      Libm.cosSin(divisors == null ? theta : theta / divisors[i / 2], angles, i);
      theta *= thetaScale;
    }
    return angles;
  }

  /** Turns the heads that lie in {@code a} from {@code from} to {@code to}. */
  static void turn(float[] a, int from, int to, float[] angles) {
    for (int head = from; head < to; head += angles.length) {
      for (int i = 0; i < angles.length; i += 2) {
        float x = a[head + i];
        float y = a[head + i + 1];
        float cos = angles[i];
        float sin = angles[i + 1];
        a[head + i] = Fma.fma(x, cos, -(y * sin));
        a[head + i + 1] = Fma.fma(x, sin, y * cos);
      }
    }
  }
}
