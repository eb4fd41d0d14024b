package io.trc.mix;

import io.trc.TrcUnsupportedException;

/**
 * How much a mixer looks at and remembers; it knows what all mixers know from the start.
 *
 * @param contexts the contexts, 1 to {@link #MOST_CONTEXTS}
 * @param tableBits log2 of the buckets of each, {@link #LEAST_BITS} to {@link #MOST_BITS}
 */
public record MixSize(int contexts, int tableBits) implements MixStart {
  /** The contexts that there are. */
  public static final int MOST_CONTEXTS = Contexts.COUNT;

  /** log2 of the fewest buckets. */
  public static final int LEAST_BITS = 10;

  /** log2 of the most buckets. */
  public static final int MOST_BITS = 16;

  private static final int CONTEXT_BITS = 5;

  /** Checks the ranges. */
  public MixSize {
    if (contexts < 1 || contexts > MOST_CONTEXTS) {
      throw new IllegalArgumentException(
          "contexts must be 1 to " + MOST_CONTEXTS + ": " + contexts);
    }
    if (tableBits < LEAST_BITS || tableBits > MOST_BITS) {
      throw new IllegalArgumentException("log2 of the buckets must be 10 to 16: " + tableBits);
    }
  }

  /** The same for a text of so many bytes, which may need less. */
  public MixSize forText(int bytes) {
    // A byte takes two buckets of each context at most.
    int needed = Integer.SIZE - Integer.numberOfLeadingZeros(2 * bytes - 1);
    return new MixSize(contexts, Math.max(LEAST_BITS, Math.min(tableBits, needed)));
  }

  /** The byte that stands for it. */
  public byte encode() {
    return (byte) (contexts | (tableBits - LEAST_BITS) << CONTEXT_BITS);
  }

  /**
   * What a byte stands for.
   *
   * @throws TrcUnsupportedException if it stands for nothing in this version
   */
  public static MixSize decode(byte octet) throws TrcUnsupportedException {
    int contexts = octet & ((1 << CONTEXT_BITS) - 1);
    int tableBits = ((octet & 0xff) >> CONTEXT_BITS) + LEAST_BITS;
    if (contexts < 1 || contexts > MOST_CONTEXTS || tableBits > MOST_BITS) {
      throw new TrcUnsupportedException(
          "a block is mixed from "
              + contexts
              + " contexts of 2^"
              + tableBits
              + " buckets, more than this software knows: a newer one is needed");
    }
    return new MixSize(contexts, tableBits);
  }

  /** An upper estimate of the memory in bytes that a mixer of this size takes, beyond its text. */
  public long memory() {
    return DecisionModel.memory(contexts, tableBits);
  }

  @Override
  public MixSize size() {
    return this;
  }

  @Override
  public DecisionModel newModel(boolean byModel) {
    DecisionModel model = new DecisionModel(byModel, contexts, tableBits);
    ShippedState.load(model);
    return model;
  }
}
