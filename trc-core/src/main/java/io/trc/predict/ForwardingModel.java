package io.trc.predict;

import java.io.IOException;

/** A model that does what another one does; decorators change a part of that. */
public abstract class ForwardingModel implements LanguageModel {
  private final LanguageModel model;

  /** Forwards to a model, which is closed with this one. */
  protected ForwardingModel(LanguageModel model) {
    this.model = model;
  }

  @Override
  public Vocabulary vocabulary() {
    return model.vocabulary();
  }

  @Override
  public Numerics numerics() {
    return model.numerics();
  }

  @Override
  public String engine() {
    return model.engine();
  }

  @Override
  public int trainedWindow() {
    return model.trainedWindow();
  }

  @Override
  public Lanes openLanes(int lanes, int window, int maxSteps) throws IOException {
    return model.openLanes(lanes, window, maxSteps);
  }

  @Override
  public int usefulLanes() {
    return model.usefulLanes();
  }

  @Override
  public long lanesMemory(int lanes, int window, int maxSteps) {
    return model.lanesMemory(lanes, window, maxSteps);
  }

  @Override
  public long modelMemory() {
    return model.modelMemory();
  }

  @Override
  public void close() {
    model.close();
  }
}
