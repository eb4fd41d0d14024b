package io.trc.nio;

import io.trc.TrcOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What the tests write. Binary bytes need no model, so they are quick. */
final class Texts {
  static final TrcOptions QUICK = TrcOptions.builder().level(1).blockSize(1 << 12).build();

  private static final List<String> WORDS =
      List.of("the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog", "and", "sleeps");

  private Texts() {}

  static String text(long seed, int words) {
    Random random = new Random(seed);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < words; i++) {
      all.add(WORDS.get(random.nextInt(WORDS.size())));
    }
    return String.join(" ", all) + "\n";
  }

  /** Text that the model predicts better than LZMA2 does, so that its blocks stay apart. */
  static byte[] novel(int length) throws IOException {
    try (InputStream in = Texts.class.getResourceAsStream("/io/trc/lord-jim.txt")) {
      if (in == null) {
        throw new IOException("lord-jim.txt is missing from the test resources");
      }
      return in.readNBytes(length);
    }
  }

  static byte[] binary(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static FileSystem overlay(Path folder) throws IOException {
    return TrcFileSystems.open(Files.createDirectories(folder), QUICK);
  }
}
