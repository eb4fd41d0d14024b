package io.trc.mix;

/** The kinds of bytes. */
final class Bytes {
  private static final boolean[] SEPARATOR = new boolean[256];

  static {
    for (char c : " \t,;|=:\"<>[](){}".toCharArray()) {
      SEPARATOR[c] = true;
    }
  }

  private Bytes() {}

  static boolean isDigit(int b) {
    return b >= '0' && b <= '9';
  }

  /** True for ASCII letters and all bytes beyond ASCII. */
  static boolean isLetter(int b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || b >= 128;
  }

  /** What ends a field of a line. */
  static boolean isSeparator(int b) {
    return SEPARATOR[b];
  }

  /** The same for all digits, for all small letters, for all large ones, and beyond ASCII. */
  static int kind(int b) {
    if (isDigit(b)) {
      return '0';
    }
    if (b >= 128) {
      return 128;
    }
    return b >= 'a' && b <= 'z' ? 'a' : b >= 'A' && b <= 'Z' ? 'A' : b;
  }
}
