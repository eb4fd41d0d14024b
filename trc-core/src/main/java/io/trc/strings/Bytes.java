package io.trc.strings;

import io.trc.TrcCorruptedException;
import java.util.Arrays;

/** The bytes of a string that is decoded, as they come: no more than it may have. */
final class Bytes {
  private final int most;
  private byte[] bytes;
  private int length;

  Bytes(int most) {
    this.most = most;
    bytes = new byte[Math.min(most, 64)];
  }

  void add(byte[] more) throws TrcCorruptedException {
    // What has no bytes is never coded; it would let a damaged string go on for ever.
    if (more.length == 0) {
      throw new TrcCorruptedException("a message holds a token without text");
    }
    ensure(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
  }

  void add(int b) throws TrcCorruptedException {
    ensure(1);
    bytes[length++] = (byte) b;
  }

  private void ensure(int more) throws TrcCorruptedException {
    if (more > most - length) {
      throw new TrcCorruptedException("a message claims more text than it can hold");
    }
    if (more > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(most, 2L * bytes.length + more));
    }
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }
}
