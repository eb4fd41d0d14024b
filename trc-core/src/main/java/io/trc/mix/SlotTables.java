package io.trc.mix;

import java.util.Arrays;

/**
 * What was seen in the many states of each context: for each a hash table of buckets, with a slot
 * for every decision within half a byte. A slot holds a probability (16 bits), a count (8) and a
 * bit history (8): the last seven bits behind a leading 1. Beside it stands what the mix of all
 * contexts still has wrong there: a mix that adds it is right where a state is an exception.
 */
final class SlotTables {
  /** The bytes that a bucket takes. */
  static final int BUCKET_BYTES = 100;

  /** The inputs that a context gives to a mixer. */
  static final int INPUTS = 3;

  private static final int SLOTS = 16;

  private static final int CHECK = 0xffff;
  private static final int ONE_USE = CHECK + 1;
  private static final int USES = 255 * ONE_USE;

  private static final int NEVER_SEEN = (1 << 31) | 1;

  /** No more than so many decisions slow the learning of a probability, and of a residual. */
  private static final int LIMIT = 60;

  private static final int RESIDUAL_LIMIT = 40;

  private static final int MOST_RESIDUAL = 32_752;

  /** How much is known of a bit history at first. */
  private static final int CONFIDENCE = 6;

  /** In arrays that begin at a line of the cache, as large ones do, each bucket has its own. */
  private static final int HEADER = 16;

  private static final int FIRST_SLOT = (64 - HEADER) / Integer.BYTES;
  private static final int FIRST_RESIDUAL = (64 - HEADER) / Short.BYTES;

  private final int count;
  private final int bits;
  private final int[] slots;

  /** How far the mix is off at each slot, in 1/16 of a stretch's units. */
  private final short[] residuals;

  /** Of each bucket, a check of its state below the times that it was found. */
  private final int[] heads;

  /** For each context, what follows each kind of bit history. */
  private final int[] histories;

  /** The hash of each context's state. */
  private final int[] states;

  /** The first slot of each context's bucket, and the kind of history at the current slot. */
  private final int[] buckets;

  private final int[] kinds;

  /**
   * Of no meaning: all buckets are read before one is judged, so that the memory answers to all at
   * the same time.
   */
  int allRead;

  /** Empty tables of so many contexts, with 2^bits buckets each. */
  SlotTables(int count, int bits) {
    this.count = count;
    this.bits = bits;
    heads = new int[count << bits];
    slots = new int[FIRST_SLOT + SLOTS * heads.length];
    residuals = new short[FIRST_RESIDUAL + SLOTS * heads.length];
    histories = new int[count * Tables.HISTORIES];
    for (int i = 0; i < histories.length; i++) {
      histories[i] = Adaptive.of(Tables.history(i % Tables.HISTORIES), CONFIDENCE);
    }
    states = new int[count];
    buckets = new int[count];
    kinds = new int[count];
  }

  /** The same, apart from the other. */
  SlotTables(SlotTables other) {
    count = other.count;
    bits = other.bits;
    heads = other.heads.clone();
    slots = other.slots.clone();
    residuals = other.residuals.clone();
    histories = other.histories.clone();
    states = new int[count];
    buckets = new int[count];
    kinds = new int[count];
  }

  /** About as many bytes as tables take. */
  static long memory(int count, int bits) {
    return (((long) count * BUCKET_BYTES) << bits)
        + (long) Integer.BYTES * Tables.HISTORIES * count;
  }

  /** Goes to the bucket of each context's state. */
  void find(int[] hashes) {
    System.arraycopy(hashes, 0, states, 0, count);
    find();
  }

  /** Goes to the bucket of each context's state and a part of a byte. */
  void find(int[] hashes, int part) {
    for (int i = 0; i < count; i++) {
      states[i] = Hash.of(hashes[i], part);
    }
    find();
  }

  private void find() {
    int all = 0;
    for (int i = 0; i < count; i++) {
      int bucket = bucket(i, states[i]);
      all += heads[bucket];
      all += slots[FIRST_SLOT + bucket * SLOTS];
      all += residuals[FIRST_RESIDUAL + bucket * SLOTS];
    }
    allRead = all;
    for (int i = 0; i < count; i++) {
      buckets[i] = find(i, states[i]);
    }
  }

  private int bucket(int context, int hash) {
    return (context << bits) + Hash.place(hash, bits);
  }

  /** The first slot of the bucket for a state; a new one takes the place of one less used. */
  private int find(int context, int hash) {
    int check = ((hash >>> 16) ^ ((hash & 0xFFFF) * 31)) | 1;
    int first = bucket(context, hash);
    int head = heads[first];
    if (((head ^ check) & CHECK) == 0) {
      heads[first] = used(head);
      return first * SLOTS;
    }
    int second = first ^ 1;
    int other = heads[second];
    if (((other ^ check) & CHECK) == 0) {
      heads[second] = used(other);
      return second * SLOTS;
    }
    int taken = (other & USES) < (head & USES) ? second : first;
    heads[taken] = (check & CHECK) | ONE_USE;
    int at = taken * SLOTS;
    Arrays.fill(slots, FIRST_SLOT + at, FIRST_SLOT + at + SLOTS, NEVER_SEEN);
    Arrays.fill(residuals, FIRST_RESIDUAL + at, FIRST_RESIDUAL + at + SLOTS, (short) 0);
    return at;
  }

  private static int used(int head) {
    return (head & USES) < USES ? head + ONE_USE : head;
  }

  private static int count(int slot) {
    return (slot >>> 8) & 255;
  }

  /** Puts a mixer's inputs for a decision behind some others. */
  void predict(int node, int[] x, int from) {
    int[] slots = this.slots;
    int[] histories = this.histories;
    int input = from;
    for (int i = 0; i < count; i++) {
      int at = buckets[i] + node;
      int slot = slots[FIRST_SLOT + at];
      int kind = i * Tables.HISTORIES + Tables.historyKind(slot & 255, count(slot));
      kinds[i] = kind;
      x[input] = Tables.stretch(Adaptive.p16(histories[kind]));
      x[input + 1] = Tables.stretch(slot >>> 16);
      x[input + 2] = residuals[FIRST_RESIDUAL + at] >> 4;
      input += INPUTS;
    }
  }

  /** 1 if a context has seen the decision before, else 0. */
  int hit(int context) {
    return context < count && kinds[context] != context * Tables.HISTORIES + 1 ? 1 : 0;
  }

  /** Learns what became of a decision for which the mix had a stretch. */
  void learn(int node, int bit, int mixed) {
    int[] slots = this.slots;
    int[] histories = this.histories;
    short[] residuals = this.residuals;
    for (int i = 0; i < count; i++) {
      Adaptive.learn(histories, kinds[i], bit);
      int at = buckets[i] + node;
      int slot = slots[FIRST_SLOT + at];
      int n = count(slot);
      int residual = residuals[FIRST_RESIDUAL + at];
      int error = (bit << 16) - Tables.squash16(Tables.clampStretch(mixed + (residual >> 4)));
      residual += (error * (Tables.reciprocal(Math.min(n, RESIDUAL_LIMIT)) >> 3)) >> 14;
      residuals[FIRST_RESIDUAL + at] =
          (short) Math.max(-MOST_RESIDUAL, Math.min(MOST_RESIDUAL, residual));
      int p = slot >>> 16;
      p += (((bit << 16) - bit - p) * Tables.reciprocal(Math.min(n, LIMIT))) >> 16;
      int history = (((slot << 1) | bit) & 255) | (slot & 128);
      slots[FIRST_SLOT + at] = (p << 16) | (Math.min(n + 1, 255) << 8) | history;
    }
  }
}
