package io.trc.predict.portable;

import io.trc.TrcEngineException;
import io.trc.TrcException;
import io.trc.TrcModelException;
import io.trc.gguf.GgmlQ8Avx2;
import io.trc.gguf.GgufFile;
import io.trc.gguf.LlamaShape;
import io.trc.predict.Canary;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.Numerics;
import io.trc.predict.NumericsProfile;
import io.trc.predict.Vocabulary;
import org.jspecify.annotations.Nullable;

/**
 * A GGUF model evaluated in plain Java, on any CPU and operating system, to the same bits as the
 * native llama.cpp gives on x86-64 Linux: {@link NumericsProfile#GGML_Q8_AVX2}.
 *
 * <pre>{@code
 * String cause = PortableModel.unsupported(file);
 * if (cause != null) {
 *   throw new TrcEngineException("this model cannot be evaluated in Java: " + cause);
 * }
 * try (PortableModel model = PortableModel.load(file, vocabulary);
 *     Lanes lanes = model.openLanes(1, 512, 64)) {
 *   lanes.evaluate(tokens, 0, 64);
 * }
 * }</pre>
 *
 * <p>Runs LLaMA-architecture models with Q8_0 or Q5_0 matrices and F32 norms: grouped-query
 * attention, tied or separate output, RoPE of any base, with rope_freqs.weight or without. Memory
 * is that of the Java heap, a little over one byte for each weight, two on JDK 17 to 19; it is the
 * garbage collector that frees it. Uses one thread for each set of lanes.
 */
public final class PortableModel implements LanguageModel {
  private final LlamaWeights weights;
  private final Vocabulary vocabulary;
  private final Numerics numerics;
  private volatile boolean closed;

  private PortableModel(LlamaWeights weights, Vocabulary vocabulary, Numerics numerics) {
    this.weights = weights;
    this.vocabulary = vocabulary;
    this.numerics = numerics;
  }

  /**
   * Loads a model and measures its numerics, which takes the time of reading the file and of
   * evaluating about 100 tokens.
   *
   * @param vocabulary the tokens of the model
   * @throws TrcModelException if the model is damaged
   * @throws TrcEngineException if it is of a kind that {@link #unsupported} names, or the Java heap
   *     is too small
   */
  public static PortableModel load(GgufFile file, Vocabulary vocabulary) throws TrcException {
    return load(file, vocabulary, Packing.best());
  }

  static PortableModel load(GgufFile file, Vocabulary vocabulary, Packing packing)
      throws TrcException {
    file.checkRunnable();
    String cause = unsupported(file);
    if (cause != null) {
      throw new TrcEngineException(
          file.name() + ": the Java engine cannot evaluate this model: " + cause);
    }
    LlamaShape shape = LlamaShape.of(file);
    if (shape.vocabulary() != vocabulary.size()) {
      throw new TrcModelException(
          file.name()
              + ": "
              + shape.vocabulary()
              + " embeddings for "
              + vocabulary.size()
              + " tokens");
    }
    LlamaWeights weights;
    try {
      weights = LlamaWeights.read(file, shape, packing);
    } catch (OutOfMemoryError e) {
      throw new TrcEngineException(
          file.name() + outOfMemory(LlamaWeights.memory(shape, packing)), e);
    }
    Numerics numerics;
    try {
      numerics =
          Canary.measure(
              (lanes, window, maxSteps) -> new PortableLanes(weights, lanes, window, maxSteps),
              shape.vocabulary(),
              NumericsProfile.GGML_Q8_AVX2);
    } catch (TrcModelException e) {
      throw new TrcModelException(file.name() + ": " + e.getMessage(), e);
    }
    return new PortableModel(weights, vocabulary, numerics);
  }

  /**
   * Why this engine cannot evaluate a model with the bits of the profile, or null if it can. The
   * model must be one that {@link GgufFile#checkRunnable} lets pass.
   */
  public static @Nullable String unsupported(GgufFile file) {
    return GgmlQ8Avx2.unsupported(file);
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public Numerics numerics() {
    return numerics;
  }

  @Override
  public String engine() {
    return "Java " + Runtime.version().feature() + (Fma.HARDWARE ? "" : " without FMA");
  }

  @Override
  public int trainedWindow() {
    return weights.shape().trainedWindow();
  }

  @Override
  public Lanes openLanes(int lanes, int window, int maxSteps) throws TrcException {
    if (closed) {
      throw new IllegalStateException("the model is closed");
    }
    long memory = lanesMemory(lanes, window, maxSteps);
    try {
      return new PortableLanes(weights, lanes, window, maxSteps);
    } catch (OutOfMemoryError e) {
      throw new TrcEngineException(
          lanes + " lanes of " + window + " tokens" + outOfMemory(memory), e);
    }
  }

  @Override
  public long lanesMemory(int lanes, int window, int maxSteps) {
    Lanes.check(lanes, window, maxSteps);
    return PortableLanes.memory(weights.shape(), lanes, window, maxSteps);
  }

  @Override
  public long modelMemory() {
    return LlamaWeights.memory(weights.shape(), weights.output().packing);
  }

  /** Lets no more lanes be opened. The garbage collector frees the memory. */
  @Override
  public void close() {
    closed = true;
  }

  private static String outOfMemory(long bytes) {
    return ": about "
        + (bytes >> 20)
        + " MiB of Java heap are needed, and the limit is "
        + (Runtime.getRuntime().maxMemory() >> 20)
        + " MiB in all; raise it with -Xmx";
  }
}
