package io.trc.models;

import io.trc.TrcEngine;
import io.trc.TrcException;
import io.trc.container.ModelReference;
import io.trc.gguf.GgufFile;
import io.trc.model.EmbeddedModel;
import io.trc.predict.LanguageModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A model by its file and in whichever engines evaluate it. Its weights are loaded at first use.
 *
 * <p>Safe for use by several threads.
 */
public final class Model implements AutoCloseable {
  /** The embedded ones; they stay for the life of the process. */
  private static final List<Model> EMBEDDED =
      EmbeddedModel.all().stream().map(embedded -> new Model(ModelSource.of(embedded))).toList();

  private final ModelSource source;
  private final Engines engines;

  private Model(ModelSource source) {
    this.source = source;
    this.engines = new Engines(source);
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

  /** The loaded model in the engine that is to be used for writing, and why it is that one. */
  public Engines.Choice choose(TrcEngine engine) throws TrcException {
    return engines.choose(engine);
  }

  /** The loaded model. */
  public LanguageModel language(TrcEngine engine) throws TrcException {
    return engines.choose(engine).model();
  }

  /** The model in an engine that computes what an archive needs. */
  public LanguageModel language(TrcEngine engine, ModelReference needed) throws TrcException {
    return engines.choose(engine, needed);
  }

  /** True if automatic choice takes the native engine for this model. */
  boolean isNativeTrusted() throws TrcException {
    return engines.isNativeTrusted();
  }

  /** Frees the weights, once the streams that use them are closed; never those of embedded ones. */
  @Override
  public void close() {
    if (source.embedded() == null) {
      engines.close();
    }
  }
}
