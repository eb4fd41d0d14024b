package io.trc.strings;

import io.trc.mix.Hash;

/**
 * For one context, how often each decision about the next byte was 0 and 1. A bucket has the
 * decisions of half a byte: slot 0 is for the end of the message, 1 to 15 for the bits so far
 * behind a leading 1. A slot is two counts of 8 bits, that of ones above.
 */
final class CountTable {
  /** The slots of a bucket. */
  static final int SLOTS = 16;

  private static final int MOST = 255;

  private final int bits;
  private final short[] checks;
  private final short[] slots;

  /** An empty table. */
  CountTable(int bits) {
    this.bits = bits;
    checks = new short[1 << bits];
    slots = new short[SLOTS << bits];
  }

  /** The bytes that a table takes. */
  static long memory(int bits) {
    return (2L * SLOTS + 2) << bits;
  }

  /** The counts of all buckets. */
  short[] slots() {
    return slots;
  }

  private static short check(int hash) {
    return (short) ((hash >>> 16 ^ hash * 31) | 1);
  }

  /** The first slot of the bucket of a hash, or -1 if there is none. */
  int find(int hash) {
    short check = check(hash);
    int bucket = Hash.place(hash, bits);
    if (checks[bucket] == check) {
      return bucket * SLOTS;
    }
    return checks[bucket ^ 1] == check ? (bucket ^ 1) * SLOTS : -1;
  }

  /** The first slot of the bucket of a hash, which takes the place of the rarer one of two. */
  int findOrAdd(int hash) {
    int found = find(hash);
    if (found >= 0) {
      return found;
    }
    int bucket = Hash.place(hash, bits);
    if (uses(bucket ^ 1) < uses(bucket)) {
      bucket ^= 1;
    }
    checks[bucket] = check(hash);
    int from = bucket * SLOTS;
    for (int i = from; i < from + SLOTS; i++) {
      slots[i] = 0;
    }
    return from;
  }

  private int uses(int bucket) {
    if (checks[bucket] == 0) {
      return -1;
    }
    int first = slots[bucket * SLOTS + 1] & 0xffff;
    int end = slots[bucket * SLOTS] & 0xffff;
    return (first >> 8) + (first & 255) + (end >> 8) + (end & 255);
  }

  /** Counts a decision. */
  static void count(short[] slots, int at, int bit) {
    int n = slots[at] & 0xffff;
    int shift = bit << 3;
    if ((n >> shift & MOST) == MOST) {
      n = (n >> 1 & 0x7f7f) + (n & 0x0101);
    }
    slots[at] = (short) (n + (1 << shift));
  }

  /** Takes a count back, as if the decision had not been counted. */
  static void uncount(short[] slots, int at, int bit) {
    int n = slots[at] & 0xffff;
    int shift = bit << 3;
    if ((n >> shift & MOST) > 0) {
      slots[at] = (short) (n - (1 << shift));
    }
  }

  /** The hash of the second half of a byte, given the first behind a leading 1. */
  static int half(int hash, int first) {
    return Hash.of(hash, first + 77);
  }
}
