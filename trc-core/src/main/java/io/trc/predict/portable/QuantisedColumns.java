package io.trc.predict.portable;

/**
 * Activations as the weights meet them: blocks of 32 integers from -127 to 127, held as floats,
 * that share a scale.
 */
final class QuantisedColumns {
  private static final int BLOCK = QuantisedRows.BLOCK;

  /** Adding this leaves no binary places: rounds to an integer, ties to even, below 2^22. */
  private static final float INTEGER = 0x1.8p23f;

  /** The integers of each column. */
  final float[][] values;

  /** The scales of each column. */
  final float[][] scales;

  QuantisedColumns(int columns, int longest) {
    values = new float[columns][longest];
    scales = new float[columns][longest / BLOCK];
  }

  /** Quantises the first {@code length} numbers of {@code source} as a column. */
  void quantise(int column, float[] source, int length) {
    float[] value = values[column];
    float[] scale = scales[column];
    for (int block = 0; block < length / BLOCK; block++) {
      int from = block * BLOCK;
      float greatest = greatest(source, from, from + BLOCK);
      scale[block] = Binary16.roundAny(greatest / 127f);
      float inverse = greatest != 0f ? 127f / greatest : 0f;
      if (inverse == Float.POSITIVE_INFINITY) {
        inverse = 0f; // the scale is 0 as well, and the integers have no effect
      }
      for (int i = from; i < from + BLOCK; i++) {
        value[i] = (source[i] * inverse + INTEGER) - INTEGER;
      }
    }
  }

  /** The greatest magnitude; by four independent chains, since one waits for itself. */
  static float greatest(float[] a, int from, int to) {
    float m0 = 0f;
    float m1 = 0f;
    float m2 = 0f;
    float m3 = 0f;
    for (int i = from; i < to; i += 4) {
      m0 = Math.max(m0, Math.abs(a[i]));
      m1 = Math.max(m1, Math.abs(a[i + 1]));
      m2 = Math.max(m2, Math.abs(a[i + 2]));
      m3 = Math.max(m3, Math.abs(a[i + 3]));
    }
    return Math.max(Math.max(m0, m1), Math.max(m2, m3));
  }
}
