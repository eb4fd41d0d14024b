package io.trc.mix;

/**
 * Maps from a stretch to the probability that was found for it, one for each context: interpolated
 * between 25 points, of which the nearer learns.
 */
final class StretchMaps {
  final int[] points;
  private int nearer;

  /** Maps for so many contexts that give back what they are given, with an equal confidence. */
  StretchMaps(int contexts, int count) {
    points = new int[contexts * Tables.POINTS];
    for (int i = 0; i < Tables.POINTS; i++) {
      points[i] = Adaptive.of(Tables.map(i), count);
    }
    for (int done = Tables.POINTS; done < points.length; done *= 2) {
      System.arraycopy(points, 0, points, done, Math.min(done, points.length - done));
    }
  }

  /** The same, apart from the other. */
  StretchMaps(StretchMaps other) {
    points = other.points.clone();
  }

  /** The bytes that the maps of so many contexts take. */
  static long memory(int contexts) {
    return (long) Integer.BYTES * Tables.POINTS * contexts;
  }

  /** The probability, in 22 bits, that a context's map has for a stretch. */
  int map(int context, int stretch) {
    int y = stretch + Tables.LIMIT + 1;
    int share = y & 255;
    int at = context * Tables.POINTS + (y >> 8);
    nearer = at + (share >> 7);
    return (Adaptive.p22(points[at]) * (256 - share) + Adaptive.p22(points[at + 1]) * share) >> 8;
  }

  /** Learns what became of the decision that {@link #map} was asked about last. */
  void learn(int bit) {
    Adaptive.learn(points, nearer, bit);
  }
}
