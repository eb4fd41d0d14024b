package io.trc.container;

/**
 * The constants of the .trc format, version 1. FORMAT.md at the root of the project is the full
 * specification.
 *
 * <pre>
 * stream  := member { padding } { member { padding } }
 * padding := 00 00 00 00
 * member  := header soleBlock                 one block
 *          | header end                       no block
 *          | header block+ end footer         any number of blocks from one on
 *
 * header  := magic[4] version[1] flags[1] sizes[1] { digest[8] fingerprint[4] } crc[4]
 *            {..}: only if flags bit 0 is set
 * block   := type[1] plainLength:varint { payloadLength:varint plainCheck[4] } payload crc[4]
 *            {..}: absent if the method is "stored"
 *            type: bit 7 = sole block of its member, bit 6 = linked to the nearest base
 *                  before it, bit 5 = a base, bits 0-4 = method (1 to 31)
 * end     := 00 count:varint { recordLength:varint plainLength:varint }*count crc[4]
 * footer  := plainLength[8] memberLength[8] endLength[4] crc[4] magicReversed[4]
 * </pre>
 *
 * <p>Integers are little-endian; a varint is LEB128 of at most 9 bytes in its shortest form; every
 * crc is CRC32C. The crc of a block or end record covers the plain offset of the record in its
 * member (8 bytes) and then the record's bytes before the crc.
 */
public final class Format {
  /** The only version that there is so far. */
  static final int VERSION = 1;

  static final int MAGIC_LENGTH = 4;

  private static final byte[] MAGIC = {(byte) 0x8F, 'T', 'R', 'C'};

  /** The suffix of file names. */
  public static final String SUFFIX = ".trc";

  /** Flags bit 0: the header names a model. */
  static final int FLAG_MODEL = 1;

  /** Flags bit 1: encoder and decoder evaluate one token at a time. */
  static final int FLAG_LOCKSTEP = 1 << 1;

  /** Flags bits 2 and 3: the window policy, of which version 1 knows only 0. */
  static final int FLAGS_RESERVED = 3 << 2;

  /** Flags bits 4 to 7: the numerics profile. */
  static final int PROFILE_SHIFT = 4;

  /** The greatest plain length of a block is at least 2 to this power. */
  public static final int MIN_BLOCK_SIZE_LOG2 = 10;

  /** The greatest plain length of a block is at most 2 to this power. */
  public static final int MAX_BLOCK_SIZE_LOG2 = 25;

  /** A context window holds at least 2 to this power tokens. */
  public static final int MIN_WINDOW_LOG2 = 4;

  /** A context window holds at most 2 to this power tokens. */
  public static final int MAX_WINDOW_LOG2 = 19;

  /** The greatest number of blocks in a member; what is longer goes on in another member. */
  public static final int MAX_BLOCKS = 1 << 24;

  /** Behind a member there may be zeros, a multiple of so many. */
  static final int PADDING_UNIT = 4;

  /** The type of the end record. */
  static final int TYPE_END = 0;

  /** Type bit 7: the block is the only one, and the last record, of its member. */
  static final int TYPE_SOLE = 0x80;

  /** Type bit 6: decoding starts from what the nearest base before it taught. */
  static final int TYPE_LINKED = 0x40;

  /** Type bit 5: linked blocks behind it, up to the next base, start from what it teaches. */
  static final int TYPE_BASE = 0x20;

  /** The type's bits that name the method. */
  static final int METHOD_MASK = 0x1F;

  /** Length of a header that names no model. */
  public static final int HEADER_LENGTH = 11;

  /** Length of a header that names a model. */
  public static final int MODEL_HEADER_LENGTH = 23;

  /** Length of the footer. */
  static final int FOOTER_LENGTH = 28;

  /** The shortest block record: a stored block of one byte. */
  static final int MIN_RECORD_LENGTH = 1 + 1 + 1 + 4;

  /** The most bytes that a block record adds to its payload. */
  static final int MAX_RECORD_OVERHEAD = 1 + 4 + 4 + 4 + 4;

  /** The shortest entry of an index. */
  static final int MIN_INDEX_ENTRY_LENGTH = 2;

  private Format() {}

  /** The byte at a place, 0 to 3, of the magic that opens a member. */
  static byte magic(int index) {
    return MAGIC[index];
  }

  /**
   * Whether bytes open like a .trc stream.
   *
   * @param signature the first bytes of some input
   * @param length how many bytes of {@code signature} are there
   * @return true if there are at least 4, and they are {@code 8F 54 52 43}
   */
  public static boolean matches(byte[] signature, int length) {
    if (length < MAGIC_LENGTH) {
      return false;
    }
    for (int i = 0; i < MAGIC_LENGTH; i++) {
      if (signature[i] != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }
}
