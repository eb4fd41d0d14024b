package io.trc.predict.portable;

import io.trc.gguf.LlamaShape;

/** The keys and values of one lane in one layer, halves held as floats. */
final class LaneCache {
  private final int headSize;

  /** For each dimension of all shared heads: the keys' numbers, a float a cell. */
  private final float[][] keys;

  /** For each shared head and cell: a value. */
  private final float[][][] values;

  /** No number of a value is greater; it never falls until all is forgotten. */
  private float greatestValue;

  LaneCache(LlamaShape shape, int window) {
    headSize = shape.headSize();
    keys = new float[shape.sharedLength()][window];
    values = new float[shape.sharedHeads()][window][headSize];
  }

  /** Rounds the key and the value that lie in {@code source} to halves and stores them. */
  void put(int cell, float[] source, int keyAt, int valueAt) {
    for (int i = 0; i < keys.length; i++) {
      keys[i][cell] = Binary16.roundAny(source[keyAt + i]);
    }
    for (int head = 0; head < values.length; head++) {
      float[] value = values[head][cell];
      for (int i = 0; i < headSize; i++) {
        float number = Binary16.roundAny(source[valueAt + head * headSize + i]);
        value[i] = number;
        greatestValue = Math.max(greatestValue, Math.abs(number));
      }
    }
  }

  /** The keys' numbers in one dimension of a shared head, by cell. */
  float[] keys(int sharedHead, int dimension) {
    return keys[sharedHead * headSize + dimension];
  }

  /** The values of a shared head, by cell. */
  float[][] values(int sharedHead) {
    return values[sharedHead];
  }

  float greatestValue() {
    return greatestValue;
  }

  /** Turns the keys in a run of cells by a distance. */
  void turn(int from, int to, float[] angles) {
    for (int i = 0; i < keys.length; i += 2) {
      float[] x = keys[i];
      float[] y = keys[i + 1];
      float cos = angles[i % headSize];
      float sin = angles[i % headSize + 1];
      for (int cell = from; cell < to; cell++) {
        float x0 = x[cell];
        float y0 = y[cell];
        x[cell] = Binary16.roundAny(Fma.fma(x0, cos, -(y0 * sin)));
        y[cell] = Binary16.roundAny(Fma.fma(x0, sin, y0 * cos));
      }
    }
  }

  void clear() {
    greatestValue = 0f;
  }
}
