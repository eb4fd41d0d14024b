package io.trc.predict.portable;

/**
 * Exact fused multiply-add without the instruction, by rounding to odd: a sum rounded to an odd
 * last digit where it is inexact can be rounded again, to fewer digits, as if it were exact.
 *
 * <p>Source: S. Boldo, G. Melquiond, "Emulation of a FMA and correctly rounded sums: proved
 * algorithms using rounding to odd", IEEE Transactions on Computers 57(4), 2008.
 */
final class SoftFma {
  /** Splits a double into two halves of 26 bits. */
  private static final double SPLIT = 0x1p27 + 1;

  private SoftFma() {}

  /** Right for all floats. */
  static float fma(float a, float b, float c) {
    // 48 of 53 digits: exact.
    return (float) addToOdd((double) a * b, c);
  }

  /** Right where no intermediate value leaves the range of normal doubles, zeros excepted. */
  static double fma(double a, double b, double c) {
    double high = a * b;
    double a1 = upper(a);
    double b1 = upper(b);
    double a2 = a - a1;
    double b2 = b - b1;
    double low = a2 * b2 - (((high - a1 * b1) - a2 * b1) - a1 * b2);
    double sum = c + low;
    double sumError = error(c, low, sum);
    double total = high + sum;
    double totalError = error(high, sum, total);
    return total + addToOdd(totalError, sumError);
  }

  private static double upper(double x) {
    double t = SPLIT * x;
    return t - (t - x);
  }

  /** What the rounded {@code sum} of two numbers lacks, exactly (Knuth's TwoSum). */
  private static double error(double x, double y, double sum) {
    double t = sum - x;
    return (x - (sum - t)) + (y - t);
  }

  private static double addToOdd(double x, double y) {
    double sum = x + y;
    double error = error(x, y, sum);
    long bits = Double.doubleToRawLongBits(sum);
    if (error == 0 || (bits & 1) != 0 || !(Math.abs(sum) < Double.POSITIVE_INFINITY)) {
      return sum;
    }
    return Double.longBitsToDouble(error > 0 == sum > 0 ? bits + 1 : bits - 1);
  }
}
