package io.trc.gguf;

/** The characters of bytes that may be UTF-8. */
final class Utf8 {
  private Utf8() {}

  /** The bytes of the character there: 1 to 4, and 1 where this is no whole character. */
  static int length(byte[] text, int from, int to) {
    int first = text[from];
    int length = first >= 0 ? 1 : first < -64 ? 1 : first < -32 ? 2 : first < -16 ? 3 : 4;
    if (length > to - from) {
      return 1;
    }
    for (int i = 1; i < length; i++) {
      if ((text[from + i] & 0xC0) != 0x80) {
        return 1;
      }
    }
    return length;
  }

  /** The code point there, whose {@link #length} is given, or -1 where there is none. */
  static int codePoint(byte[] text, int from, int length) {
    int first = text[from];
    int point =
        switch (length) {
          case 1 -> first;
          case 2 -> (first & 0x1F) << 6 | (text[from + 1] & 0x3F);
          case 3 -> (first & 0x0F) << 12 | (text[from + 1] & 0x3F) << 6 | (text[from + 2] & 0x3F);
          default ->
              (first & 0x07) << 18
                  | (text[from + 1] & 0x3F) << 12
                  | (text[from + 2] & 0x3F) << 6
                  | (text[from + 3] & 0x3F);
        };
    return point < 0 || point > Character.MAX_CODE_POINT ? -1 : point;
  }
}
