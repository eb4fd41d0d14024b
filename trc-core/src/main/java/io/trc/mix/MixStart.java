package io.trc.mix;

/** What a mixer knows before the first byte of a text. Immutable and safe for several threads. */
public sealed interface MixStart permits MixSize, Learnt {
  /** How large the mixers are that start from this. */
  MixSize size();

  /** A model of a text that starts from this. */
  DecisionModel newModel(boolean byModel);
}
