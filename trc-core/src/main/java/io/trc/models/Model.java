package io.trc.models;

import io.trc.TrcEngine;
import io.trc.TrcEngineException;
import io.trc.TrcException;
import io.trc.TrcNumericsException;
import io.trc.TrcUnsupportedException;
import io.trc.container.ModelReference;
import io.trc.gguf.GgufFile;
import io.trc.model.EmbeddedModel;
import io.trc.predict.LanguageModel;
import io.trc.predict.Numerics;
import io.trc.predict.NumericsProfile;
import io.trc.predict.PooledModel;
import io.trc.predict.kernels.KernelsLibrary;
import io.trc.predict.llama.LlamaLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model by its file, and in the engines that were asked to evaluate it; the choice between them
 * is here. Its weights are loaded at first use. Safe for use by several threads.
 */
public final class Model implements AutoCloseable {
  /**
   * Above this size in bytes Java's own canary takes too long to be the judge of the native one.
   */
  private static final long JUDGED_BY_JAVA = 64L << 20;

  /** The embedded ones; they stay for the life of the process. */
  private static final List<Model> EMBEDDED =
      EmbeddedModel.all().stream().map(embedded -> new Model(ModelSource.of(embedded))).toList();

  private final ModelSource source;
  private final Map<TrcEngine, LanguageModel> loaded = new EnumMap<>(TrcEngine.class);
  private @Nullable Choice automatic;
  private boolean closed;

  /**
   * An engine and the reason for it.
   *
   * @param model the model as the engine has loaded it
   * @param why one line for people
   */
  public record Choice(LanguageModel model, String why) {}

  private Model(ModelSource source) {
    this.source = source;
  }

  /** Those that are embedded here; the first one is the default. */
  public static List<Model> embedded() {
    return EMBEDDED;
  }

  /**
   * A model whose header was checked.
   *
   * @throws IOException if the file cannot be read, or is no GGUF file that can be used
   */
  public static Model of(Path gguf) throws IOException {
    return new Model(ModelSource.of(gguf));
  }

  /** True if this is the larger one of those that are embedded. */
  public boolean isBase() {
    EmbeddedModel embedded = source.embedded();
    return embedded != null && embedded.kind() == EmbeddedModel.Kind.BASE;
  }

  /** The name of the GGUF file. */
  public String name() {
    return source.name();
  }

  /** The SHA-256 of the GGUF file, 64 lower-case hexadecimal digits. */
  public String sha256() {
    return source.sha256();
  }

  /** The first eight bytes of the digest, as an archive names the model. */
  public long digest() {
    return Long.parseUnsignedLong(sha256().substring(0, 16), 16);
  }

  /** The length of the GGUF file in bytes. */
  public long size() {
    return source.size();
  }

  /** What the file says of itself. */
  public GgufFile header() throws IOException {
    return source.header();
  }

  /** The model in the engine that is to be used for writing, and why it is that one. */
  public synchronized Choice choose(TrcEngine engine) throws TrcException {
    return switch (engine) {
      case AUTO -> automatic();
      case KERNELS, NATIVE, PORTABLE -> new Choice(load(engine), "it was asked for");
    };
  }

  /**
   * The model in the quickest engine that computes the logits that an archive needs.
   *
   * @throws TrcUnsupportedException if this version knows no such arithmetic
   * @throws TrcNumericsException if none of the engines computes them
   */
  public synchronized LanguageModel choose(TrcEngine engine, ModelReference needed)
      throws TrcException {
    NumericsProfile profile = NumericsProfile.ofId(needed.profile());
    if (profile == null) {
      throw new TrcUnsupportedException(
          "the archive was written with the numerics profile "
              + needed.profile()
              + ", which this version of TRC does not know");
    }
    List<LanguageModel> asked = new ArrayList<>();
    asked.add(choose(engine).model());
    if (!computes(asked.get(0), profile, needed) && engine == TrcEngine.AUTO) {
      if (LlamaLibrary.isAvailable()) {
        asked.add(load(TrcEngine.NATIVE));
      }
      if (source.unsupportedInJava() == null) {
        asked.add(load(TrcEngine.PORTABLE));
      }
    }
    for (LanguageModel model : asked) {
      if (computes(model, profile, needed)) {
        return model;
      }
    }
    LanguageModel first = asked.get(0);
    throw new TrcNumericsException(
        String.format(
            "the archive was written with the numerics %s %08x, but the model %s computes %s here"
                + " (%s); it can be decoded where they are the same",
            profile.label(),
            needed.fingerprint(),
            source.name(),
            first.numerics(),
            first.engine()));
  }

  private static boolean computes(
      LanguageModel model, NumericsProfile profile, ModelReference needed) {
    Numerics numerics = model.numerics();
    return numerics.profile() == profile
        && numerics.fingerprint() == needed.fingerprint()
        && numerics.shapeInvariant() != needed.lockstep();
  }

  private Choice automatic() throws TrcException {
    Choice known = automatic;
    if (known == null || closed) {
      known = chooseAutomatically();
      automatic = known;
    }
    return known;
  }

  private Choice chooseAutomatically() throws TrcException {
    String noJava = source.unsupportedInJava();
    if (noJava == null && KernelsLibrary.unavailability() == null) {
      LanguageModel model = kernels();
      if (model != null) {
        return new Choice(model, "its logits for the canary are those of the Java engine");
      }
    }
    String noNative = LlamaLibrary.unavailability();
    if (noNative != null) {
      if (noJava != null) {
        throw new TrcEngineException(
            "nothing here can evaluate the model "
                + source.name()
                + "; llama.cpp: "
                + noNative
                + "; Java: "
                + noJava);
      }
      return new Choice(load(TrcEngine.PORTABLE), "llama.cpp is not available: " + noNative);
    }
    if (noJava != null) {
      return new Choice(
          load(TrcEngine.NATIVE), "only llama.cpp can evaluate this model: " + noJava);
    }
    LanguageModel model = trusted(TrcEngine.NATIVE);
    return model != null
        ? new Choice(model, "its logits for the canary are those of the Java engine")
        : new Choice(
            load(TrcEngine.PORTABLE),
            "llama.cpp computes other logits here, which open nowhere else");
  }

  /** The model in kernels, or null if they refuse it or compute other logits. */
  private @Nullable LanguageModel kernels() throws TrcException {
    try {
      return trusted(TrcEngine.KERNELS);
    } catch (TrcEngineException e) {
      System.getLogger("io.trc").log(System.Logger.Level.DEBUG, "no kernels for this model", e);
      return null;
    }
  }

  /** The model in a native engine, or null if that does not compute the profile's logits here. */
  private @Nullable LanguageModel trusted(TrcEngine engine) throws TrcException {
    boolean asked = loaded.containsKey(engine);
    LanguageModel model = load(engine);
    if (model.numerics().profile() == NumericsProfile.GGML_Q8_AVX2 && equalsJava(model, engine)) {
      return model;
    }
    if (!asked) {
      loaded.remove(engine);
      model.close();
    }
    return null;
  }

  /** The self-test: whether a native engine computes the profile's logits on this machine. */
  private boolean equalsJava(LanguageModel model, TrcEngine engine) throws TrcException {
    EmbeddedModel embedded = source.embedded();
    if (embedded != null) {
      return model.numerics().fingerprint() == embedded.fingerprint();
    }
    if (source.size() <= JUDGED_BY_JAVA) {
      try (LanguageModel java = source.loadPortable()) {
        return model.numerics().fingerprint() == java.numerics().fingerprint();
      } catch (TrcEngineException e) {
        // Too little heap for this model in Java: the library is judged by the embedded one.
        System.getLogger("io.trc").log(System.Logger.Level.DEBUG, "no self-test in Java", e);
      }
    }
    return EMBEDDED.get(0).trusts(engine);
  }

  /** Whether a native engine computes this model's logits as Java does. */
  private synchronized boolean trusts(TrcEngine engine) throws TrcException {
    return trusted(engine) != null;
  }

  private LanguageModel load(TrcEngine engine) throws TrcException {
    if (closed) {
      throw new IllegalStateException("the model " + source.name() + " is closed");
    }
    LanguageModel model = loaded.get(engine);
    if (model == null) {
      model =
          new PooledModel(
              switch (engine) {
                case KERNELS -> source.loadKernels();
                case NATIVE -> source.loadNative();
                case AUTO, PORTABLE -> source.loadPortable();
              });
      loaded.put(engine, model);
    }
    return model;
  }

  /** Frees the weights, once the streams that use them are closed; never those of embedded ones. */
  @Override
  public synchronized void close() {
    if (source.embedded() == null) {
      closed = true;
      loaded.values().forEach(LanguageModel::close);
      loaded.clear();
    }
  }
}
