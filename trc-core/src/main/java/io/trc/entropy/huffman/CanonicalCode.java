package io.trc.entropy.huffman;

import io.trc.TrcCorruptedException;
import io.trc.entropy.EntropyCoder;
import java.util.Arrays;

/**
 * The canonical Huffman code of some frequencies. Symbols are sorted by (frequency, symbol); the
 * two lightest nodes are merged until one is left, and of a leaf and an inner node of equal weight
 * the leaf goes first, of two inner nodes the older. That settles every code's length; the codes
 * are then given out counting upwards by (length, symbol).
 *
 * <p>Source of the construction in place: A. Moffat and J. Katajainen, In-Place Calculation of
 * Minimum-Redundancy Codes, 1995.
 */
final class CanonicalCode {
  /**
   * The longest code: a depth of d takes a total of at least Fibonacci(d + 2), and Fibonacci(37)
   * exceeds 2^24.
   */
  static final int MAX_LENGTH = 34;

  private static final int RADIX = 256;

  private int count;
  private final byte[] lengths = new byte[EntropyCoder.MAX_SYMBOLS];
  private final int[] countOfLength = new int[MAX_LENGTH + 1];

  private long[] sorted = new long[EntropyCoder.MAX_SYMBOLS];
  private long[] spare = new long[EntropyCoder.MAX_SYMBOLS];
  private final int[] lowDigits = new int[RADIX];
  private final int[] middleDigits = new int[RADIX];
  private final int[] highDigits = new int[RADIX];
  private final int[] nodes = new int[EntropyCoder.MAX_SYMBOLS];

  /** Makes this the code of {@code frequencies[0..count-1]}. */
  void build(int[] frequencies, int count) {
    if (count < 1 || count > EntropyCoder.MAX_SYMBOLS) {
      throw new IllegalArgumentException(
          "count " + count + " is not in 1.." + EntropyCoder.MAX_SYMBOLS);
    }
    this.count = count;
    Arrays.fill(countOfLength, 0);
    countDigits(frequencies);
    if (count == 1) {
      lengths[0] = 0;
      countOfLength[0] = 1;
      return;
    }
    sort(frequencies);
    merge();
    giveLengths();
  }

  private void countDigits(int[] frequencies) {
    Arrays.fill(lowDigits, 0);
    Arrays.fill(middleDigits, 0);
    Arrays.fill(highDigits, 0);
    long total = 0;
    int least = Integer.MAX_VALUE;
    for (int symbol = 0; symbol < count; symbol++) {
      int frequency = frequencies[symbol];
      total += frequency;
      least = Math.min(least, frequency);
      lowDigits[frequency & 0xFF]++;
      middleDigits[frequency >>> 8 & 0xFF]++;
      highDigits[frequency >>> 16 & 0xFF]++;
    }
    if (least < 1 || total > EntropyCoder.MAX_TOTAL) {
      throw new IllegalArgumentException(
          "frequencies must be at least 1 each and sum to at most "
              + EntropyCoder.MAX_TOTAL
              + "; the least is "
              + least
              + ", the sum "
              + total);
    }
  }

  /** Sorts by radix: stable, so that equal frequencies stay in the order of their symbols. */
  private void sort(int[] frequencies) {
    for (int symbol = 0; symbol < count; symbol++) {
      sorted[symbol] = (long) frequencies[symbol] << Integer.SIZE | symbol;
    }
    sortByDigit(lowDigits, Integer.SIZE);
    sortByDigit(middleDigits, Integer.SIZE + 8);
    sortByDigit(highDigits, Integer.SIZE + 16);
  }

  private void sortByDigit(int[] digits, int shift) {
    if (digits[(int) (sorted[0] >>> shift) & 0xFF] == count) {
      return;
    }
    int start = 0;
    for (int digit = 0; digit < RADIX; digit++) {
      int size = digits[digit];
      digits[digit] = start;
      start += size;
    }
    for (int i = 0; i < count; i++) {
      long key = sorted[i];
      spare[digits[(int) (key >>> shift) & 0xFF]++] = key;
    }
    long[] swap = sorted;
    sorted = spare;
    spare = swap;
  }

  /** Leaves in {@code nodes[0..count-2]} the depth of each inner node, the root's last. */
  private void merge() {
    int leaf = 0;
    int inner = 0;
    for (int next = 0; next < count - 1; next++) {
      int weight = 0;
      for (int child = 0; child < 2; child++) {
        if (leaf == count || (inner < next && nodes[inner] < weight(leaf))) {
          weight += nodes[inner];
          nodes[inner++] = next;
        } else {
          weight += weight(leaf++);
        }
      }
      nodes[next] = weight;
    }
    nodes[count - 2] = 0;
    for (int node = count - 3; node >= 0; node--) {
      nodes[node] = nodes[nodes[node]] + 1;
    }
  }

  private int weight(int leaf) {
    return (int) (sorted[leaf] >>> Integer.SIZE);
  }

  /** Gives the nodes of each depth that are no inner nodes to the heaviest symbols left. */
  private void giveLengths() {
    int leaf = count - 1;
    int inner = count - 2;
    int available = 1;
    for (byte depth = 0; available > 0; depth++) {
      int innerHere = 0;
      while (inner >= 0 && nodes[inner] == depth) {
        innerHere++;
        inner--;
      }
      int leaves = available - innerHere;
      countOfLength[depth] = leaves;
      for (int i = 0; i < leaves; i++) {
        lengths[(int) sorted[leaf--]] = depth;
      }
      available = 2 * innerHere;
    }
  }

  /** The length of a symbol's code, in bits. */
  int lengthOf(int symbol) {
    return lengths[symbol];
  }

  /** A symbol's code, its last bit lowest. */
  long codeOf(int symbol) {
    int length = lengths[symbol];
    long code = 0;
    for (int shorter = 1; shorter < length; shorter++) {
      code = (code + countOfLength[shorter]) << 1;
    }
    for (int other = 0; other < symbol; other++) {
      if (lengths[other] == length) {
        code++;
      }
    }
    return code;
  }

  /** Reads a code and returns its symbol. */
  int decode(BitReader in) throws TrcCorruptedException {
    int length = 0;
    long offset = 0;
    while (offset >= countOfLength[length]) {
      offset = (offset - countOfLength[length++]) << 1 | in.read(1);
    }
    int symbol = 0;
    while (lengths[symbol] != length || offset-- > 0) {
      symbol++;
    }
    return symbol;
  }
}
