package io.trc.predict.portable;

import io.trc.gguf.GgufFile;
import io.trc.predict.kernels.KernelsModel;
import io.trc.predict.kernels.KernelsPath;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The logits of the kernels against the hashes that pin the format's. Needs no test framework, so
 * that it runs in an emulated JVM too.
 */
public final class GoldenKernels {
  private static final int WINDOW = 64;

  private GoldenKernels() {}

  /**
   * Evaluates every small sample by the path that {@link KernelsPath#PROPERTY} forces, or else the
   * best one.
   *
   * @return the path's name
   * @throws IllegalStateException if a logit is another one
   */
  public static String check() throws IOException {
    String engine = "";
    for (Sample sample : Sample.values()) {
      if (sample != Sample.EMBEDDED) {
        engine = check(sample);
      }
    }
    return engine;
  }

  private static String check(Sample sample) throws IOException {
    GgufFile file = GgufFile.of(ByteBuffer.wrap(sample.gguf()), sample.name());
    try (KernelsModel model = KernelsModel.load(file, Evaluation.vocabulary(file))) {
      for (int maxSteps : new int[] {1, 64}) {
        int hash = Evaluation.hash(model, sample.text(model), WINDOW, maxSteps);
        if (hash != sample.hash()) {
          throw new IllegalStateException(
              String.format(
                  "%s: %s in batches of %d: %08x, not %08x",
                  model.engine(), sample, maxSteps, hash, sample.hash()));
        }
      }
      return model.engine();
    }
  }
}
