package io.trc.predict.llama;

import io.trc.TrcEngineException;
import io.trc.TrcException;
import io.trc.TrcModelException;
import io.trc.gguf.GgufFile;
import io.trc.predict.Canary;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.MachineMemory;
import io.trc.predict.Numerics;
import io.trc.predict.NumericsProfile;
import io.trc.predict.Vocabulary;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Path;

/**
 * A GGUF model evaluated by the native llama.cpp, one thread for each set of lanes.
 *
 * <pre>{@code
 * GgufFile header = GgufFile.read(file);
 * try (LlamaModel model = LlamaModel.load(file, header, vocabulary);
 *     Lanes lanes = model.openLanes(1, 512, 64)) {
 *   lanes.evaluate(tokens, 0, 64);
 * }
 * }</pre>
 *
 * <p>Weights are read into memory, so the file may be deleted afterwards. Native memory that was
 * not freed by closing is freed once the garbage collector finds the model and its lanes
 * unreachable.
 */
public final class LlamaModel implements LanguageModel {
  private static final Cleaner CLEANER = Cleaner.create();
  private final NativeModel model;
  private final NativeShape shape;
  private final Vocabulary vocabulary;
  private final Numerics numerics;
  private final int trainedWindow;
  private final Cleaner.Cleanable cleanable;
  private volatile boolean closed;

  private LlamaModel(
      NativeModel model,
      NativeShape shape,
      Vocabulary vocabulary,
      Numerics numerics,
      int trainedWindow) {
    this.model = model;
    this.shape = shape;
    this.vocabulary = vocabulary;
    this.numerics = numerics;
    this.trainedWindow = trainedWindow;
    this.cleanable = CLEANER.register(this, model::release);
  }

  /**
   * Loads a model and measures its numerics, which takes the time of reading the file and of
   * evaluating about 100 tokens.
   *
   * @param gguf the model file, on the default file system
   * @param header what {@link GgufFile#read} read from it
   * @param vocabulary the tokens of the model
   * @throws TrcModelException if the model is damaged or of a kind that cannot be used
   * @throws TrcEngineException if there is no native library here, or too little memory
   */
  public static LlamaModel load(Path gguf, GgufFile header, Vocabulary vocabulary)
      throws TrcException {
    LlamaLibrary.require();
    header.checkRunnable();
    NativeShape shape = NativeShape.of(header, vocabulary.size());
    MachineMemory.check(header.name(), shape.modelBytes());
    NativeModel model = NativeModel.load(gguf, header);
    try {
      if (model.vocabularySize() != vocabulary.size()) {
        throw new TrcModelException(
            header.name()
                + ": llama.cpp sees "
                + model.vocabularySize()
                + " tokens, not "
                + vocabulary.size());
      }
      Numerics numerics = measure(model, shape, header);
      long trained =
          header.integer(header.architecture() + ".context_length").orElse(Lanes.MIN_WINDOW);
      return new LlamaModel(model, shape, vocabulary, numerics, (int) trained);
    } catch (TrcException | RuntimeException | Error e) {
      model.release();
      throw e;
    }
  }

  private static Numerics measure(NativeModel model, NativeShape shape, GgufFile header)
      throws TrcException {
    NumericsProfile profile =
        LlamaLibrary.isBundledForLinuxX64() ? shape.profile() : NumericsProfile.NATIVE;
    try {
      return Canary.measure(
          (lanes, window, maxSteps) -> open(model, shape, lanes, window, maxSteps),
          shape.vocabularySize(),
          profile);
    } catch (TrcModelException e) {
      throw new TrcModelException(header.name() + ": " + e.getMessage(), e);
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
    return LlamaLibrary.description();
  }

  @Override
  public int trainedWindow() {
    return trainedWindow;
  }

  @Override
  public Lanes openLanes(int lanes, int window, int maxSteps) throws TrcException {
    if (closed) {
      throw new IllegalStateException("the model is closed");
    }
    Lanes.check(lanes, window, maxSteps);
    if (lanes > 1 && !numerics.shapeInvariant()) {
      throw new IllegalArgumentException("this model must be evaluated in a single lane");
    }
    if (window > shape.longestWindow()) {
      throw new TrcModelException(
          "this model knows positions up to "
              + shape.longestWindow()
              + " only, too few for a window of "
              + window);
    }
    MachineMemory.check(
        lanes + " lanes of " + window + " tokens", lanesMemory(lanes, window, maxSteps));
    try {
      return open(model, shape, lanes, window, maxSteps);
    } finally {
      // Until the lanes have their share, the model must not be cleaned.
      Reference.reachabilityFence(this);
    }
  }

  private static Lanes open(
      NativeModel model, NativeShape shape, int lanes, int window, int maxSteps)
      throws TrcException {
    model.retain();
    try {
      return new LlamaLanes(model, shape, lanes, window, shape.maxSteps(lanes, maxSteps));
    } catch (TrcException | RuntimeException | Error e) {
      model.release();
      throw e;
    }
  }

  @Override
  public long lanesMemory(int lanes, int window, int maxSteps) {
    Lanes.check(lanes, window, maxSteps);
    return shape.contextBytes(lanes, window, maxSteps);
  }

  @Override
  public long modelMemory() {
    return shape.modelBytes();
  }

  @Override
  public void close() {
    closed = true;
    cleanable.clean();
  }
}
