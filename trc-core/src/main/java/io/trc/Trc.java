package io.trc;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.trc.container.Format;
import io.trc.files.Attributes;
import io.trc.files.Leftover;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Compresses and decompresses whole things: byte arrays, strings, files.
 *
 * <pre>{@code
 * byte[] small = Trc.compress("It was the best of times, it was the worst of times");
 * String text = Trc.decompressText(small);
 *
 * Trc.compress(Path.of("notes.txt"), Path.of("notes.txt.trc"));
 * }</pre>
 *
 * <p>Every method has a form that takes {@link TrcOptions}; the exceptions are those of {@link
 * TrcOutputStream} and {@link TrcInputStream}. All are safe for use by several threads.
 */
public final class Trc {
  /** The suffix of compressed files. */
  public static final String SUFFIX = ".trc";

  private Trc() {}

  /** True if the first {@code length} bytes begin like a .trc stream; four are needed to tell. */
  public static boolean matches(byte[] signature, int length) {
    return Format.matches(signature, length);
  }

  /** Compresses bytes with the defaults. */
  public static byte[] compress(byte[] plain) throws IOException {
    return compress(plain, TrcOptions.DEFAULT);
  }

  /** Compresses bytes. */
  public static byte[] compress(byte[] plain, TrcOptions options) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 3 + 64);
    try (OutputStream out = new TrcOutputStream(bytes, options)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  /** Decompresses bytes with the defaults. */
  public static byte[] decompress(byte[] compressed) throws IOException {
    return decompress(compressed, TrcOptions.DEFAULT);
  }

  /**
   * Decompresses bytes. A small input can stand for a very large output; where that matters, read a
   * {@link TrcInputStream} up to a limit of your own.
   */
  public static byte[] decompress(byte[] compressed, TrcOptions options) throws IOException {
    try (InputStream in = new TrcInputStream(new ByteArrayInputStream(compressed), options)) {
      return in.readAllBytes();
    }
  }

  /**
   * Compresses a string, as UTF-8, with the defaults.
   *
   * @throws IllegalArgumentException if the string holds half of a surrogate pair, which has no
   *     UTF-8; the message tells its index
   */
  public static byte[] compress(String text) throws IOException {
    checkSurrogates(text);
    return compress(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What has no UTF-8 would come back as a question mark. */
  static void checkSurrogates(String text) {
    int half = halfSurrogate(text);
    if (half >= 0) {
      throw new IllegalArgumentException(
          "the text has half of a surrogate pair at index " + half + ", which has no UTF-8");
    }
  }

  /** The index of the first half of a surrogate pair without the other, or -1. */
  static int halfSurrogate(String text) {
    int i = 0;
    while (i < text.length()) {
      int point = text.codePointAt(i);
      if (Character.MIN_SURROGATE <= point && point <= Character.MAX_SURROGATE) {
        return i;
      }
      i += Character.charCount(point);
    }
    return -1;
  }

  /** Decompresses what {@link #compress(String)} made. */
  public static String decompressText(byte[] compressed) throws IOException {
    return new String(decompress(compressed), StandardCharsets.UTF_8);
  }

  /** Compresses a file with the defaults; see {@link #compress(Path, Path, TrcOptions)}. */
  public static void compress(Path plain, Path compressed) throws IOException {
    compress(plain, compressed, TrcOptions.DEFAULT);
  }

  /**
   * Compresses a file. The result replaces what was there, in one move, once it is complete; after
   * a failure, what was there is still there and nothing else. Until then only its owner may read
   * it; then it gets the owner, permissions and times of the plain file, as far as that is allowed.
   */
  public static void compress(Path plain, Path compressed, TrcOptions options) throws IOException {
    replace(
        plain,
        compressed,
        file -> {
          try (OutputStream out = new TrcOutputStream(file, options)) {
            Files.copy(plain, out);
          }
        });
  }

  /** Decompresses a file with the defaults; see {@link #decompress(Path, Path, TrcOptions)}. */
  public static void decompress(Path compressed, Path plain) throws IOException {
    decompress(compressed, plain, TrcOptions.DEFAULT);
  }

  /** Decompresses a file, and replaces what was there as {@link #compress(Path, Path)} does. */
  public static void decompress(Path compressed, Path plain, TrcOptions options)
      throws IOException {
    replace(
        compressed,
        plain,
        file -> {
          try (InputStream in = new TrcInputStream(Files.newInputStream(compressed), options)) {
            in.transferTo(file);
          }
        });
  }

  private interface Filling {
    void fill(OutputStream file) throws IOException;
  }

  private static void replace(Path source, Path target, Filling filling) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(target + " is no place for a file");
    }
    // Such a name, and the lock, tell a later trc in the folder whether this process was killed.
    int number = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
    Path fresh = folder.resolve(Leftover.name(ProcessHandle.current().pid(), number));
    try {
      try (SeekableByteChannel channel = open(fresh, folder);
          OutputStream file = Channels.newOutputStream(channel)) {
        filling.fill(file);
      }
      Attributes.dress(fresh, source, target);
      Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static SeekableByteChannel open(Path fresh, Path folder) throws IOException {
    SeekableByteChannel channel =
        Files.newByteChannel(fresh, Set.of(CREATE_NEW, WRITE), Attributes.secret(folder));
    if (channel instanceof FileChannel file && !Leftover.claim(fresh, file)) {
      channel.close();
      throw new IOException(fresh + " was taken for a leftover while it was created; try again");
    }
    return channel;
  }
}
