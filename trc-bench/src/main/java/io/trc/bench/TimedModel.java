package io.trc.bench;

import io.trc.TrcException;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.Numerics;
import io.trc.predict.Vocabulary;
import java.io.IOException;

/** A model whose evaluations are counted and timed. Confined to one thread; not to be closed. */
final class TimedModel implements LanguageModel {
  private final LanguageModel model;
  private long steps;
  private long nanos;

  TimedModel(LanguageModel model) {
    this.model = model;
  }

  /** The steps evaluated. */
  long steps() {
    return steps;
  }

  /** The nanoseconds that this took. */
  long nanos() {
    return nanos;
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
  public long lanesMemory(int lanes, int window, int maxSteps) {
    return model.lanesMemory(lanes, window, maxSteps);
  }

  @Override
  public long modelMemory() {
    return model.modelMemory();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("the model is somebody else's");
  }

  @Override
  public Lanes openLanes(int count, int window, int maxSteps) throws IOException {
    Lanes lanes = model.openLanes(count, window, maxSteps);
    return new Lanes() {
      @Override
      public int count() {
        return lanes.count();
      }

      @Override
      public int window() {
        return lanes.window();
      }

      @Override
      public int maxSteps() {
        return lanes.maxSteps();
      }

      @Override
      public int length() {
        return lanes.length();
      }

      @Override
      public void evaluate(int[] tokens, int offset, int taken) throws TrcException {
        long start = System.nanoTime();
        lanes.evaluate(tokens, offset, taken);
        nanos += System.nanoTime() - start;
        steps += taken;
      }

      @Override
      public void logits(int column, float[] target) {
        lanes.logits(column, target);
      }

      @Override
      public void drop(int from, int tokens) throws TrcException {
        long start = System.nanoTime();
        lanes.drop(from, tokens);
        nanos += System.nanoTime() - start;
      }

      @Override
      public void clear() {
        lanes.clear();
      }

      @Override
      public void close() {
        lanes.close();
      }
    };
  }
}
