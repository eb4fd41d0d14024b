package io.trc.strings;

/** What is alike of characters: letters of both cases, digits, kinds. */
final class Folding {
  /** A digit. */
  static final int DIGIT = 1;

  /** The kinds from this on are letters. */
  static final int LETTER = 4;

  /** The number of kinds. */
  static final int KINDS = 8;

  private Folding() {}

  // A character of several bytes is what MessageContexts makes of them: the first one behind a 1,
  // and six bits of each other.
  private static final int CYRILLIC = (256 | 0xD0) << 6;
  private static final int CYRILLIC_END = (256 | 0xD2) << 6;
  private static final int THREE_BYTES = (256 | 0xE0) << 12;

  /** A character that stands for all that differ in case only, or are digits. */
  static int fold(int c) {
    if (c < 128) {
      if (c >= '0' && c <= '9') {
        return '0';
      }
      return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }
    if (c >= CYRILLIC && c < CYRILLIC_END) {
      int point = c - CYRILLIC + 0x400;
      if (point >= 0x410 && point < 0x430) {
        return c + 32;
      }
      return point < 0x410 ? c + 80 : c;
    }
    return c;
  }

  /** 0 nothing or a control, 1 a digit, 2 a space, 3 a mark, from 4 on letters. */
  static int kind(int c) {
    if (c < 128) {
      if (c >= '0' && c <= '9') {
        return DIGIT;
      }
      if (c >= 'a' && c <= 'z') {
        return 4;
      }
      if (c >= 'A' && c <= 'Z') {
        return 5;
      }
      return c < ' ' ? 0 : c == ' ' ? 2 : 3;
    }
    return c >= THREE_BYTES ? 7 : 6;
  }
}
