package io.trc.strings;

import io.trc.mix.Adaptive;
import io.trc.mix.Hash;
import io.trc.mix.Tables;
import java.util.Arrays;

/**
 * The probability of the next decision of a message, by a dictionary and the message so far: its
 * end (0), or a bit of its next byte, named by the bits before behind a leading 1.
 *
 * <pre>{@code
 * model.start();
 * model.beginByte();
 * int p = model.predict(1);
 * model.learn(bit);
 * ...
 * model.endByte(b);
 * }</pre>
 *
 * <p>What a message teaches is forgotten at the next {@link #start}, but by one that trains. State
 * of one message, confined to one thread.
 */
final class MessageModel {
  /** While a message is coded, the mixer learns at this rate. */
  private static final int RATE = 6;

  private static final int TRAINING_RATE = 2;
  private static final int FIRST_RATE = 24;
  private static final int COUNT = MessageContexts.COUNT;

  private final Samples samples;
  private final MixState learnt;
  private final boolean training;

  /** Whether what trains has not yet counted the samples. */
  private boolean counting;

  /** The state that changes: what was learnt itself, or a copy. */
  private final MixState state;

  private final MessageContexts contexts = new MessageContexts();
  private final Overlay overlay = new Overlay();
  private final MessageMixer mixer = new MessageMixer();
  private final int[][] uses = new int[MixState.SETS][];

  private byte[] message = new byte[256];
  private int length;
  private int match;

  /** Of the token that has begun: its bytes so far, and a hash of them. */
  private int depth;

  private int prefix;
  private int matchLength;
  private int excludedFrom;
  private int excludedTo;

  private final int[] hashes = new int[COUNT];
  private final short[][] slotsOf = new short[COUNT][];
  private final int[] at = new int[COUNT];
  private final int[] cells = new int[COUNT];
  private boolean atHalf;
  private final short[] nothing = new short[CountTable.SLOTS];

  // Of the decision that was predicted last.
  private int slot;
  private int expectedBit;
  private int matchCell;

  /** A model of messages; one that trains changes what the samples and the state hold. */
  MessageModel(Samples samples, MixState learnt, boolean training) {
    this.samples = samples;
    this.learnt = learnt;
    this.training = training;
    state = training ? learnt : new MixState(learnt);
    for (int set = 0; set < uses.length; set++) {
      uses[set] = new int[MixState.ROWS[set]];
    }
  }

  /** At least the bytes that a model takes beyond the samples. */
  static long memory() {
    long weights = 0;
    for (int rows : MixState.ROWS) {
      weights += rows;
    }
    return Integer.BYTES * weights * MixState.INPUTS + (1L << 23);
  }

  /** Begins a message. */
  void start() {
    start(0, 0);
    if (!training) {
      overlay.clear();
      state.set(learnt);
    }
  }

  /** Begins a message that stands among the samples itself, at a place that matches leave out. */
  void start(int from, int to) {
    excludedFrom = from;
    excludedTo = to;
    contexts.clear();
    message[0] = Samples.MARK;
    length = 1;
    match = 0;
    matchLength = 0;
    endToken();
  }

  /** From now on, a model that trains adds what it counts to the tables, or not. */
  void setCounting(boolean counting) {
    this.counting = counting;
  }

  /** The bytes that the character which has begun still needs. */
  int missing() {
    return contexts.missing();
  }

  /** Prepares for the decisions of the next byte, the end among them. */
  void beginByte() {
    contexts.hash(hashes);
    if (depth > 0) {
      for (int i = 0; i < COUNT; i++) {
        hashes[i] = Hash.of(hashes[i], prefix);
      }
    }
    find();
    atHalf = false;
  }

  private void find() {
    for (int i = 0; i < COUNT; i++) {
      if (training) {
        CountTable table = samples.tables[i];
        int found = counting ? table.findOrAdd(hashes[i]) : table.find(hashes[i]);
        slotsOf[i] = found < 0 ? nothing : table.slots();
        at[i] = Math.max(0, found);
      } else {
        at[i] = overlay.find(samples.tables[i], i, hashes[i]);
      }
    }
    if (training) {
      Arrays.fill(nothing, (short) 0);
    } else {
      Arrays.fill(slotsOf, overlay.slots());
    }
  }

  /** Goes to the slot of a decision. */
  private void go(int decision) {
    if (decision < 16) {
      slot = decision;
      return;
    }
    int bits = 31 - Integer.numberOfLeadingZeros(decision);
    if (!atHalf) {
      for (int i = 0; i < COUNT; i++) {
        hashes[i] = CountTable.half(hashes[i], decision >> (bits - 4));
      }
      find();
      atHalf = true;
    }
    int first = 1 << (bits - 4);
    slot = first | (decision & (first - 1));
  }

  /** Counts a decision of this outcome, or takes it out of the counts. */
  void count(int decision, int bit, boolean out) {
    go(decision);
    for (int i = 0; i < COUNT; i++) {
      if (out) {
        CountTable.uncount(slotsOf[i], at[i] + slot, bit);
      } else {
        CountTable.count(slotsOf[i], at[i] + slot, bit);
      }
    }
  }

  /** The probability that a decision is 1, in 22 bits, without a language model. */
  int predict(int decision) {
    return predict(decision, 0);
  }

  /**
   * The probability that a decision is 1, in 22 bits.
   *
   * @param stretch the language model's
   */
  int predict(int decision, int stretch) {
    go(decision);
    boolean end = decision == 0;
    int kind = end ? (depth > 0 ? 2 : 1) : 0;
    int[] x = mixer.x;
    x[0] = 256;
    x[MixState.MODEL] = stretch;
    addMatch(x, decision);
    int hits = 0;
    int sure = 0;
    for (int i = 0; i < COUNT; i++) {
      int counts = slotsOf[i][at[i] + slot] & 0xffff;
      if (counts == 0) {
        cells[i] = -1;
        x[4 + i] = 0;
        continue;
      }
      int cell = (MixState.KINDS * i + kind) * MixState.CELLS + MixState.cell(counts);
      cells[i] = cell;
      x[4 + i] = Tables.stretch(Adaptive.p16(state.counts[cell]));
      if (i < MessageContexts.ORDERS) {
        hits++;
        sure = sureness(counts);
      }
    }
    int bit = 31 - Integer.numberOfLeadingZeros(decision | 1);
    int half = end ? 0 : bit < 4 ? 1 : 2;
    int ends = end ? 1 : 0;
    mixer.rows[0] = decision;
    mixer.rows[1] = (hits * 3 + half) * 8 + sure;
    mixer.rows[2] = (Math.min(15, matchLength) * 3 + expectedBit + 1) * 2 + ends;
    int inWord = cells[9] >= 0 ? 1 : 0;
    mixer.rows[3] = (Folding.kind(contexts.last()) * 9 + (end ? 8 : bit)) * 2 + inWord;
    mixer.rows[4] = (Math.min(15, contexts.count()) * 2 + (cells[11] >= 0 ? 1 : 0)) * 8 + half;
    return Tables.probability(Tables.squash22(mixer.mix(state, decision)));
  }

  /** How sure the counts are: whether only one outcome was seen, and how often. */
  private static int sureness(int counts) {
    int ones = counts >> 8;
    int zeros = counts & 255;
    int all = ones + zeros;
    int often = all == 1 ? 0 : all < 4 ? 1 : all < 16 ? 2 : 3;
    return ones == 0 || zeros == 0 ? often : 4 + often;
  }

  private void addMatch(int[] x, int decision) {
    expectedBit = -1;
    x[1] = 0;
    x[2] = 0;
    if (matchLength == 0) {
      return;
    }
    int expected = samples.text[match] & 0xff;
    if (decision == 0) {
      if (depth > 0) {
        return;
      }
      expectedBit = expected == 0xff ? 1 : 0;
    } else {
      int bits = 31 - Integer.numberOfLeadingZeros(decision);
      if (expected == 0xff || (expected | 256) >> (8 - bits) != decision) {
        return;
      }
      expectedBit = expected >> (7 - bits) & 1;
    }
    matchCell = Math.min(31, matchLength) + (decision == 0 ? 32 : 0);
    int s = Tables.stretch(Adaptive.p16(state.matches[matchCell]));
    int constant = matchLength > 15 ? 256 : 128;
    x[1] = expectedBit > 0 ? s : -s;
    x[2] = expectedBit > 0 ? constant : -constant;
  }

  /** Learns what became of the decision that was predicted last. */
  void learn(int bit) {
    if (training) {
      for (int set = 0; set < uses.length; set++) {
        uses[set][mixer.rows[set]]++;
      }
    }
    mixer.learn(state, bit, training ? TRAINING_RATE + rate() : RATE);
    if (expectedBit >= 0) {
      Adaptive.learn(state.matches, matchCell, bit == expectedBit ? 1 : 0);
    }
    for (int i = 0; i < COUNT; i++) {
      if (cells[i] >= 0) {
        Adaptive.learn(state.counts, cells[i], bit);
      }
      CountTable.count(slotsOf[i], at[i] + slot, bit);
    }
  }

  private int rate() {
    return FIRST_RATE * 64 / (64 + uses[0][mixer.rows[0]]);
  }

  /** Takes note of a byte of a token, which is part of all contexts until the token ends. */
  void endTokenByte(int b) {
    endByte(b);
    depth++;
    prefix = Hash.of(prefix, b);
  }

  /** Takes note of the end of a token. */
  void endToken() {
    depth = 0;
    prefix = 0;
  }

  /** Takes note of a byte of the message. */
  void endByte(int b) {
    contexts.add(b);
    if (length == message.length) {
      message = Arrays.copyOf(message, 2 * length);
    }
    message[length++] = (byte) b;
    if (matchLength > 0 && (samples.text[match] & 0xff) == b) {
      match++;
      matchLength++;
    } else {
      matchLength = 0;
    }
    if (matchLength < 8) {
      int found = samples.matches.find(message, length, excludedFrom, excludedTo);
      if (found > 0) {
        match = found;
        matchLength = samples.matches.length(message, length, found);
      }
    }
    if (matchLength > 0 && match >= samples.text.length) {
      matchLength = 0;
    }
  }

  /** How often each row of the weights was used in training. */
  int[][] uses() {
    return uses;
  }

  /** Counts the uses of rows where another one does, which trains the same state. */
  void shareUses(int[][] others) {
    System.arraycopy(others, 0, uses, 0, uses.length);
  }
}
