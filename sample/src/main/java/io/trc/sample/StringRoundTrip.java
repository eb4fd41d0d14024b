package io.trc.sample;

import io.trc.Trc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A string to a few bytes and back. */
public final class StringRoundTrip {
  private StringRoundTrip() {}

  /** Takes the string as its argument. */
  public static void main(String[] args) throws IOException {
    String text =
        args.length > 0 ? args[0] : "The quick brown fox jumps over the lazy dog, as foxes do.";

    byte[] small = Trc.compress(text);
    String back = Trc.decompressText(small);

    int plain = text.getBytes(StandardCharsets.UTF_8).length;
    System.out.printf("%d -> %d bytes, the same: %b%n", plain, small.length, back.equals(text));
  }
}
