package io.trc.strings;

import java.util.Arrays;

/**
 * The characters that a channel carries, as digits. The last two of them begin what is no code: see
 * {@link Messages}. Some channels carry further ones, which no code is made of.
 */
public final class Alphabet {
  /** The digits of RFC 4648's URL-safe base 64. */
  public static final Alphabet BASE64URL =
      new Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

  /** The digits of RFC 9285, which are those of a QR code's alphanumeric mode. */
  public static final Alphabet BASE45 =
      new Alphabet("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:");

  /** The digits of basE91: printable ASCII without hyphen, backslash and apostrophe. */
  public static final Alphabet BASE91 =
      new Alphabet(
          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
              + "!#$%&()*+,./:;<=>?@[]^_`{|}~\"");

  /** What is the same character in ASCII and in the default alphabet of GSM 03.38, at one place. */
  public static final Alphabet GSM7 =
      new Alphabet(
          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
              + "!\"#%&'()*+,-./:;<=>?",
          // At an end of a message, carriers take these away.
          " \n\r");

  private final String digits;
  private final String others;
  private final byte[] values = new byte[128];

  private Alphabet(String digits) {
    this(digits, "");
  }

  private Alphabet(String digits, String others) {
    this.digits = digits;
    this.others = others;
    Arrays.fill(values, (byte) -1);
    for (int i = 0; i < digits.length(); i++) {
      values[digits.charAt(i)] = (byte) i;
    }
  }

  /** The number of digits. */
  int size() {
    return digits.length();
  }

  /** The character of a digit. */
  char character(int digit) {
    return digits.charAt(digit);
  }

  /** True if the channel carries a character. */
  boolean carries(char character) {
    return digit(character) >= 0 || others.indexOf(character) >= 0;
  }

  /** The digit of a character, or -1. */
  int digit(char character) {
    return character < values.length ? values[character] : -1;
  }
}
