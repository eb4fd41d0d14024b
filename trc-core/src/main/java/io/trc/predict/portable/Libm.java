package io.trc.predict.portable;

/**
 * Three functions of glibc's libm (2.28 and newer, x86-64 with FMA), to the bit, since llama.cpp
 * calls them: they differ in the last bit from {@link StrictMath} rounded to float.
 *
 * <p>The algorithms and tables are those of ARM's optimized-routines (MIT licence), by Szabolcs
 * Nagy and Wilco Dijkstra: everything is computed in double precision and rounded once.
 */
final class Libm {
  /** 2^(i/32) as the bits of a double, less i/32 in the exponent. */
  private static final long[] EXP2 = {
    0x3ff0000000000000L, 0x3fefd9b0d3158574L, 0x3fefb5586cf9890fL, 0x3fef9301d0125b51L,
    0x3fef72b83c7d517bL, 0x3fef54873168b9aaL, 0x3fef387a6e756238L, 0x3fef1e9df51fdee1L,
    0x3fef06fe0a31b715L, 0x3feef1a7373aa9cbL, 0x3feedea64c123422L, 0x3feece086061892dL,
    0x3feebfdad5362a27L, 0x3feeb42b569d4f82L, 0x3feeab07dd485429L, 0x3feea47eb03a5585L,
    0x3feea09e667f3bcdL, 0x3fee9f75e8ec5f74L, 0x3feea11473eb0187L, 0x3feea589994cce13L,
    0x3feeace5422aa0dbL, 0x3feeb737b0cdc5e5L, 0x3feec49182a3f090L, 0x3feed503b23e255dL,
    0x3feee89f995ad3adL, 0x3feeff76f2fb5e47L, 0x3fef199bdd85529cL, 0x3fef3720dcef9069L,
    0x3fef5818dcfba487L, 0x3fef7c97337b9b5fL, 0x3fefa4afa2a490daL, 0x3fefd0765b6e4540L
  };

  private static final double EXP_SHIFT = 0x1.8p52;
  private static final double EXP_SCALE = 0x1.71547652b82fep+5; // 32 / ln 2
  private static final double EXP_0 = 0x1.c6af84b912394p-20;
  private static final double EXP_1 = 0x1.ebfce50fac4f3p-13;
  private static final double EXP_2 = 0x1.62e42ff0c52d6p-6;

  private static final double QUADRANTS = 0x1.45f306dc9c883p+23; // 2^24 * 2 / pi
  private static final double HALF_PI = 0x1.921fb54442d18p+0;
  private static final double QUADRANT_UNIT = 0x1.921fb54442d18p-62; // pi / 2^63

  /** Polynomials of the cosine, c0 to c4, and of the sine, s1 to s3; negated ones follow. */
  private static final double[] COS = {
    0x1p0,
    -0x1.ffffffd0c621cp-2,
    0x1.55553e1068f19p-5,
    -0x1.6c087e89a359dp-10,
    0x1.99343027bf8c3p-16
  };

  private static final double[] COS_NEGATED = {
    -0x1p0,
    0x1.ffffffd0c621cp-2,
    -0x1.55553e1068f19p-5,
    0x1.6c087e89a359dp-10,
    -0x1.99343027bf8c3p-16
  };

  private static final double SIN_1 = -0x1.555545995a603p-3;
  private static final double SIN_2 = 0x1.1107605230bc4p-7;
  private static final double SIN_3 = -0x1.994eb3774cf24p-13;

  /** 4 / pi, 32 bits at every 8th bit. */
  private static final int[] FOUR_OVER_PI = {
    0xa2,
    0xa2f9,
    0xa2f983,
    0xa2f9836e,
    0xf9836e4e,
    0x836e4e44,
    0x6e4e4415,
    0x4e441529,
    0x441529fc,
    0x1529fc27,
    0x29fc2757,
    0xfc2757d1,
    0x2757d1f5,
    0x57d1f534,
    0xd1f534dd,
    0xf534ddc0,
    0x34ddc0db,
    0xddc0db62,
    0xc0db6295,
    0xdb629599,
    0x6295993c,
    0x95993c43,
    0x993c4390,
    0x3c439041
  };

  /** 1/c and log2 c, for c near the middle of each sixteenth. */
  private static final double[] LOG2 = {
    0x1.661ec79f8f3bep+0, -0x1.efec65b963019p-2, 0x1.571ed4aaf883dp+0, -0x1.b0b6832d4fca4p-2,
    0x1.49539f0f010b0p+0, -0x1.7418b0a1fb77bp-2, 0x1.3c995b0b80385p+0, -0x1.39de91a6dcf7bp-2,
    0x1.30d190c8864a5p+0, -0x1.01d9bf3f2b631p-2, 0x1.25e227b0b8ea0p+0, -0x1.97c1d1b3b7af0p-3,
    0x1.1bb4a4a1a343fp+0, -0x1.2f9e393af3c9fp-3, 0x1.12358f08ae5bap+0, -0x1.960cbbf788d5cp-4,
    0x1.0953f419900a7p+0, -0x1.a6f9db6475fcep-5, 0x1.0000000000000p+0, 0x0.0p+0,
    0x1.e608cfd9a47acp-1, 0x1.338ca9f24f53dp-4, 0x1.ca4b31f026aa0p-1, 0x1.476a9543891bap-3,
    0x1.b2036576afce6p-1, 0x1.e840b4ac4e4d2p-3, 0x1.9c2d163a1aa2dp-1, 0x1.40645f0c6651cp-2,
    0x1.886e6037841edp-1, 0x1.88e9c2c1b9ff8p-2, 0x1.767dcf5534862p-1, 0x1.ce0a44eb17bccp-2
  };

  private static final double POW_SHIFT = 0x1.8p47;

  private Libm() {}

  /** e to the power of any float. */
  static float expf(float x) {
    int bits = Float.floatToRawIntBits(x);
    if ((bits >>> 20 & 0x7ff) > 0x42a) { // |x| >= 88, or not a number
      if (bits == 0xff800000) {
        return 0f;
      }
      if ((bits >>> 20 & 0x7ff) > 0x7f7) {
        return x + x;
      }
      if (x > 0x1.62e42ep6f) {
        return Float.POSITIVE_INFINITY;
      }
      if (x < -0x1.9fe368p6f) {
        return 0f;
      }
      if (x < -0x1.9d1d9ep6f) {
        return Float.MIN_VALUE;
      }
    }
    double shifted = Fma.fma(EXP_SCALE, (double) x, EXP_SHIFT);
    long k = Double.doubleToRawLongBits(shifted);
    double r = Fma.fma(EXP_SCALE, (double) x, -(shifted - EXP_SHIFT));
    double power = Double.longBitsToDouble(EXP2[(int) k & 31] + (k << 47));
    double y = Fma.fma(Fma.fma(EXP_0, r, EXP_1), r * r, Fma.fma(EXP_2, r, 1.0));
    return (float) (y * power);
  }

  /** Puts the cosine of any float at {@code target[at]} and its sine behind it. */
  static void cosSin(float value, float[] target, int at) {
    int bits = Float.floatToRawIntBits(value);
    int top = bits >>> 20 & 0x7ff;
    double x = value;
    if (top <= 0x397) { // |x| < 2^-12
      target[at] = 1f;
      target[at + 1] = value;
    } else if (top <= 0x3f3) { // |x| < 0.75
      polynomials(x, x * x, COS, target, at, at + 1);
    } else if (top <= 0x42e) { // |x| < 120
      int n = ((int) (x * QUADRANTS) + 0x800000) >> 24;
      reduced(Fma.fma(-(double) n, HALF_PI, x), n, n, target, at);
    } else if (top <= 0x7f7) {
      long product = productBits(bits);
      long n = (product + (1L << 61)) >>> 62;
      double rest = (double) (product - (n << 62)) * QUADRANT_UNIT;
      reduced(rest, (int) n, (int) n + (bits >>> 31), target, at);
    } else {
      target[at] = Float.NaN;
      target[at + 1] = Float.NaN;
    }
  }

  /** |x| * 2 / pi modulo 4, with 62 binary places. */
  private static long productBits(int bits) {
    int at = bits >>> 26 & 15;
    long m = ((long) ((bits & 0x7fffff) | 0x800000) << (bits >>> 23 & 7)) & 0xffffffffL;
    long high = (m * Integer.toUnsignedLong(FOUR_OVER_PI[at])) << 32;
    long middle = m * Integer.toUnsignedLong(FOUR_OVER_PI[at + 4]);
    long low = m * Integer.toUnsignedLong(FOUR_OVER_PI[at + 8]);
    return ((low >>> 32) | (high & 0xffffffff00000000L)) + middle;
  }

  private static void reduced(double x, int n, int signed, float[] target, int at) {
    double sine = (signed & 3) == 0 || (signed & 3) == 3 ? x : -x;
    double[] cosine = (signed & 2) == 0 ? COS : COS_NEGATED;
    int swap = n & 1;
    polynomials(sine, x * x, cosine, target, at + swap, at + 1 - swap);
  }

  private static void polynomials(
      double x, double x2, double[] c, float[] target, int cosAt, int sinAt) {
    double x3 = x * x2;
    double x4 = x2 * x2;
    double sine = Fma.fma(x3, SIN_1, x);
    double cosine = Fma.fma(x4, c[2], Fma.fma(x2, c[1], c[0]));
    target[sinAt] = (float) Fma.fma(Fma.fma(SIN_3, x2, SIN_2), x2 * x3, sine);
    target[cosAt] = (float) Fma.fma(Fma.fma(c[4], x2, c[3]), x2 * x4, cosine);
  }

  /**
   * {@code x} to the power of {@code y}.
   *
   * @param x positive, normal and finite
   * @param y finite, such that the result is within 2<sup>-126</sup> to 2<sup>126</sup>
   * @throws ArithmeticException if not
   */
  static float powf(float x, float y) {
    if (!(x >= Float.MIN_NORMAL && x <= Float.MAX_VALUE && Math.abs(y) <= Float.MAX_VALUE)) {
      throw new ArithmeticException(x + " to the power of " + y + " is out of range");
    }
    if (y == 0 || x == 1) {
      return 1f;
    }
    int bits = Float.floatToRawIntBits(x);
    int offset = bits - 0x3f330000;
    int i = offset >>> 19 & 15;
    int exponent = offset & 0xff800000;
    double r = Fma.fma((double) Float.intBitsToFloat(bits - exponent), LOG2[2 * i], -1.0);
    double whole = LOG2[2 * i + 1] + (exponent >> 23);
    double r2 = r * r;
    double upper = Fma.fma(0x1.27616c9496e0bp-2, r, -0x1.71969a075c67ap-2);
    double middle = Fma.fma(0x1.ec70a6ca7baddp-2, r, -0x1.7154748bef6c8p-1);
    double lower = Fma.fma(r2, middle, Fma.fma(r, 0x1.71547652ab82bp+0, whole));
    double power = y * Fma.fma(upper, r2 * r2, lower);
    if (!(Math.abs(power) < 126)) {
      throw new ArithmeticException(x + " to the power of " + y + " is out of range");
    }
    double shifted = power + POW_SHIFT;
    long k = Double.doubleToRawLongBits(shifted);
    r = power - (shifted - POW_SHIFT);
    double scale = Double.longBitsToDouble(EXP2[(int) k & 31] + (k << 47));
    double c = Fma.fma(0x1.c6af84b912394p-5, r, 0x1.ebfce50fac4f3p-3);
    return (float) (Fma.fma(c, r * r, Fma.fma(0x1.62e42ff0c52d6p-1, r, 1.0)) * scale);
  }
}
