package io.trc.sample;

import io.trc.TrcInputStream;
import io.trc.TrcOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A file through the streams: FILE becomes FILE.trc, which is read back and compared. */
public final class StreamRoundTrip {
  private StreamRoundTrip() {}

  /** Takes the file as its argument. */
  public static void main(String[] args) throws IOException {
    Path plain = Path.of(args.length > 0 ? args[0] : "sample/sample.txt");
    Path compressed = Path.of(plain + ".trc");

    try (OutputStream out = new TrcOutputStream(Files.newOutputStream(compressed))) {
      Files.copy(plain, out);
    }
    byte[] back;
    try (InputStream in = new TrcInputStream(Files.newInputStream(compressed))) {
      back = in.readAllBytes();
    }

    System.out.printf(
        "%s: %d -> %d bytes, the same: %b%n",
        plain,
        Files.size(plain),
        Files.size(compressed),
        Arrays.equals(back, Files.readAllBytes(plain)));
  }
}
