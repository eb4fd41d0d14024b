package io.trc.predict.portable;

/**
 * Fused multiply-add: {@code a * b + c} rounded once. {@link Math#fma} where the CPU has such an
 * instruction, and {@link SoftFma} elsewhere, since the JDK then falls back to {@link
 * java.math.BigDecimal}, a thousand times slower. Both are exact, so the choice cannot change a
 * result.
 */
final class Fma {
  private static final int CALLS = 64;
  private static final int ROUNDS = 8;

  /** A BigDecimal costs hundreds of plain operations, an instruction or its interpretation few. */
  private static final int RATIO = 5;

  /** Whether {@link Math#fma} is an instruction here. A constant for the compiler. */
  static final boolean HARDWARE = isFast();

  private Fma() {}

  static float fma(float a, float b, float c) {
    return HARDWARE ? Math.fma(a, b, c) : SoftFma.fma(a, b, c);
  }

  /** For magnitudes within 2<sup>-400</sup> to 2<sup>400</sup>, and zero. */
  static double fma(double a, double b, double c) {
    return HARDWARE ? Math.fma(a, b, c) : SoftFma.fma(a, b, c);
  }

  /**
   * The same where {@code a * b} and the sum are known to be exact, so that rounding cannot tell.
   */
  static float exact(float a, float b, float c) {
    return HARDWARE ? Math.fma(a, b, c) : a * b + c;
  }

  /** The JDK does not say whether it has the instruction, so a glance at the clock must. */
  private static boolean isFast() {
    long fused = Long.MAX_VALUE;
    long plain = Long.MAX_VALUE;
    float sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        sum = Math.fma(sum, 0.75f, i);
      }
      long middle = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        sum = plain(sum, 0.75f, i);
      }
      long end = System.nanoTime();
      fused = Math.min(fused, middle - start);
      plain = Math.min(plain, end - middle);
    }
    // The sum is finite; looking at it keeps the loops alive.
    return sum < Float.MAX_VALUE && fused < RATIO * Math.max(plain, 100);
  }

  private static float plain(float a, float b, float c) {
    return a * b + c;
  }
}
