package io.trc.models;

import io.trc.TrcException;
import io.trc.TrcModelException;
import io.trc.files.Extracted;
import io.trc.gguf.GgufFile;
import io.trc.gguf.GgufVocabulary;
import io.trc.model.EmbeddedModel;
import io.trc.predict.LanguageModel;
import io.trc.predict.TokenDistribution;
import io.trc.predict.Vocabulary;
import io.trc.predict.kernels.KernelsModel;
import io.trc.predict.llama.LlamaModel;
import io.trc.predict.portable.PortableModel;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a model's GGUF bytes come from, and how an engine gets at them. */
final class ModelSource {
  private final String name;
  private final String sha256;
  private final long size;
  private final @Nullable Path file;
  private final @Nullable EmbeddedModel embedded;

  /** Kept for the uses that follow each other while a model is loaded, and not for longer. */
  private WeakReference<GgufFile> header = new WeakReference<>(null);

  private ModelSource(
      String name,
      String sha256,
      long size,
      @Nullable Path file,
      @Nullable EmbeddedModel embedded) {
    this.name = name;
    this.sha256 = sha256;
    this.size = size;
    this.file = file;
    this.embedded = embedded;
  }

  static ModelSource of(EmbeddedModel embedded) {
    return new ModelSource(embedded.fileName(), embedded.sha256(), embedded.size(), null, embedded);
  }

  /** A file, whose header is checked before its digest is computed. */
  static ModelSource of(Path file) throws IOException {
    GgufFile header = GgufFile.read(file);
    String name = String.valueOf(file.getFileName());
    String sha256 = ModelDigests.sha256(file);
    ModelSource source = new ModelSource(name, sha256, Files.size(file), file, null);
    source.header = new WeakReference<>(header);
    return source;
  }

  String name() {
    return name;
  }

  String sha256() {
    return sha256;
  }

  long size() {
    return size;
  }

  synchronized GgufFile header() throws IOException {
    GgufFile known = header.get();
    if (known == null) {
      known =
          file != null ? GgufFile.read(file) : GgufFile.of(ByteBuffer.wrap(embeddedBytes()), name);
      header = new WeakReference<>(known);
    }
    return known;
  }

  /** Which embedded model this is, or null for a file. */
  @Nullable EmbeddedModel embedded() {
    return embedded;
  }

  /**
   * Why the Java engine cannot evaluate the model with the bits of a profile, or null if it can.
   */
  @Nullable String unsupportedInJava() throws TrcException {
    return guarded(
        () -> {
          GgufFile header = header();
          header.checkRunnable();
          return PortableModel.unsupported(header);
        });
  }

  LanguageModel loadPortable() throws TrcException {
    return guarded(
        () -> {
          GgufFile header = header();
          return PortableModel.load(header, vocabulary(header));
        });
  }

  LanguageModel loadKernels() throws TrcException {
    return guarded(
        () -> {
          GgufFile header = header();
          return KernelsModel.load(header, vocabulary(header));
        });
  }

  LanguageModel loadNative() throws TrcException {
    return guarded(() -> file != null ? loadNative(file) : loadEmbedded());
  }

  /**
   * The native library reads files only, so the resource becomes one for as long as loading takes.
   */
  private LanguageModel loadEmbedded() throws IOException {
    EmbeddedModel model = requireEmbedded();
    try (Extracted.TemporaryFile copy = new Extracted().temporary(model::open, name)) {
      return loadNative(copy.path());
    }
  }

  private EmbeddedModel requireEmbedded() {
    if (embedded == null) {
      throw new IllegalStateException(name + " is not embedded");
    }
    return embedded;
  }

  private byte[] embeddedBytes() throws IOException {
    try (InputStream in = requireEmbedded().open()) {
      return in.readAllBytes();
    }
  }

  private LanguageModel loadNative(Path gguf) throws IOException {
    GgufFile header = header();
    return LlamaModel.load(gguf, header, vocabulary(header));
  }

  private static Vocabulary vocabulary(GgufFile header) throws TrcException {
    header.checkRunnable();
    Vocabulary vocabulary = GgufVocabulary.of(header);
    if (vocabulary.size() > TokenDistribution.MAX_VOCABULARY_SIZE) {
      throw new TrcModelException(
          header.name()
              + ": "
              + vocabulary.size()
              + " tokens are more than the "
              + TokenDistribution.MAX_VOCABULARY_SIZE
              + " that can be coded");
    }
    return vocabulary;
  }

  private interface Reading<T extends @Nullable Object> {
    T read() throws IOException;
  }

  private <T extends @Nullable Object> T guarded(Reading<T> reading) throws TrcException {
    try {
      return reading.read();
    } catch (TrcException e) {
      throw e;
    } catch (IOException e) {
      throw new TrcModelException("the model " + name + " cannot be read: " + e, e);
    }
  }
}
