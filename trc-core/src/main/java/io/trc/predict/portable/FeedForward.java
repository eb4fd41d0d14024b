package io.trc.predict.portable;

/** The gate of the feed-forward part: SiLU as llama.cpp's vectorised code computes it. */
final class FeedForward {
  private static final float INTEGER = 0x1.8p23f;

  private FeedForward() {}

  /** Puts silu(gate) * up into the first half of {@code gateUp}; up is its second half. */
  static void gate(float[] gateUp, int length) {
    for (int i = 0; i < length; i++) {
      gateUp[i] = silu(gateUp[i]) * gateUp[length + i];
    }
  }

  static float silu(float x) {
    return x / (1.0f + exp(0f - x));
  }

  /** e to the power of x, less exactly than {@link Libm#expf}: ggml_v_expf. */
  static float exp(float x) {
    float z = Fma.fma(x, 0x1.715476p0f, INTEGER);
    float n = z - INTEGER;
    float b = Fma.fma(-n, 0x1.7f7d1cp-20f, Fma.fma(-n, 0x1.62e4p-1f, x));
    int e = Float.floatToRawIntBits(z) << 23;
    float k = Float.intBitsToFloat(e + 0x3f800000);
    float u = b * b;
    float upper = Fma.fma(0x1.0e4020p-7f, b, 0x1.573e2ep-5f);
    float lower = Fma.fma(0x1.555e66p-3f, b, 0x1.fffdb6p-2f);
    float j = Fma.fma(Fma.fma(upper, u, lower), u, 0x1.ffffecp-1f * b);
    float magnitude = Math.abs(n);
    if (!(magnitude > 126f)) {
      return Fma.fma(j, k, k);
    }
    int g = n <= 0f ? 0x82000000 : 0;
    float s1 = Float.intBitsToFloat(g + 0x7f000000);
    if (magnitude > 192f) {
      return s1 * s1;
    }
    float s2 = Float.intBitsToFloat(e - g);
    return Fma.fma(s2, j, s2) * s1;
  }
}
