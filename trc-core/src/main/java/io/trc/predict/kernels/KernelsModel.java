package io.trc.predict.kernels;

import io.trc.TrcEngineException;
import io.trc.TrcException;
import io.trc.TrcModelException;
import io.trc.gguf.GgmlQ8Avx2;
import io.trc.gguf.GgufFile;
import io.trc.gguf.LlamaShape;
import io.trc.predict.Canary;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.MachineMemory;
import io.trc.predict.Numerics;
import io.trc.predict.NumericsProfile;
import io.trc.predict.Vocabulary;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * A GGUF model evaluated by TRC's native kernels, one thread for each set of lanes: {@link
 * NumericsProfile#GGML_Q8_AVX2}.
 *
 * <pre>{@code
 * String cause = KernelsModel.unsupported(file);
 * if (cause != null) {
 *   throw new TrcEngineException("there are no kernels for this model: " + cause);
 * }
 * try (KernelsModel model = KernelsModel.load(file, vocabulary);
 *     Lanes lanes = model.openLanes(1, 512, 64)) {
 *   lanes.evaluate(tokens, 0, 64);
 * }
 * }</pre>
 *
 * <p>Weights take a little over one byte each, and the embedding as much again. Native memory that
 * was not freed by closing is freed once the garbage collector finds the model and its lanes
 * unreachable.
 */
public final class KernelsModel implements LanguageModel {
  private static final Cleaner CLEANER = Cleaner.create();

  private final KernelsWeights weights;
  private final LlamaShape shape;
  private final KernelsPath path;
  private final Vocabulary vocabulary;
  private final Numerics numerics;
  private final Cleaner.Cleanable cleanable;
  private volatile boolean closed;

  private KernelsModel(
      KernelsWeights weights,
      LlamaShape shape,
      KernelsPath path,
      Vocabulary vocabulary,
      Numerics numerics) {
    this.weights = weights;
    this.shape = shape;
    this.path = path;
    this.vocabulary = vocabulary;
    this.numerics = numerics;
    this.cleanable = CLEANER.register(this, weights::release);
  }

  /**
   * Why a model that {@link GgufFile#checkRunnable} lets pass cannot be evaluated by kernels here,
   * or null if it can.
   */
  public static @Nullable String unsupported(GgufFile file) {
    String cause = KernelsLibrary.unavailability();
    return cause == null ? GgmlQ8Avx2.unsupported(file) : cause;
  }

  /**
   * Loads a model by the best path and measures its numerics, which takes the time of reading the
   * file and of evaluating about 100 tokens.
   *
   * @param vocabulary the tokens of the model
   * @throws TrcModelException if the model is damaged
   * @throws TrcEngineException if {@link #unsupported} has a reason, or there is too little memory
   */
  public static KernelsModel load(GgufFile file, Vocabulary vocabulary) throws TrcException {
    file.checkRunnable();
    String cause = unsupported(file);
    KernelsPath best = KernelsPath.best();
    if (cause != null || best == null) {
      throw new TrcEngineException(file.name() + ": there are no kernels for it: " + cause);
    }
    return load(file, vocabulary, best);
  }

  /** Loads a model of the profile by a path that this machine has. */
  public static KernelsModel load(GgufFile file, Vocabulary vocabulary, KernelsPath path)
      throws TrcException {
    file.checkRunnable();
    String cause = GgmlQ8Avx2.unsupported(file);
    if (cause != null) {
      throw new TrcEngineException(file.name() + ": there are no kernels for it: " + cause);
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
    MachineMemory.check(
        file.name(), KernelsApi.trc_model_bytes(KernelsApi.shape(shape), path.id()));
    KernelsWeights weights = KernelsWeights.load(file, shape, path);
    boolean done = false;
    try {
      Numerics numerics =
          Canary.measure(
              (lanes, window, maxSteps) -> open(weights, shape, lanes, window, maxSteps),
              shape.vocabulary(),
              NumericsProfile.GGML_Q8_AVX2);
      done = true;
      return new KernelsModel(weights, shape, path, vocabulary, numerics);
    } catch (TrcModelException e) {
      throw new TrcModelException(file.name() + ": " + e.getMessage(), e);
    } finally {
      if (!done) {
        weights.release();
      }
    }
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
    return "kernels, " + path.label();
  }

  @Override
  public int trainedWindow() {
    return shape.trainedWindow();
  }

  @Override
  public Lanes openLanes(int lanes, int window, int maxSteps) throws TrcException {
    if (closed) {
      throw new IllegalStateException("the model is closed");
    }
    MachineMemory.check(
        lanes + " lanes of " + window + " tokens", lanesMemory(lanes, window, maxSteps));
    try {
      return open(weights, shape, lanes, window, maxSteps);
    } finally {
      // Until the lanes have their share, the model must not be cleaned.
      Reference.reachabilityFence(this);
    }
  }

  private static Lanes open(
      KernelsWeights weights, LlamaShape shape, int lanes, int window, int maxSteps)
      throws TrcEngineException {
    weights.retain();
    boolean done = false;
    try {
      Lanes opened = new KernelsLanes(weights, shape.vocabulary(), lanes, window, maxSteps);
      done = true;
      return opened;
    } finally {
      if (!done) {
        weights.release();
      }
    }
  }

  /** Weights go through the caches once for all lanes, and keys and values are fetched ahead. */
  @Override
  public int usefulLanes() {
    return 8;
  }

  @Override
  public long lanesMemory(int lanes, int window, int maxSteps) {
    Lanes.check(lanes, window, maxSteps);
    try {
      weights.retain();
      try {
        return KernelsApi.trc_lanes_bytes(weights.pointer(), lanes, window, maxSteps)
            + 4L * lanes * maxSteps;
      } finally {
        weights.release();
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public long modelMemory() {
    return KernelsApi.trc_model_bytes(KernelsApi.shape(shape), path.id());
  }

  @Override
  public void close() {
    closed = true;
    cleanable.clean();
  }
}
