package io.trc.predict;

import io.trc.TrcException;

/** Lanes that do what others do; decorators change a part of that. */
public abstract class ForwardingLanes implements Lanes {
  private final Lanes lanes;

  /** Forwards to lanes, which are closed with these. */
  protected ForwardingLanes(Lanes lanes) {
    this.lanes = lanes;
  }

  /** The lanes beneath, for every call. */
  protected Lanes lanes() {
    return lanes;
  }

  @Override
  public int count() {
    return lanes().count();
  }

  @Override
  public int window() {
    return lanes().window();
  }

  @Override
  public int maxSteps() {
    return lanes().maxSteps();
  }

  @Override
  public int length() {
    return lanes().length();
  }

  @Override
  public void evaluate(int[] tokens, int offset, int steps) throws TrcException {
    lanes().evaluate(tokens, offset, steps);
  }

  @Override
  public void logits(int column, float[] target) {
    lanes().logits(column, target);
  }

  @Override
  public void drop(int from, int tokens) throws TrcException {
    lanes().drop(from, tokens);
  }

  @Override
  public void clear() {
    lanes().clear();
  }

  @Override
  public void close() {
    lanes().close();
  }
}
