package io.trc.container;

import io.trc.TrcCorruptedException;
import io.trc.TrcFormatException;
import io.trc.TrcUnsupportedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What opens a member: how long its blocks may be, and the model they need.
 *
 * @param blockSizeLog2 no block of the member has more than 2 to this power plain bytes, {@value
 *     Format#MIN_BLOCK_SIZE_LOG2} to {@value Format#MAX_BLOCK_SIZE_LOG2}
 * @param model the model, or null if no block needs one
 */
public record StreamHeader(int blockSizeLog2, @Nullable ModelReference model) {
  /** Checks the range. */
  public StreamHeader {
    if (blockSizeLog2 < Format.MIN_BLOCK_SIZE_LOG2 || blockSizeLog2 > Format.MAX_BLOCK_SIZE_LOG2) {
      throw new IllegalArgumentException(
          "block size of 2^" + blockSizeLog2 + " is not in 2^10..2^25");
    }
  }

  /** The greatest plain length of a block. */
  public int maxBlockLength() {
    return 1 << blockSizeLog2;
  }

  /** The length in bytes of this header in a member. */
  public int length() {
    return model == null ? Format.HEADER_LENGTH : Format.MODEL_HEADER_LENGTH;
  }

  byte[] encode() {
    ByteBuffer bytes = ByteBuffer.allocate(length()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < Format.MAGIC_LENGTH; i++) {
      bytes.put(Format.magic(i));
    }
    bytes.put((byte) Format.VERSION);
    int blockNibble = (blockSizeLog2 - Format.MIN_BLOCK_SIZE_LOG2) << 4;
    if (model == null) {
      bytes.put((byte) 0).put((byte) blockNibble);
    } else {
      int flags = Format.FLAG_MODEL | (model.profile() << Format.PROFILE_SHIFT);
      if (model.lockstep()) {
        flags |= Format.FLAG_LOCKSTEP;
      }
      bytes.put((byte) flags);
      bytes.put((byte) (blockNibble | (model.windowLog2() - Format.MIN_WINDOW_LOG2)));
      bytes.putLong(Long.reverseBytes(model.digest()));
      bytes.putInt(model.fingerprint());
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, bytes.position());
    bytes.putInt((int) crc.getValue());
    return bytes.array();
  }

  /**
   * Reads a header, and the zeros before it if it is not the first.
   *
   * @return the header, or null if the input ends before its first byte
   */
  static @Nullable StreamHeader decode(Input in) throws IOException {
    boolean first = in.position() == 0;
    in.begin(first ? "header" : "header of a further member");
    int octet = in.readOrEnd();
    while (octet == 0 && !first) {
      skipPadding(in);
      in.begin("header of a further member");
      octet = in.readOrEnd();
    }
    if (octet < 0) {
      return null;
    }
    for (int i = 0; i < Format.MAGIC_LENGTH; i++) {
      octet = i == 0 ? octet : in.read();
      if ((byte) octet != Format.magic(i)) {
        if (first) {
          throw new TrcFormatException(
              "not a .trc stream: it does not begin with the bytes 8F 54 52 43");
        }
        throw garbage(in);
      }
    }
    // The frame (what the crc covers and where it is) stays the same in all versions.
    int version = in.read();
    int flags = in.read();
    int sizes = in.read();
    boolean named = (flags & Format.FLAG_MODEL) != 0;
    long digest = 0;
    int fingerprint = 0;
    if (named) {
      digest = (long) Integer.reverseBytes(in.readInt()) << 32;
      digest |= Integer.reverseBytes(in.readInt()) & 0xFFFFFFFFL;
      fingerprint = in.readInt();
    }
    in.verifyCrc();
    if (version != Format.VERSION) {
      throw new TrcUnsupportedException(
          "the member at byte "
              + in.start()
              + " has format version "
              + version
              + ", this software reads version "
              + Format.VERSION
              + ": a newer one is needed");
    }
    boolean reserved =
        (flags & Format.FLAGS_RESERVED) != 0 || (!named && (flags != 0 || (sizes & 0x0F) != 0));
    if (reserved) {
      throw new TrcUnsupportedException(
          String.format(
              "the member at byte %d uses features (flags %02x, sizes %02x) that this software does"
                  + " not know: a newer one is needed",
              in.start(), flags, sizes));
    }
    int blockSizeLog2 = (sizes >> 4) + Format.MIN_BLOCK_SIZE_LOG2;
    if (!named) {
      return new StreamHeader(blockSizeLog2, null);
    }
    return new StreamHeader(
        blockSizeLog2,
        new ModelReference(
            digest,
            flags >> Format.PROFILE_SHIFT,
            fingerprint,
            (flags & Format.FLAG_LOCKSTEP) != 0,
            (sizes & 0x0F) + Format.MIN_WINDOW_LOG2));
  }

  /** Reads the rest of a group of zeros. */
  private static void skipPadding(Input in) throws IOException {
    for (int i = 1; i < Format.PADDING_UNIT; i++) {
      if (in.readOrEnd() != 0) {
        throw garbage(in);
      }
    }
  }

  private static TrcCorruptedException garbage(Input in) {
    return new TrcCorruptedException(
        "trailing garbage: no .trc member begins at byte " + in.start());
  }
}
