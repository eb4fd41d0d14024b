package io.trc;

import io.trc.strings.Dictionary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;

/**
 * What messages of a kind have in common, learnt from samples of them: with it {@link TrcText}
 * makes strings of that kind a third to a fifth as long, without any language model.
 *
 * <pre>{@code
 * TrcDictionary dictionary = TrcDictionary.train(samples);
 * dictionary.save(Path.of("my.trcdict"));
 *
 * TrcText text = TrcText.builder().dictionary(dictionary).build();
 * byte[] message = text.encode("Your parcel arrives today between 10 and 12");
 * }</pre>
 *
 * <p>Sender and receiver need the same file; a message does not say by which it was made, but
 * {@link #fingerprint}s can be compared. Some thousand samples are a good start; more are better.
 *
 * <p>A dictionary of 256 kB takes up to 60 MB of memory and about half a second to load. Immutable
 * and safe for use by several threads.
 */
public final class TrcDictionary {
  /** The bytes of a file where nothing else is said: 256 KiB. */
  public static final int SIZE_DEFAULT = 1 << 18;

  /** The fewest bytes that may be asked for: 4 KiB. */
  public static final int SIZE_MIN = Dictionary.LEAST_SIZE;

  /** The most bytes that may be asked for: 1 MiB. */
  public static final int SIZE_MAX = Dictionary.MOST_SIZE;

  private final Dictionary dictionary;
  private final byte[] sha256;

  private TrcDictionary(Dictionary dictionary) {
    this.dictionary = dictionary;
    try {
      sha256 = MessageDigest.getInstance("SHA-256").digest(dictionary.file());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Learns from samples, of {@link #SIZE_DEFAULT} at most; see {@link #train(Iterable, int)}. */
  public static TrcDictionary train(Iterable<? extends CharSequence> samples) {
    return train(samples, SIZE_DEFAULT);
  }

  /**
   * Learns from samples. The same samples in the same order give the same dictionary everywhere.
   * Takes up to a minute. Of more samples than fit, as many as do are taken evenly; of a sample,
   * the first 4 KiB.
   *
   * @param samples strings such as the messages will be; empty ones are left out
   * @param size the bytes that the file may have, {@link #SIZE_MIN} to {@link #SIZE_MAX}
   * @throws IllegalArgumentException if there are no samples, or one holds half of a surrogate
   *     pair; the message tells which
   */
  public static TrcDictionary train(Iterable<? extends CharSequence> samples, int size) {
    if (size < SIZE_MIN || size > SIZE_MAX) {
      throw new IllegalArgumentException(
          "the size must be " + SIZE_MIN + " to " + SIZE_MAX + ": " + size);
    }
    return new TrcDictionary(Dictionary.train(() -> new Encoded(samples.iterator()), size));
  }

  /** Samples as UTF-8. */
  private static final class Encoded implements Iterator<byte[]> {
    private final Iterator<? extends CharSequence> samples;
    private long number;

    Encoded(Iterator<? extends CharSequence> samples) {
      this.samples = samples;
    }

    @Override
    public boolean hasNext() {
      return samples.hasNext();
    }

    @Override
    public byte[] next() {
      String sample = samples.next().toString();
      number++;
      int half = Trc.halfSurrogate(sample);
      if (half >= 0) {
        throw new IllegalArgumentException(
            "sample " + number + " has half of a surrogate pair at index " + half);
      }
      return sample.getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * Loads a dictionary from a file.
   *
   * @throws TrcFormatException if the file is no dictionary, or of a later version
   * @throws TrcCorruptedException if it is damaged
   * @throws IOException if it cannot be read
   */
  public static TrcDictionary load(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return load(in);
    }
  }

  /** Loads a dictionary from a stream, to its end; see {@link #load(Path)}. */
  public static TrcDictionary load(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(2 * SIZE_MAX);
    if (bytes.length == 2 * SIZE_MAX) {
      throw new TrcFormatException("this is no dictionary of TRC: it is too long");
    }
    return new TrcDictionary(Dictionary.of(bytes));
  }

  /** Writes the file, replacing what was there. */
  public void save(Path file) throws IOException {
    Files.write(file, dictionary.file());
  }

  /** The bytes of the file. */
  public byte[] toByteArray() {
    return dictionary.file().clone();
  }

  /** The first 8 bytes of the file's SHA-256, in 16 hexadecimal digits. */
  public String fingerprint() {
    return sha256().substring(0, 16);
  }

  /** The file's SHA-256, in 64 hexadecimal digits. */
  public String sha256() {
    return HexFormat.of().formatHex(sha256);
  }

  /** The bytes of the file. */
  public int size() {
    return dictionary.file().length;
  }

  /** The number of samples in it. */
  public int samples() {
    return dictionary.count();
  }

  /** The bytes of UTF-8 of all samples in it. */
  public int sampleBytes() {
    return dictionary.length();
  }

  /** An upper estimate, in bytes, of the memory that it takes, with one thread that codes. */
  public long memoryUsage() {
    return dictionary.memory();
  }

  /** What is behind the door. */
  Dictionary dictionary() {
    return dictionary;
  }

  @Override
  public String toString() {
    return "dictionary " + fingerprint() + " of " + samples() + " samples";
  }
}
