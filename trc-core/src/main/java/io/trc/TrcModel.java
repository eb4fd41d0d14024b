package io.trc;

import io.trc.gguf.GgufFile;
import io.trc.models.Model;
import io.trc.models.ModelFinder;
import io.trc.predict.LanguageModel;
import io.trc.predict.NumericsProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A language model to compress with: the embedded one, or any GGUF file that llama.cpp can run.
 *
 * <pre>{@code
 * try (TrcModel model = TrcModel.load(Path.of("model.gguf"))) {
 *   TrcOptions options = TrcOptions.builder().model(model).build();
 *   byte[] small = Trc.compress(text, options);
 * }
 * }</pre>
 *
 * <p>An archive names its model by digest. A reader looks for it in its options, among the embedded
 * models, in the files and folders of the environment variable {@code TRC_MODEL_PATH}, and in the
 * user's model folder ({@code ~/.local/share/trc/models} or the platform's like).
 *
 * <p>Safe for use by several threads, whose streams share the weights.
 */
public final class TrcModel implements AutoCloseable {
  /** As the embedded ones are shared, so are these. */
  private static final List<TrcModel> EMBEDDED =
      Model.embedded().stream().map(TrcModel::new).toList();

  private final Model model;

  private TrcModel(Model model) {
    this.model = model;
  }

  /**
   * The model that TRC carries with it. It is loaded at first use and then stays for the life of
   * the process; closing it does nothing.
   */
  public static TrcModel embedded() {
    return EMBEDDED.get(0);
  }

  /**
   * The larger model, if {@code io.trc:trc-model-base} is on the class or module path: four times
   * the work for text a tenth smaller. It is loaded at first use and then stays.
   */
  public static Optional<TrcModel> base() {
    return EMBEDDED.stream().filter(each -> each.model.isBase()).findFirst();
  }

  /**
   * Loads a model from a GGUF file. The file must not change as long as the model is in use.
   *
   * @throws TrcModelException if the file is no GGUF file, damaged, or of an unsupported kind
   * @throws TrcEngineException if nothing here can evaluate it
   * @throws IOException if the file cannot be read
   */
  public static TrcModel load(Path gguf) throws IOException {
    return load(gguf, TrcEngine.preferred());
  }

  /** Loads a model from a GGUF file into an engine; see {@link #load(Path)}. */
  public static TrcModel load(Path gguf, TrcEngine engine) throws IOException {
    TrcModel loaded = new TrcModel(Model.of(gguf));
    loaded.model.choose(engine);
    return loaded;
  }

  /**
   * The models that a reader finds without being told: embedded, on the path, in the user's folder.
   */
  public static List<Installed> installed() {
    List<Installed> installed = new ArrayList<>();
    for (Model each : Model.embedded()) {
      installed.add(new Installed(each.name(), null, each.size(), each.sha256()));
    }
    for (Path file : ModelFinder.fromEnvironment().files()) {
      String name = String.valueOf(file.getFileName());
      String digest = ModelFinder.digestOf(file);
      installed.add(new Installed(name, file, file.toFile().length(), digest));
    }
    return installed;
  }

  /**
   * A model that is there for the taking.
   *
   * @param name the file's name
   * @param file where it lies, or null for an embedded one
   * @param size its length in bytes
   * @param sha256 the file's digest, 64 hexadecimal digits, or null where the file cannot be read
   */
  public record Installed(String name, @Nullable Path file, long size, @Nullable String sha256) {}

  /** The name of the GGUF file. */
  public String name() {
    return model.name();
  }

  /** The SHA-256 of the GGUF file, 64 lower-case hexadecimal digits. */
  public String sha256() {
    return model.sha256();
  }

  /** The length of the GGUF file in bytes. */
  public long size() {
    return model.size();
  }

  /** What the file says of itself, without loading the weights. */
  public Description describe() throws IOException {
    GgufFile header = model.header();
    String title = header.string("general.name");
    String architecture = header.architecture();
    return new Description(
        title == null ? name() : title,
        architecture,
        header.tensors().stream().mapToLong(TrcModel::elements).sum(),
        (int) header.integer(architecture + ".context_length").orElse(0),
        (int) header.integer(architecture + ".block_count").orElse(0),
        (int) header.integer(architecture + ".embedding_length").orElse(0));
  }

  /**
   * What a model file says of itself.
   *
   * @param title the model's own name
   * @param architecture llama.cpp's name of the architecture
   * @param parameters the number of weights
   * @param window the context window in tokens that it was trained for
   * @param layers the number of transformer layers
   * @param embedding the width of the embedding
   */
  public record Description(
      String title, String architecture, long parameters, int window, int layers, int embedding) {}

  private static long elements(GgufFile.Tensor tensor) {
    long elements = 1;
    for (long dimension : tensor.shape()) {
      elements *= dimension;
    }
    return elements;
  }

  /** The number of tokens that it knows. Loads the model. */
  public int vocabularySize() throws TrcException {
    return model.choose(TrcEngine.preferred()).model().vocabulary().size();
  }

  /**
   * How the model is evaluated here. Loads the model.
   *
   * @param engine which engine to ask for
   */
  public Evaluation evaluation(TrcEngine engine) throws TrcException {
    Model.Choice choice = model.choose(engine);
    LanguageModel language = choice.model();
    return new Evaluation(
        language.engine(),
        choice.why(),
        language.numerics().toString(),
        language.numerics().profile() != NumericsProfile.NATIVE,
        language.modelMemory());
  }

  /**
   * How a model is evaluated on this machine.
   *
   * @param engine the engine's name
   * @param why the reason why it was chosen, one line for people
   * @param numerics the arithmetic and its fingerprint
   * @param portable true if archives open on any machine, false if only where the fingerprint is
   *     the same
   * @param memory the bytes that the model takes
   */
  public record Evaluation(
      String engine, String why, String numerics, boolean portable, long memory) {}

  /** What is behind the door. */
  Model model() {
    return model;
  }

  /** Frees the weights, once the streams that use them are closed. Closing twice does nothing. */
  @Override
  public void close() {
    model.close();
  }

  @Override
  public String toString() {
    return name() + " (" + sha256().substring(0, 16) + ")";
  }
}
