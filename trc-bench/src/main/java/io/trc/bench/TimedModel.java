package io.trc.bench;

import io.trc.TrcException;
import io.trc.predict.ForwardingLanes;
import io.trc.predict.ForwardingModel;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import java.io.IOException;

/** A model whose evaluations are counted and timed. Confined to one thread; not to be closed. */
final class TimedModel extends ForwardingModel {
  private long steps;
  private long nanos;

  TimedModel(LanguageModel model) {
    super(model);
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
  public Lanes openLanes(int count, int window, int maxSteps) throws IOException {
    return new ForwardingLanes(super.openLanes(count, window, maxSteps)) {
      @Override
      public void evaluate(int[] tokens, int offset, int taken) throws TrcException {
        long start = System.nanoTime();
        super.evaluate(tokens, offset, taken);
        nanos += System.nanoTime() - start;
        steps += taken;
      }

      @Override
      public void drop(int from, int tokens) throws TrcException {
        long start = System.nanoTime();
        super.drop(from, tokens);
        nanos += System.nanoTime() - start;
      }
    };
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("the model is somebody else's");
  }
}
