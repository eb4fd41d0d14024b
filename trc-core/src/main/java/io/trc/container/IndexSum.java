package io.trc.container;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The sum of an index that must follow the blocks seen so far. It tells in constant memory whether
 * the index that does follow is that one.
 */
final class IndexSum {
  private final CRC32C crc = new CRC32C();
  private int count;
  private long length;

  int count() {
    return count;
  }

  void add(int recordLength, int plainLength) {
    byte[] entry = entry(recordLength, plainLength);
    crc.update(entry, 0, entry.length);
    length += entry.length;
    count++;
  }

  /**
   * Reads the end record, whose type has been read, and the footer.
   *
   * @param memberStart where the member began
   * @param plainLength the plain bytes of its blocks
   */
  void verify(Input in, long memberStart, long plainLength) throws IOException {
    if (in.readVarint() != count) {
      throw in.corrupted("the index does not list the " + count + " blocks before it");
    }
    CRC32C found = new CRC32C();
    in.skipBytes(length, found);
    in.verifyCrc();
    if (found.getValue() != crc.getValue()) {
      throw in.corrupted("the index lists other blocks than those before it");
    }
    if (count > 0) {
      long endLength = in.position() - in.start();
      in.begin("footer");
      Footer footer =
          new Footer(plainLength, in.start() + Format.FOOTER_LENGTH - memberStart, endLength);
      if (!Arrays.equals(in.readBytes(Format.FOOTER_LENGTH), footer.encode())) {
        throw in.corrupted("damaged, it does not fit the member before it");
      }
    }
  }

  /** The bytes of one entry of an index. */
  static byte[] entry(int recordLength, int plainLength) {
    ByteBuffer entry =
        ByteBuffer.allocate(Varint.length(recordLength) + Varint.length(plainLength));
    Varint.put(entry, recordLength);
    Varint.put(entry, plainLength);
    return entry.array();
  }
}
