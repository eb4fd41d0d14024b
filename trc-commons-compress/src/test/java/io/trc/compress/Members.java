package io.trc.compress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Compressed members for tests, and the texts in them. */
final class Members {
  static final byte[] FOX =
      "The quick brown fox jumps over the lazy dog, and the dog does not mind at all."
          .getBytes(StandardCharsets.UTF_8);

  static final byte[] CAT =
      "The cat sat on the mat and looked out of the window until it was dark."
          .getBytes(StandardCharsets.UTF_8);

  private Members() {}

  static byte[] compress(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new TrcCompressorOutputStream<>(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }
}
