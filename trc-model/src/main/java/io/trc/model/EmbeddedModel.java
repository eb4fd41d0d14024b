package io.trc.model;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * A language model that travels as a resource, so that TRC works without a download. The small one
 * is in this module; the base model is there where {@code io.trc:trc-model-base} is.
 *
 * <pre>{@code
 * try (InputStream gguf = EmbeddedModel.small().open()) {
 *   byte[] bytes = gguf.readAllBytes();
 * }
 * }</pre>
 *
 * <p>An archive names its model by digest, so a model once released stays in its artifact for good.
 * Other modules provide theirs as services of this type. Immutable.
 */
public abstract class EmbeddedModel {
  /** What a model is for. */
  public enum Kind {
    /** For everything. */
    SMALL,
    /** Four times the work, for a tenth less. */
    BASE
  }

  private final Kind kind;
  private final String fileName;
  private final long size;
  private final String sha256;
  private final int fingerprint;

  /** Describes a GGUF file; see the methods of the same names. */
  protected EmbeddedModel(Kind kind, String fileName, long size, String sha256, int fingerprint) {
    this.kind = kind;
    this.fileName = fileName;
    this.size = size;
    this.sha256 = sha256;
    this.fingerprint = fingerprint;
  }

  /** The model of this module: 9.3 million parameters, vocabulary 8192, window 512, Q8_0. */
  public static EmbeddedModel small() {
    return new SmallModel();
  }

  /** All that are there, the small one first. Nothing is loaded. */
  public static List<EmbeddedModel> all() {
    return ServiceLoader.load(EmbeddedModel.class, EmbeddedModel.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparing(EmbeddedModel::kind))
        .toList();
  }

  /** What the model is for. */
  public final Kind kind() {
    return kind;
  }

  /** The name of the GGUF file, for messages and listings. */
  public final String fileName() {
    return fileName;
  }

  /** The length of the GGUF file in bytes. */
  public final long size() {
    return size;
  }

  /** The SHA-256 of the GGUF file, as 64 lower-case hexadecimal digits. */
  public final String sha256() {
    return sha256;
  }

  /**
   * The fingerprint of its numerics: CRC32C of the logits that the portable profile gives for the
   * canary tokens (FORMAT.md), by which an engine is tested.
   */
  public final int fingerprint() {
    return fingerprint;
  }

  /**
   * Opens the GGUF file. The caller closes it.
   *
   * @throws IOException if the resource cannot be read, which means a broken installation
   */
  public final InputStream open() throws IOException {
    InputStream in = resource();
    if (in == null) {
      throw new FileNotFoundException("the embedded model " + fileName + " is missing");
    }
    return in;
  }

  /** The GGUF file, which only its own module may open; null if it is not there. */
  protected abstract @Nullable InputStream resource();

  @Override
  public final String toString() {
    return fileName;
  }
}
