package io.trc.predict.portable;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * IEEE 754 half precision: 11 significant digits, 2<sup>-24</sup> to 65504. Rounding is to nearest,
 * ties to even, as the F16C instructions do it.
 */
final class Binary16 {
  /** Magnitudes below this are rounded by {@link #round} without overflow. */
  static final float LIMIT = 65504f;

  /** Float.floatToFloat16 and Float.float16ToFloat, which JDK 20 and newer have, or null. */
  private static final @Nullable MethodHandle TO_HALF =
      find("floatToFloat16", MethodType.methodType(short.class, float.class));

  private static final @Nullable MethodHandle TO_FLOAT =
      find("float16ToFloat", MethodType.methodType(float.class, short.class));

  /**
   * Whether these are instructions, which halves the time of a token: all CPUs with one for fused
   * multiply-add have them. A constant for the compiler.
   */
  private static final boolean CONVERSIONS = Fma.HARDWARE && TO_HALF != null && TO_FLOAT != null;

  private Binary16() {}

  private static @Nullable MethodHandle find(String name, MethodType type) {
    try {
      return MethodHandles.publicLookup().findStatic(Float.class, name, type);
    } catch (NoSuchMethodException | IllegalAccessException e) {
      return null; // an older JDK
    }
  }

  /** The value of 16 bits, exactly. */
  static float toFloat(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | 0x7f800000 | fraction << 13);
    }
    if (exponent == 0) {
      float value = fraction * 0x1p-24f;
      return sign == 0 ? value : -value;
    }
    return Float.intBitsToFloat(sign | (exponent + 112) << 23 | fraction << 13);
  }

  /** The nearest half; infinity from 65520 on. */
  static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    bits &= 0x7fffffff;
    if (bits >= 0x47800000) { // 65536, infinite, not a number
      return (short) (sign | (bits > 0x7f800000 ? 0x7e00 : 0x7c00));
    }
    if (bits < 0x38800000) { // below 2^-14: 0.5 has the last digit that the half has, 2^-24
      float rounded = Float.intBitsToFloat(bits) + 0.5f;
      return (short) (sign | (Float.floatToRawIntBits(rounded) - 0x3f000000));
    }
    bits += 0xfff + (bits >> 13 & 1);
    return (short) (sign | (bits - 0x38000000) >> 13);
  }

  /** Any float rounded to the nearest half. */
  static float roundAny(float value) {
    return toFloat(fromFloat(value));
  }

  /**
   * A float of magnitude below 65520 rounded to the nearest half, by code that vectorises, which
   * {@link #roundAny} does not. A zero may lose its sign.
   */
  static float round(float value) {
    return CONVERSIONS ? convert(value) : shift(value);
  }

  private static float convert(float value) {
    try {
      return (float) TO_FLOAT.invokeExact((short) TO_HALF.invokeExact(value));
    } catch (Throwable e) {
      throw new LinkageError("a conversion of the JDK failed", e);
    }
  }

  /**
   * The same without such instructions; zeros lose their sign.
   *
   * <p>Adding a number whose last digit is worth as much as that of the half leaves no digit below.
   * 8192 x would be such a number, but not where x is below 2<sup>-14</sup> and the half has fewer
   * digits. So it serves to find the 11 upper digits only; 8194 times these, or 2<sup>-14</sup>, is
   * neither so near to a power of two that the sum crosses it, nor odd in its last digit, which
   * would turn ties. Proven by trying every float.
   */
  static float shift(float value) {
    float shift = 8192f * value;
    float upper = Math.abs((value - shift) + shift);
    // The greater of two without Math.max, which must care for NaN: twice that, in fact.
    float twice = (upper + 0x1p-14f) + Math.abs(upper - 0x1p-14f);
    shift = 4097f * twice;
    return (value + shift) - shift;
  }
}
