package io.trc.container;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The last bytes of a member with an index, by which it is found from its end.
 *
 * @param plainLength the plain bytes of the member
 * @param memberLength the bytes from the member's first to the footer's last
 * @param endLength the bytes of the end record, which lies just before the footer
 */
record Footer(long plainLength, long memberLength, long endLength) {
  byte[] encode() {
    ByteBuffer bytes = ByteBuffer.allocate(Format.FOOTER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(plainLength).putLong(memberLength).putInt((int) endLength);
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, bytes.position());
    bytes.putInt((int) crc.getValue());
    for (int i = Format.MAGIC_LENGTH - 1; i >= 0; i--) {
      bytes.put(Format.magic(i));
    }
    return bytes.array();
  }

  /** The footer that the bytes are, or null if they are none or are damaged. */
  static @Nullable Footer decode(byte[] encoded) {
    ByteBuffer bytes = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
    Footer footer =
        new Footer(bytes.getLong(), bytes.getLong(), Integer.toUnsignedLong(bytes.getInt()));
    return Arrays.equals(encoded, footer.encode()) ? footer : null;
  }
}
