package io.trc.mix;

import java.util.Arrays;

/** The bytes of the text so far. */
final class History {
  private byte[] bytes;
  private int length;

  History() {
    bytes = new byte[1 << 12];
  }

  /** Goes on after the same bytes, apart from the other. */
  History(History other) {
    bytes = other.bytes.clone();
    length = other.length;
  }

  int length() {
    return length;
  }

  void add(int b) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    bytes[length++] = (byte) b;
  }

  /** The byte at a position. */
  int at(int position) {
    return bytes[position] & 0xff;
  }

  /** The byte so many before the end, from 1 on, or 0 if there are fewer. */
  int back(int distance) {
    return distance <= length ? bytes[length - distance] & 0xff : 0;
  }

  /** The four bytes before the last few, the last of them lowest. */
  int word(int before) {
    int word = 0;
    for (int i = 4; i >= 1; i--) {
      word = (word << 8) | back(before + i);
    }
    return word;
  }

  /** How many bytes before two positions are the same, at most so many. */
  int same(int one, int other, int most) {
    int n = 0;
    while (n < most && one > n && bytes[one - n - 1] == bytes[other - n - 1]) {
      n++;
    }
    return n;
  }
}
