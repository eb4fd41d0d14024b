package io.trc.mix;

/**
 * The constants of the mixer's arithmetic, and the functions that they stand for.
 *
 * <p>A <em>stretch</em> is the logarithm of the odds, ln(p / (1 - p)), in units of 1/256, from
 * {@code -LIMIT} to {@code LIMIT}.
 */
public final class Tables {
  /** The greatest stretch: almost 12 nats. */
  public static final int LIMIT = 3071;

  /** One in the probabilities of decisions: 2^22. */
  public static final int ONE = 1 << 22;

  /** The kinds of bit history. */
  static final int HISTORIES = 272;

  /** The points of a map from stretches to probabilities. */
  static final int POINTS = 25;

  private static final short[] STRETCH = new short[1 << 12];
  private static final char[] SQUASH16 = new char[2 * LIMIT + 2];
  private static final int[] SQUASH22 = new int[2 * LIMIT + 2];
  private static final int[] RECIPROCAL = new int[1 << 10];
  private static final int[] LOG2 = new int[1 << 12];
  private static final int[] HISTORY = new int[HISTORIES];

  /** A history's kind, above 3 bits that are set if it tells runs apart by their length. */
  private static final short[] KIND = new short[256];

  private static final byte[] RUN = new byte[256];
  private static final int[] MAP = new int[POINTS];

  static {
    for (int i = 0; i < STRETCH.length; i++) {
      double p = (i + 0.5) / STRETCH.length;
      STRETCH[i] = (short) StrictMath.floor(256 * StrictMath.log(p / (1 - p)) + 0.5);
    }
    for (int i = 0; i < SQUASH16.length; i++) {
      double p = 1 / (1 + StrictMath.exp(-(i - LIMIT - 1) / 256.0));
      SQUASH16[i] = (char) clamp((int) StrictMath.floor(p * 65536 + 0.5), 1, 65535);
      SQUASH22[i] = probability((int) StrictMath.floor(p * ONE + 0.5));
    }
    for (int i = 0; i < RECIPROCAL.length; i++) {
      RECIPROCAL[i] = (int) (65536 / (i + 1.6));
    }
    for (int i = 0; i < LOG2.length; i++) {
      double log = StrictMath.log(1 + i / 4096.0) / StrictMath.log(2);
      LOG2[i] = (int) StrictMath.floor(65536 * log + 0.5);
    }
    for (int i = 0; i < HISTORY.length; i++) {
      HISTORY[i] = historyProbability(i);
    }
    for (int i = 0; i < KIND.length; i++) {
      KIND[i] = (short) (i == 128 ? (256 << 3) | 7 : i == 255 ? (264 << 3) | 7 : i << 3);
      RUN[i] = (byte) (i >= 50 ? 4 : i >= 25 ? 3 : i >= 14 ? 2 : i >= 10 ? 1 : 0);
    }
    for (int i = 0; i < MAP.length; i++) {
      MAP[i] = (int) (ONE / (1 + StrictMath.exp(-(i - 12))));
    }
  }

  private Tables() {}

  /** Of the bits in the history the younger count more; a run counts by its length. */
  private static int historyProbability(int history) {
    double ones = 0.4;
    double zeros = 0.4;
    if (history >= 256) {
      int[] lengths = {8, 12, 18, 35, 80, 80, 80, 80};
      if (history >= 264) {
        ones += lengths[history & 7];
      } else {
        zeros += lengths[history & 7];
      }
    } else if (history > 0) {
      double weight = 1;
      for (int bits = history; bits > 1; bits >>= 1) {
        if ((bits & 1) != 0) {
          ones += weight;
        } else {
          zeros += weight;
        }
        weight *= 0.8;
      }
    }
    return (int) (ones / (zeros + ones) * (ONE - 1));
  }

  private static int clamp(int value, int least, int greatest) {
    return Math.max(least, Math.min(greatest, value));
  }

  /** The nearest probability that a decision may have, 16 to 2^22 - 16. */
  public static int probability(int p22) {
    return clamp(p22, 16, ONE - 16);
  }

  /** The nearest stretch within the limits. */
  public static int clampStretch(int stretch) {
    return clamp(stretch, -LIMIT, LIMIT);
  }

  /** The stretch of a probability of 16 bits. */
  public static int stretch(int p16) {
    return STRETCH[p16 >> 4];
  }

  /** The stretch of the odds {@code one : zero}, both at least 1. */
  static int stretch(long one, long zero) {
    return clampStretch((int) (((log2(one) - log2(zero)) * 45426L) >> 24));
  }

  /** The probability of a stretch, in 16 bits. */
  public static int squash16(int stretch) {
    return SQUASH16[stretch + LIMIT + 1];
  }

  /** The probability of a stretch, in 22 bits. */
  public static int squash22(int stretch) {
    return SQUASH22[stretch + LIMIT + 1];
  }

  /** 2^16 / (n + 1.6): the share of a difference that is learnt when n were learnt before. */
  static int reciprocal(int n) {
    return RECIPROCAL[n];
  }

  /** The kind of a bit history of so many bits; of runs of one bit it depends on the length. */
  static int historyKind(int history, int count) {
    int kind = KIND[history];
    return (kind >> 3) + (RUN[count] & kind & 7);
  }

  /** The first probability of a kind of bit history, in 22 bits. */
  static int history(int history) {
    return HISTORY[history];
  }

  /** The first probability of a map's point, in 22 bits. */
  static int map(int point) {
    return MAP[point];
  }

  /** 2^16 log2(x), to about 1 in 2^12. */
  static int log2(long x) {
    int exponent = 63 - Long.numberOfLeadingZeros(x);
    long fraction = exponent >= 12 ? x >>> (exponent - 12) : x << (12 - exponent);
    return (exponent << 16) + LOG2[(int) fraction & 4095];
  }
}
