package io.trc.strings;

import java.util.Arrays;

/**
 * The buckets that a message changes, as copies, so that the dictionary's stay as they are and are
 * shared. Forgotten with the message. Confined to one thread.
 */
final class Overlay {
  private static final int FIRST = 1 << 12;

  /** A long message changes no more buckets than this; of further ones it learns nothing. */
  private static final int MOST = 1 << 16;

  private int[] keys = new int[2 * FIRST];
  private int[] places = new int[2 * FIRST];

  /** The copies; the first of each context is for what is not kept. */
  private short[] slots = new short[FIRST * CountTable.SLOTS];

  private int used = MessageContexts.COUNT;

  /** Forgets everything. */
  void clear() {
    if (keys.length > 16 * FIRST) {
      keys = new int[2 * FIRST];
      places = new int[2 * FIRST];
      slots = new short[FIRST * CountTable.SLOTS];
    } else {
      Arrays.fill(places, 0);
    }
    used = MessageContexts.COUNT;
  }

  /** The slots of the copies; others after the next {@link #find}. */
  short[] slots() {
    return slots;
  }

  /** The first slot of a copy of the bucket with a hash. */
  int find(CountTable table, int context, int hash) {
    int mask = keys.length - 1;
    int at = hash & mask;
    while (places[at] != 0) {
      if (keys[at] == hash) {
        return places[at];
      }
      at = (at + 1) & mask;
    }
    boolean kept = used < MOST;
    int place = kept ? used++ * CountTable.SLOTS : context * CountTable.SLOTS;
    if (place + CountTable.SLOTS > slots.length) {
      slots = Arrays.copyOf(slots, 2 * slots.length);
    }
    int from = table.find(hash);
    if (from >= 0) {
      System.arraycopy(table.slots(), from, slots, place, CountTable.SLOTS);
    } else {
      Arrays.fill(slots, place, place + CountTable.SLOTS, (short) 0);
    }
    if (kept) {
      keys[at] = hash;
      places[at] = place;
      if (2 * used > keys.length) {
        grow();
      }
    }
    return place;
  }

  private void grow() {
    int[] oldKeys = keys;
    int[] oldPlaces = places;
    keys = new int[2 * oldKeys.length];
    places = new int[keys.length];
    int mask = keys.length - 1;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldPlaces[i] != 0) {
        int at = oldKeys[i] & mask;
        while (places[at] != 0) {
          at = (at + 1) & mask;
        }
        keys[at] = oldKeys[i];
        places[at] = oldPlaces[i];
      }
    }
  }
}
