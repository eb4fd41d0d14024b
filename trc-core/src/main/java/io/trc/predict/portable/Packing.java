package io.trc.predict.portable;

/**
 * How the weights of a row share the elements of an array, so that less memory is to be streamed.
 * Results do not depend on it.
 */
enum Packing {
  /**
   * Two to a float, {@code first + 257 * second}, for compilers that do not turn ints to floats.
   */
  PAIRS(2),

  /** Four to an int, a byte each, the first the lowest. */
  WORDS(4);

  private static final int VECTORISES_CONVERSION = 20;

  /** The weights that share an element. */
  final int weights;

  Packing(int weights) {
    this.weights = weights;
  }

  /**
   * The faster one here: C2 of JDK 17 leaves a loop that turns ints to floats scalar, which costs
   * six times the time of pairs; later ones vectorise it, for half the time of pairs.
   */
  static Packing best() {
    return Runtime.version().feature() >= VECTORISES_CONVERSION ? WORDS : PAIRS;
  }
}
