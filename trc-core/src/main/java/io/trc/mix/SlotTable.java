package io.trc.mix;

import java.util.Arrays;

/**
 * What was seen in the many states of one context: a hash table of buckets, each with a slot for
 * every decision within half a byte. A slot holds a probability (16 bits), a count (8) and a bit
 * history (8): the last seven bits behind a leading 1. Beside it stands what the mix of all
 * contexts still has wrong there: a mix that adds it is right where a state is an exception.
 */
final class SlotTable {
  /** The bytes that a bucket takes. */
  static final int BUCKET_BYTES = 98;

  private static final int SLOTS = 16;

  private static final int NEVER_SEEN = (1 << 31) | 1;

  /** No more than so many decisions slow the learning of a probability, and of a residual. */
  private static final int LIMIT = 60;

  private static final int RESIDUAL_LIMIT = 40;

  private static final int MOST_RESIDUAL = 32_752;

  private final int bits;
  private final int[] slots;

  /** How far the mix is off at each slot, in 1/16 of a stretch's units. */
  private final short[] residuals;

  private final short[] checks;

  SlotTable(int bits) {
    this.bits = bits;
    slots = new int[SLOTS << bits];
    residuals = new short[SLOTS << bits];
    checks = new short[1 << bits];
  }

  /** The same, apart from the other. */
  SlotTable(SlotTable other) {
    bits = other.bits;
    slots = other.slots.clone();
    residuals = other.residuals.clone();
    checks = other.checks.clone();
  }

  /** The first slot of the bucket for a state; a new one takes the place of one less used. */
  int find(int hash) {
    short check = (short) (((hash >>> 16) ^ ((hash & 0xFFFF) * 31)) | 1);
    int first = Hash.place(hash, bits);
    if (checks[first] == check) {
      return first * SLOTS;
    }
    int second = first ^ 1;
    if (checks[second] == check) {
      return second * SLOTS;
    }
    int taken = first;
    if (checks[first] != 0 && (checks[second] == 0 || used(second) < used(first))) {
      taken = second;
    }
    checks[taken] = check;
    int at = taken * SLOTS;
    Arrays.fill(slots, at, at + SLOTS, NEVER_SEEN);
    Arrays.fill(residuals, at, at + SLOTS, (short) 0);
    return at;
  }

  private int used(int bucket) {
    return count(slots[bucket * SLOTS]) + count(slots[bucket * SLOTS + 1]);
  }

  static int count(int slot) {
    return (slot >>> 8) & 255;
  }

  /** The probability, in 16 bits. */
  static int p16(int slot) {
    return slot >>> 16;
  }

  /** The kind of bit history; runs of one bit are told apart by their length. */
  static int history(int slot) {
    int history = slot & 255;
    if (history != 128 && history != 255) {
      return history;
    }
    int n = count(slot);
    int length = n >= 50 ? 4 : n >= 25 ? 3 : n >= 14 ? 2 : n >= 10 ? 1 : 0;
    return (history == 128 ? 256 : 264) + length;
  }

  /** A slot. */
  int slot(int at) {
    return slots[at];
  }

  /** The stretch that the mix lacks at a slot. */
  int residual(int at) {
    return residuals[at] >> 4;
  }

  /** Learns what became of a decision for which the mix had a stretch. */
  void learn(int at, int bit, int mixed) {
    int slot = slots[at];
    int residual = residuals[at];
    int error = (bit << 16) - Tables.squash16(Tables.clampStretch(mixed + (residual >> 4)));
    int rate = Tables.reciprocal(Math.min(count(slot), RESIDUAL_LIMIT)) >> 3;
    residual += (error * rate) >> 14;
    residuals[at] = (short) Math.max(-MOST_RESIDUAL, Math.min(MOST_RESIDUAL, residual));
    slots[at] = learnt(slot, bit);
  }

  private static int learnt(int slot, int bit) {
    int h = slot & 255;
    int n = count(slot);
    int p = slot >>> 16;
    h = h < 128 ? h * 2 + bit : 128 | ((h * 2 + bit) & 127);
    p += (((bit << 16) - bit - p) * Tables.reciprocal(Math.min(n, LIMIT))) >> 16;
    return (p << 16) | (Math.min(n + 1, 255) << 8) | h;
  }
}
