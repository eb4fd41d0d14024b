package io.trc.strings;

import io.trc.TrcCorruptedException;
import io.trc.TrcFormatException;
import io.trc.TrcUnsupportedException;
import io.trc.entropy.range.Interval;
import io.trc.entropy.range.RangeCoder;
import io.trc.entropy.range.RangeDecoder;
import io.trc.entropy.range.RangeEncoder;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The frame of bare messages: which kind one is, and its check. FORMAT.md has the layout.
 *
 * <pre>
 * bytes      nothing              the empty string
 *            code                 predicted; its first byte is less than F8
 *            FF text [check]      plain
 *            F8..FE               of later versions
 * characters nothing              the empty string
 *            code                 predicted; its first digit is none of the last two
 *            last text [check]    plain, where the channel carries all characters
 *            last but one number  plain: the bytes 01 text [check] as a number
 * </pre>
 *
 * <p>Safe for use by several threads.
 */
public final class Messages {
  /** Predicted messages begin with less than this. */
  private static final int FIRST_KIND = 0xF8;

  private static final int PLAIN = 0xFF;
  private static final byte[] NONE = {};

  /**
   * The bytes of UTF-8 that a string in characters may have: the time that its number takes grows
   * with the square of them.
   */
  public static final int MOST_IN_CHARACTERS = 1 << 14;

  /** A byte or digit of code stands for at most so many bytes: few bytes are little work. */
  private static final int BYTES_PER_DIGIT = 256;

  private final StringCoder coder;
  private final int checkBytes;
  private final long fingerprint;
  private final int maxLength;
  private final RangeCoder ranges = new RangeCoder();

  /**
   * The messages of an agreement.
   *
   * @param checkBytes 0, 1 or 2
   * @param fingerprint of the agreement; part of each check
   * @param maxLength the bytes of UTF-8 that a string may have
   */
  public Messages(StringCoder coder, int checkBytes, long fingerprint, int maxLength) {
    this.coder = coder;
    this.checkBytes = checkBytes;
    this.fingerprint = fingerprint;
    this.maxLength = maxLength;
  }

  /** The bytes of UTF-8 that a code of so many digits may stand for. */
  private int most(int digits) {
    return (int) Math.min(maxLength, (digits + 4L) * BYTES_PER_DIGIT);
  }

  /** The messages of texts in UTF-8. */
  public byte[][] encode(byte[][] texts) throws IOException {
    RangeEncoder[] encoders = predict(texts, FIRST_KIND, PLAIN + 1);
    byte[][] messages = new byte[texts.length][];
    for (int i = 0; i < texts.length; i++) {
      RangeEncoder encoder = encoders[i];
      byte[] plain = plain(texts[i]);
      messages[i] = plain;
      if (encoder != null) {
        byte[] code = encoder.finish();
        // The empty message is the empty string.
        byte[] message = code.length == 0 ? new byte[1] : code;
        if (message.length < plain.length && texts[i].length <= most(message.length)) {
          messages[i] = message;
        }
      }
    }
    return messages;
  }

  private byte[] plain(byte[] text) {
    if (text.length == 0) {
      return NONE;
    }
    return ByteBuffer.allocate(1 + text.length + checkBytes)
        .put((byte) PLAIN)
        .put(text)
        .put(checkOf(text))
        .array();
  }

  /** The codes of texts, not ended; null where there is none, or no short one. */
  private @Nullable RangeEncoder[] predict(byte[][] texts, int predicted, int digits)
      throws IOException {
    int[] some = new int[texts.length];
    int count = 0;
    for (int i = 0; i < texts.length; i++) {
      if (texts[i].length > 0) {
        some[count++] = i;
      }
    }
    byte[][] chosen = new byte[count][];
    RangeEncoder[] encoders = new RangeEncoder[count];
    int[] limits = new int[count];
    for (int k = 0; k < count; k++) {
      chosen[k] = texts[some[k]];
      encoders[k] = ranges.newEncoder();
      encoders[k].encodeDecision(true, predicted, digits);
      limits[k] = chosen[k].length + checkBytes;
    }
    boolean[] whole = coder.encode(chosen, encoders, limits);
    RangeEncoder[] all = new RangeEncoder[texts.length];
    for (int k = 0; k < count; k++) {
      if (whole[k]) {
        if (checkBytes > 0) {
          encoders[k].encodeUniform(check(chosen[k]), 1 << (8 * checkBytes));
        }
        all[some[k]] = encoders[k];
      }
    }
    return all;
  }

  /** The texts of messages, in UTF-8. */
  public byte[][] decode(byte[][] messages) throws IOException {
    RangeDecoder[] decoders = new RangeDecoder[messages.length];
    byte[][] texts = new byte[messages.length][];
    int[] most = new int[messages.length];
    for (int i = 0; i < messages.length; i++) {
      byte[] message = messages[i];
      int kind = message.length == 0 ? 0 : message[0] & 0xff;
      if (message.length == 0) {
        texts[i] = message;
      } else if (kind == PLAIN) {
        texts[i] = fromPlain(message, 1);
      } else if (kind >= FIRST_KIND) {
        throw new TrcUnsupportedException(
            "the message is of kind " + kind + ", which this version of TRC does not know");
      } else {
        decoders[i] = ranges.newDecoder(message.length == 1 && message[0] == 0 ? NONE : message);
        most[i] = most(message.length);
      }
    }
    read(decoders, most, FIRST_KIND, PLAIN + 1, texts);
    for (RangeDecoder decoder : decoders) {
      if (decoder != null) {
        decoder.finish();
      }
    }
    return texts;
  }

  private byte[] fromPlain(byte[] message, int from) throws TrcCorruptedException {
    int length = message.length - from - checkBytes;
    if (length < 1 || length > maxLength) {
      throw new TrcCorruptedException("a plain message has no text, or too much");
    }
    byte[] text = Arrays.copyOfRange(message, from, from + length);
    if (!Arrays.equals(checkOf(text), Arrays.copyOfRange(message, from + length, message.length))) {
      throw damaged();
    }
    return text;
  }

  private void read(
      @Nullable RangeDecoder[] decoders, int[] most, int predicted, int digits, byte[][] texts)
      throws IOException {
    int[] some = new int[decoders.length];
    int count = 0;
    for (int i = 0; i < decoders.length; i++) {
      if (decoders[i] != null) {
        some[count++] = i;
      }
    }
    RangeDecoder[] chosen = new RangeDecoder[count];
    int[] limits = new int[count];
    for (int k = 0; k < count; k++) {
      RangeDecoder decoder = decoders[some[k]];
      if (decoder == null || !decoder.decodeDecision(predicted, digits)) {
        throw new TrcCorruptedException("a message is of no kind that there is");
      }
      chosen[k] = decoder;
      limits[k] = most[some[k]];
    }
    byte[][] read = coder.decode(chosen, limits);
    for (int k = 0; k < count; k++) {
      texts[some[k]] = read[k];
      if (checkBytes > 0
          && chosen[k].decodeUniform(1 << (8 * checkBytes)) != check(texts[some[k]])) {
        throw damaged();
      }
    }
  }

  private static TrcCorruptedException damaged() {
    return new TrcCorruptedException(
        "a message is damaged, or is one of another model, dictionary or kind of check");
  }

  private int check(byte[] text) {
    CRC32C crc = new CRC32C();
    crc.update(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, fingerprint));
    crc.update(text);
    return (int) crc.getValue() & ((1 << (8 * checkBytes)) - 1);
  }

  private byte[] checkOf(byte[] text) {
    int check = check(text);
    byte[] bytes = new byte[checkBytes];
    for (int i = 0; i < checkBytes; i++) {
      bytes[i] = (byte) (check >> (8 * i));
    }
    return bytes;
  }

  /** The messages of texts in UTF-8, as characters of an alphabet. */
  public String[] encode(byte[][] texts, Alphabet alphabet) throws IOException {
    int size = alphabet.size();
    RangeEncoder[] encoders = predict(texts, size - 2, size);
    String[] messages = new String[texts.length];
    for (int i = 0; i < texts.length; i++) {
      RangeEncoder encoder = encoders[i];
      messages[i] = plain(texts[i], alphabet);
      if (encoder != null) {
        String code = code(encoder.interval(), alphabet);
        if (code.length() < messages[i].length() && texts[i].length <= most(code.length())) {
          messages[i] = code;
        }
      }
    }
    return messages;
  }

  /** The fewest digits whose number lies in an interval, of those that are enough for its width. */
  private static String code(Interval interval, Alphabet alphabet) {
    BigInteger base = BigInteger.valueOf(alphabet.size());
    int shift = 8 * interval.bytes();
    int bits = shift - interval.end().subtract(interval.least()).bitLength();
    int bitsOfDigit = Integer.SIZE - Integer.numberOfLeadingZeros(alphabet.size() - 1);
    int fewest = Math.max(1, bits / bitsOfDigit);
    BigInteger power = base.pow(fewest);
    for (int digits = fewest; ; digits++) {
      BigInteger number = ceiling(interval.least().multiply(power), shift);
      if (number.shiftLeft(shift).compareTo(interval.end().multiply(power)) < 0) {
        String code = digits(number, digits, alphabet);
        BigInteger read = new BigInteger(1, fraction(code, alphabet));
        int more = 8 * (bytes(digits) - interval.bytes());
        BigInteger least = more >= 0 ? interval.least().shiftLeft(more) : interval.least();
        if (more < 0) {
          read = read.shiftLeft(-more);
        }
        // What is lost where digits become bytes must not lead out of the interval.
        if (read.compareTo(least) >= 0) {
          return code;
        }
      }
      power = power.multiply(base);
    }
  }

  private static BigInteger ceiling(BigInteger number, int shift) {
    BigInteger[] parts = number.divideAndRemainder(BigInteger.ONE.shiftLeft(shift));
    return parts[1].signum() == 0 ? parts[0] : parts[0].add(BigInteger.ONE);
  }

  private static String digits(BigInteger number, int count, Alphabet alphabet) {
    BigInteger base = BigInteger.valueOf(alphabet.size());
    char[] digits = new char[count];
    BigInteger rest = number;
    for (int i = count - 1; i >= 0; i--) {
      BigInteger[] parts = rest.divideAndRemainder(base);
      digits[i] = alphabet.character(parts[1].intValue());
      rest = parts[0];
    }
    return new String(digits);
  }

  /** The bytes that so many digits are read as. */
  private static int bytes(int digits) {
    return digits + 8;
  }

  /** A number from 0 to 1, given by the digits behind its point, base 256, rounded down. */
  private static byte[] fraction(String code, Alphabet alphabet) {
    BigInteger base = BigInteger.valueOf(alphabet.size());
    BigInteger number = BigInteger.ZERO;
    for (int i = 0; i < code.length(); i++) {
      number = number.multiply(base).add(BigInteger.valueOf(alphabet.digit(code.charAt(i))));
    }
    int bytes = bytes(code.length());
    byte[] value = number.shiftLeft(8 * bytes).divide(base.pow(code.length())).toByteArray();
    byte[] fraction = new byte[bytes];
    int length = Math.min(bytes, value.length); // a sign may be before it
    System.arraycopy(value, value.length - length, fraction, bytes - length, length);
    return fraction;
  }

  /** The shortest plain form of a text: as it is, if the channel carries it. */
  private String plain(byte[] text, Alphabet alphabet) {
    if (text.length == 0) {
      return "";
    }
    int size = alphabet.size();
    String string = new String(text, StandardCharsets.UTF_8);
    if (string.chars().allMatch(c -> alphabet.carries((char) c))) {
      String check = digits(BigInteger.valueOf(check(text)), checkDigits(size), alphabet);
      return alphabet.character(size - 1) + string + check;
    }
    byte[] packed = plain(text);
    packed[0] = 1;
    BigInteger number = new BigInteger(1, packed);
    int digits = 1;
    for (BigInteger power = BigInteger.valueOf(size);
        power.compareTo(number) <= 0;
        power = power.multiply(BigInteger.valueOf(size))) {
      digits++;
    }
    return alphabet.character(size - 2) + digits(number, digits, alphabet);
  }

  /** The digits that a check takes behind plain text. */
  private int checkDigits(int size) {
    int digits = 0;
    for (long power = 1; power < 1L << (8 * checkBytes); power *= size) {
      digits++;
    }
    return digits;
  }

  /** The texts, in UTF-8, of messages as characters of an alphabet. */
  public byte[][] decode(String[] messages, Alphabet alphabet) throws IOException {
    int size = alphabet.size();
    RangeDecoder[] decoders = new RangeDecoder[messages.length];
    byte[][] texts = new byte[messages.length][];
    int[] most = new int[messages.length];
    for (int i = 0; i < messages.length; i++) {
      String message = messages[i];
      checkLength(message);
      int first = message.isEmpty() ? 0 : alphabet.digit(message.charAt(0));
      boolean plain = first == size - 1;
      for (int at = 0; at < message.length(); at++) {
        char c = message.charAt(at);
        boolean fits = (plain && at > 0) ? alphabet.carries(c) : alphabet.digit(c) >= 0;
        if (!fits) {
          throw new TrcFormatException(
              "the character at index " + at + " is none of the message's alphabet");
        }
      }
      if (message.isEmpty()) {
        texts[i] = NONE;
      } else if (plain) {
        texts[i] = fromCharacters(message, alphabet);
      } else if (first == size - 2) {
        texts[i] = fromNumber(message, alphabet);
      } else {
        decoders[i] = ranges.newDecoder(fraction(message, alphabet));
        most[i] = most(message.length());
      }
    }
    read(decoders, most, size - 2, size, texts);
    return texts;
  }

  /** Refuses what is longer than any message, before numbers are made of it. */
  private void checkLength(String message) throws TrcCorruptedException {
    if (message.length() > 2 * Math.min(maxLength, MOST_IN_CHARACTERS) + 8) {
      throw new TrcCorruptedException("a message is longer than any may be");
    }
  }

  private byte[] fromCharacters(String message, Alphabet alphabet) throws TrcCorruptedException {
    int length = message.length() - 1 - checkDigits(alphabet.size());
    if (length < 1 || length > maxLength) {
      throw new TrcCorruptedException("a plain message has no text, or too much");
    }
    byte[] text = message.substring(1, 1 + length).getBytes(StandardCharsets.UTF_8);
    String check = digits(BigInteger.valueOf(check(text)), checkDigits(alphabet.size()), alphabet);
    if (!message.endsWith(check)) {
      throw damaged();
    }
    return text;
  }

  private byte[] fromNumber(String message, Alphabet alphabet) throws TrcCorruptedException {
    BigInteger base = BigInteger.valueOf(alphabet.size());
    BigInteger number = BigInteger.ZERO;
    for (int i = 1; i < message.length(); i++) {
      number = number.multiply(base).add(BigInteger.valueOf(alphabet.digit(message.charAt(i))));
    }
    byte[] bytes = number.toByteArray();
    if (bytes[0] != 1) {
      throw damaged();
    }
    return fromPlain(bytes, 1);
  }
}
