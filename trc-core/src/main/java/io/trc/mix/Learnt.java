package io.trc.mix;

/** What a mixer has learnt from a text: others may start from it, any number of them. */
public final class Learnt implements MixStart {
  private final DecisionModel model;
  private final MixSize size;
  private final boolean byModel;

  /** Takes over a model of which nobody else will make use. */
  Learnt(DecisionModel model, MixSize size, boolean byModel) {
    this.model = model;
    this.size = size;
    this.byModel = byModel;
  }

  /** True if a language model had a say. */
  public boolean byModel() {
    return byModel;
  }

  @Override
  public MixSize size() {
    return size;
  }

  @Override
  public DecisionModel newModel(boolean byModel) {
    if (byModel != this.byModel) {
      throw new IllegalArgumentException("learnt with a language model, or without, not both");
    }
    return new DecisionModel(model);
  }
}
