package io.trc;

import io.trc.models.Model;
import io.trc.predict.LanguageModel;
import io.trc.predict.Numerics;
import io.trc.strings.DictionaryCoder;
import io.trc.strings.Messages;
import io.trc.strings.ModelCoder;
import io.trc.strings.StringCoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes short strings short: a message of 40 characters becomes one of 12 to 20 bytes, without
 * header or checksum. For radio links, SMS, push messages, QR codes, columns of a database, values
 * of a cache.
 *
 * <pre>{@code
 * TrcText text = TrcText.builder().build();
 * byte[] message = text.encode("It was the best of times");
 * String again = text.decode(message);
 * }</pre>
 *
 * <p>A message does not say how it was made: both sides agree on that, and may compare {@link
 * #fingerprint}. It is never longer than the string's UTF-8 plus one byte (plus the check, if there
 * is one), and its length must be known from elsewhere. The same string becomes the same message on
 * every machine and with every engine.
 *
 * <p>Strings of up to {@link Builder#maxLength} bytes of UTF-8 are taken. The model takes about a
 * millisecond for 25 characters where its kernels run, several where they do not; with a dictionary
 * it is a hundredth of one. Lists are a little quicker.
 *
 * <p>Immutable and safe for use by several threads, which share a bounded number of contexts. Make
 * one and keep it.
 *
 * <p>With a {@link TrcDictionary} of the strings' own kind messages become shorter still, and a
 * hundred times sooner.
 */
public final class TrcText {
  /** The bytes of UTF-8 that a string may have where nothing else is said: 1 MiB. */
  public static final int MAX_LENGTH_DEFAULT = 1 << 20;

  /** The version of the messages' format, which is part of the fingerprint. */
  private static final int VERSION = 1;

  private final Builder set;
  private @Nullable Agreement agreement;

  private record Agreement(long fingerprint, Messages messages) {}

  private TrcText(Builder builder) {
    set = builder.copy();
  }

  /** A builder; without further words, of messages by the embedded model, without a check. */
  public static Builder builder() {
    return new Builder();
  }

  /** Loads what is needed, at first use. */
  private synchronized Agreement agreement() throws IOException {
    Agreement known = agreement;
    if (known == null) {
      TrcDictionary dictionary = set.dictionary;
      StringCoder coder;
      long fingerprint;
      if (dictionary == null || set.withModel) {
        LanguageModel model = set.model().choose(set.engine()).model();
        fingerprint = fingerprint(dictionary, set.model(), model.numerics());
        coder = new ModelCoder(model, dictionary == null ? null : dictionary.dictionary());
      } else {
        fingerprint = fingerprint(dictionary);
        coder = new DictionaryCoder(dictionary.dictionary());
      }
      known =
          new Agreement(
              fingerprint, new Messages(coder, set.checkBytes, fingerprint, set.maxLength));
      agreement = known;
    }
    return known;
  }

  private long fingerprint(@Nullable TrcDictionary dictionary, Model model, Numerics numerics) {
    ByteBuffer parts = parts();
    if (dictionary != null) {
      parts.put(HexFormat.of().parseHex(dictionary.sha256()));
    }
    parts.putLong(model.digest()).putInt(numerics.profile().id()).putInt(numerics.fingerprint());
    return first8(parts.flip());
  }

  private long fingerprint(TrcDictionary dictionary) {
    return first8(parts().put(HexFormat.of().parseHex(dictionary.sha256())).flip());
  }

  private ByteBuffer parts() {
    ByteBuffer parts = ByteBuffer.allocate(128);
    parts.put("trc message ".getBytes(StandardCharsets.US_ASCII)).put((byte) VERSION);
    return parts.put((byte) set.checkBytes);
  }

  private static long first8(ByteBuffer parts) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(parts);
      return ByteBuffer.wrap(sha256.digest()).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * What both sides must agree on, in 16 hexadecimal digits: the version of the format, the
   * dictionary, or the model and its arithmetic, the check. Loads the model, if there is one.
   *
   * @throws TrcException if the model cannot be loaded
   */
  public String fingerprint() throws IOException {
    return String.format("%016x", agreement().fingerprint());
  }

  /**
   * The message of a string.
   *
   * @throws IllegalArgumentException if the string holds half of a surrogate pair, which has no
   *     UTF-8, or is longer than it may be; the message tells the index
   * @throws TrcException if the model cannot be loaded or the engine fails
   * @throws java.io.InterruptedIOException if the thread is interrupted; the flag stays set
   */
  public byte[] encode(CharSequence text) throws IOException {
    return agreement().messages().encode(new byte[][] {utf8(text)})[0];
  }

  /** The messages of strings, each as {@link #encode(CharSequence)} gives it, but sooner. */
  public List<byte[]> encodeAll(List<? extends CharSequence> texts) throws IOException {
    byte[][] plain = new byte[texts.size()][];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = utf8(texts.get(i));
    }
    return List.of(agreement().messages().encode(plain));
  }

  /**
   * The number of bytes of a string's message: what a counter beside a text field shows. As quick
   * as {@link #encode(CharSequence)}.
   */
  public int encodedLength(CharSequence text) throws IOException {
    return encode(text).length;
  }

  /**
   * The message of a string in characters that a channel carries; the string may have 16 KiB of
   * UTF-8.
   */
  public String encode(CharSequence text, TrcTextForm form) throws IOException {
    int most = Math.min(set.maxLength, Messages.MOST_IN_CHARACTERS);
    return agreement().messages().encode(new byte[][] {utf8(text, most)}, form.alphabet())[0];
  }

  /** The number of characters of a string's message. */
  public int encodedLength(CharSequence text, TrcTextForm form) throws IOException {
    return encode(text, form).length();
  }

  /**
   * The string of a message. What was damaged on its way becomes another string or an exception; a
   * {@linkplain Builder#check check} finds most of the former.
   *
   * @throws TrcCorruptedException if the message is none of this agreement, or damaged
   * @throws TrcUnsupportedException if it is of a later version
   * @throws TrcException if the model cannot be loaded or the engine fails
   * @throws java.io.InterruptedIOException if the thread is interrupted; the flag stays set
   */
  public String decode(byte[] message) throws IOException {
    return string(agreement().messages().decode(new byte[][] {message.clone()})[0]);
  }

  /**
   * The strings of messages, sooner than one by one.
   *
   * @throws TrcCorruptedException if any of them is damaged
   */
  public List<String> decodeAll(List<byte[]> messages) throws IOException {
    byte[][] copies = messages.stream().map(byte[]::clone).toArray(byte[][]::new);
    byte[][] plain = agreement().messages().decode(copies);
    String[] strings = new String[plain.length];
    for (int i = 0; i < plain.length; i++) {
      strings[i] = string(plain[i]);
    }
    return List.of(strings);
  }

  /**
   * The string of a message in characters.
   *
   * @throws TrcFormatException if it has a character that is not of the form
   */
  public String decode(String message, TrcTextForm form) throws IOException {
    return string(agreement().messages().decode(new String[] {message}, form.alphabet())[0]);
  }

  private byte[] utf8(CharSequence text) {
    return utf8(text, set.maxLength);
  }

  private static byte[] utf8(CharSequence text, int most) {
    if (text.length() > most) {
      throw tooLong(most);
    }
    String string = text.toString();
    Trc.checkSurrogates(string);
    byte[] plain = string.getBytes(StandardCharsets.UTF_8);
    if (plain.length > most) {
      throw tooLong(most);
    }
    return plain;
  }

  private static IllegalArgumentException tooLong(int most) {
    return new IllegalArgumentException("the text has more than " + most + " bytes of UTF-8");
  }

  private static String string(byte[] plain) throws TrcCorruptedException {
    try {
      CharBuffer chars = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(plain));
      return chars.toString();
    } catch (CharacterCodingException e) {
      throw new TrcCorruptedException("a message holds what is no UTF-8", e);
    }
  }

  /** Collects what both sides agree on. Not safe for use by several threads. */
  public static final class Builder {
    private @Nullable TrcModel model;
    private @Nullable TrcEngine engine;
    private @Nullable TrcDictionary dictionary;
    private boolean withModel;
    private int checkBytes;
    private int maxLength = MAX_LENGTH_DEFAULT;

    private Builder() {}

    private Builder copy() {
      Builder copy = new Builder();
      copy.model = model;
      copy.engine = engine;
      copy.dictionary = dictionary;
      copy.withModel = withModel;
      copy.checkBytes = checkBytes;
      copy.maxLength = maxLength;
      return copy;
    }

    private Model model() {
      return (model == null ? TrcModel.embedded() : model).model();
    }

    private TrcEngine engine() {
      return engine == null ? TrcEngine.preferred() : engine;
    }

    /** Sets the model; without it, the embedded one is used. It must stay open. */
    public Builder model(TrcModel model) {
      this.model = Objects.requireNonNull(model, "model");
      return withModel();
    }

    /**
     * Has the model predict messages beside the dictionary, if there is one; without a dictionary
     * it does so anyway. Of few samples messages become a third shorter, of many hardly; they take
     * the model's time.
     */
    public Builder withModel() {
      this.withModel = true;
      return this;
    }

    /**
     * Sets a dictionary, which then takes the model's place: unless {@link #withModel} is called,
     * no model is loaded. A message of 40 characters takes less than a millisecond.
     */
    public Builder dictionary(TrcDictionary dictionary) {
      this.dictionary = Objects.requireNonNull(dictionary, "dictionary");
      return this;
    }

    /** Sets the engine that evaluates the model; messages do not depend on it. */
    public Builder engine(TrcEngine engine) {
      this.engine = Objects.requireNonNull(engine, "engine");
      return this;
    }

    /**
     * Sets the bytes of a check: 0 (the default), 1 or 2. With it, messages are so much longer, and
     * of 256 or 65,536 damaged ones only one is taken for another string; so is a message of
     * another agreement.
     */
    public Builder check(int bytes) {
      if (bytes < 0 || bytes > 2) {
        throw new IllegalArgumentException("a check has 0 to 2 bytes: " + bytes);
      }
      this.checkBytes = bytes;
      return this;
    }

    /** Sets the bytes of UTF-8 that a string may have, written or read: 1 to 2^24. */
    public Builder maxLength(int bytes) {
      if (bytes < 1 || bytes > 1 << 24) {
        throw new IllegalArgumentException("the length must be 1 to 2^24: " + bytes);
      }
      this.maxLength = bytes;
      return this;
    }

    /** What was agreed on. Loads nothing yet. */
    public TrcText build() {
      return new TrcText(this);
    }
  }
}
