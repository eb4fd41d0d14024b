package io.trc;

import io.trc.strings.Alphabet;

/**
 * The characters of a message for channels that carry no bytes. The bits of the code become digits
 * of the alphabet directly, so that none are lost where bytes would be filled up.
 */
public enum TrcTextForm {
  /** Letters, digits, hyphen and underscore, as in RFC 4648; 6 bits a character. For URLs. */
  BASE64URL,

  /** The alphabet of RFC 9285 and of a QR code's alphanumeric mode; 5.49 bits a character. */
  BASE45,

  /** Printable ASCII but for {@code - \ '}; 6.5 bits a character. */
  BASE91,

  /**
   * Letters, digits and 20 marks that are the same in ASCII and in the default alphabet of GSM
   * 03.38, so that an SMS holds 160 of them; 6.36 bits a character.
   */
  GSM7;

  Alphabet alphabet() {
    return switch (this) {
      case BASE64URL -> Alphabet.BASE64URL;
      case BASE45 -> Alphabet.BASE45;
      case BASE91 -> Alphabet.BASE91;
      case GSM7 -> Alphabet.GSM7;
    };
  }
}
