package io.trc.model;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/**
 * A language model that travels inside this module, so that TRC works without a download.
 *
 * <pre>{@code
 * try (InputStream gguf = EmbeddedModel.SMALL.open()) {
 *   byte[] bytes = gguf.readAllBytes();
 * }
 * }</pre>
 *
 * <p>An archive names its model by digest, so a constant once released stays here for good.
 */
public enum EmbeddedModel {
  /** 7.2 million parameters, vocabulary 8192, context window 512, Q8_0. */
  SMALL(
      "trc-en-7m-q8_0.gguf",
      7_856_224L,
      "4edc17fe747cca91fa5c6ad4dbc69c311e1aaa34dd67961dfb19a92bb9b411c9",
      0xb1c54edd);

  private final String fileName;
  private final long size;
  private final String sha256;
  private final int fingerprint;

  EmbeddedModel(String fileName, long size, String sha256, int fingerprint) {
    this.fileName = fileName;
    this.size = size;
    this.sha256 = sha256;
    this.fingerprint = fingerprint;
  }

  /** The name of the GGUF file, for messages and listings. */
  public String fileName() {
    return fileName;
  }

  /** The length of the GGUF file in bytes. */
  public long size() {
    return size;
  }

  /** The SHA-256 of the GGUF file, as 64 lower-case hexadecimal digits. */
  public String sha256() {
    return sha256;
  }

  /**
   * The fingerprint of its numerics: CRC32C of the logits that the portable profile gives for the
   * canary tokens (FORMAT.md), by which an engine is tested.
   */
  public int fingerprint() {
    return fingerprint;
  }

  /**
   * Opens the GGUF file. The caller closes it.
   *
   * @throws IOException if the resource cannot be read, which means a broken installation
   */
  public InputStream open() throws IOException {
    InputStream in = EmbeddedModel.class.getResourceAsStream(fileName);
    if (in == null) {
      throw new FileNotFoundException(
          "the embedded model " + fileName + " is missing from trc-model.jar");
    }
    return in;
  }
}
