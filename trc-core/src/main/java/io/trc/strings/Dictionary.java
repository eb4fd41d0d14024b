package io.trc.strings;

import io.trc.TrcException;
import java.io.IOException;

/**
 * The samples of a kind of messages, and how far they are to be trusted. Immutable and safe for use
 * by several threads.
 */
public final class Dictionary {
  /** The fewest bytes of a file. */
  public static final int LEAST_SIZE = 1 << 12;

  /** The most bytes of a file: 1 MiB. */
  public static final int MOST_SIZE = 1 << 20;

  private final byte[] file;
  private final Samples samples;
  private final MixState state;

  private Dictionary(byte[] file) throws IOException {
    this.file = file;
    DictionaryFile.Parts parts = DictionaryFile.read(file);
    samples = new Samples(parts.text());
    state = parts.state();
  }

  /**
   * The dictionary of a file's bytes, which must not change.
   *
   * @throws TrcException if they are none, or damaged
   */
  public static Dictionary of(byte[] file) throws IOException {
    return new Dictionary(file);
  }

  /** A dictionary of samples in UTF-8, the file of which has no more bytes than a size. */
  public static Dictionary train(Iterable<byte[]> samples, int size) {
    try {
      return new Dictionary(new DictionaryTraining(size).train(samples));
    } catch (IOException e) {
      throw new IllegalStateException("a dictionary does not read itself", e);
    }
  }

  /** The bytes of the file; not a copy. */
  public byte[] file() {
    return file;
  }

  /** The number of samples. */
  public int count() {
    int marks = 0;
    for (byte b : samples.text) {
      marks += b == Samples.MARK ? 1 : 0;
    }
    return marks - 1;
  }

  /** The bytes of all samples. */
  public int length() {
    return samples.text.length - 1 - count();
  }

  /** At least the bytes that the dictionary takes in memory, and a context besides. */
  public long memory() {
    return Samples.memory(samples.text.length) + file.length + MessageModel.memory();
  }

  /** What is counted, byte by byte. */
  Samples samples() {
    return samples;
  }

  /** A model of messages by this dictionary. */
  MessageModel newModel() {
    return new MessageModel(samples, state, false);
  }
}
