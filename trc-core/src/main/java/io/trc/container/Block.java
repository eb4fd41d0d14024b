package io.trc.container;

import io.trc.TrcFormatException;
import io.trc.TrcMemoryLimitException;
import io.trc.TrcUnsupportedException;
import java.io.IOException;
import java.util.zip.CRC32C;

/**
 * A block as it is kept: its payload, and what the plain bytes must be that are decoded from it.
 *
 * <pre>{@code
 * Block stored = Block.stored(plain);
 * Block coded = Block.coded(BlockMethod.LZMA2, plain, 0, plain.length, payload);
 * }</pre>
 *
 * <p>Arrays are not copied: whoever hands one over leaves it unchanged.
 */
public final class Block {
  private final BlockMethod method;
  private final boolean linked;
  private final boolean base;
  private final int plainLength;
  private final int plainCheck;
  private final byte[] payload;

  private Block(
      BlockMethod method,
      boolean linked,
      boolean base,
      int plainLength,
      int plainCheck,
      byte[] payload) {
    this.method = method;
    this.linked = linked;
    this.base = base;
    this.plainLength = plainLength;
    this.plainCheck = plainCheck;
    this.payload = payload;
  }

  /** A block whose payload is the plain bytes, of which there is at least one. */
  public static Block stored(byte[] plain) {
    return coded(BlockMethod.STORED, plain, 0, plain.length, plain);
  }

  /**
   * A block whose plain bytes were coded.
   *
   * @param method how they were coded
   * @param plain holds the plain bytes, which are summed and not kept
   * @param offset where the plain bytes begin
   * @param length how many there are, at least one
   * @param payload what they were coded into, not longer than they
   */
  public static Block coded(
      BlockMethod method, byte[] plain, int offset, int length, byte[] payload) {
    if (length == 0 || payload.length > length) {
      throw new IllegalArgumentException(
          "a payload of " + payload.length + " bytes for " + length + " plain bytes");
    }
    if (method == BlockMethod.STORED && payload.length != length) {
      throw new IllegalArgumentException("a stored block's payload is its plain bytes");
    }
    return new Block(method, false, false, length, check(plain, offset, length), payload);
  }

  /**
   * The same block in relation to others.
   *
   * @param linked true if the payload was coded from what the nearest base before it taught
   * @param base true if linked blocks behind it start from what it teaches
   */
  public Block related(boolean linked, boolean base) {
    if (!method.learns() && (linked || base)) {
      throw new IllegalArgumentException("a block of method " + method + " stands for itself");
    }
    return new Block(method, linked, base, plainLength, plainCheck, payload);
  }

  /**
   * Reads a block whose type has been read.
   *
   * @param memoryLimit bytes that the payload and the plain bytes may take together
   */
  static Block decode(Input in, BlockHead head, StreamHeader header, long memoryLimit)
      throws IOException {
    boolean stored = head.method() == BlockMethod.STORED.id();
    long needed = stored ? head.plainLength() : (long) head.plainLength() + head.payloadLength();
    if (needed > memoryLimit) {
      throw new TrcMemoryLimitException(
          "the block at byte "
              + in.start()
              + " needs "
              + needed
              + " bytes of memory, but the limit leaves "
              + memoryLimit,
          needed,
          memoryLimit);
    }
    byte[] payload = in.readBytes(head.payloadLength());
    in.verifyCrc();
    BlockMethod method = BlockMethod.ofId(head.method());
    if (method == null) {
      throw new TrcUnsupportedException(
          "the block at byte "
              + in.start()
              + " is coded with method "
              + head.method()
              + ", which this software does not know: a newer one is needed");
    }
    if (method.needsModel() && header.model() == null) {
      throw new TrcFormatException(
          "the block at byte " + in.start() + " needs a model, but the header names none");
    }
    if ((head.linked() || head.base()) && !method.learns()) {
      throw in.corrupted("method " + head.method() + " has nothing to do with other blocks");
    }
    int plainCheck = stored ? check(payload, 0, payload.length) : head.plainCheck();
    return new Block(method, head.linked(), head.base(), head.plainLength(), plainCheck, payload);
  }

  /** How the payload was made. */
  public BlockMethod method() {
    return method;
  }

  /** Whether decoding starts from what the nearest base before it taught. */
  public boolean isLinked() {
    return linked;
  }

  /** Whether linked blocks behind it, up to the next base, start from what it teaches. */
  public boolean isBase() {
    return base;
  }

  /** How many bytes decoding must give, at least one. */
  public int plainLength() {
    return plainLength;
  }

  /** CRC32C of the plain bytes. */
  public int plainCheck() {
    return plainCheck;
  }

  /** The coded bytes; not a copy. */
  public byte[] payload() {
    return payload;
  }

  /** Whether decoded bytes are this block's plain bytes, judged by length and CRC32C. */
  public boolean matches(byte[] plain, int offset, int length) {
    return length == plainLength && check(plain, offset, length) == plainCheck;
  }

  BlockHead head(boolean sole) {
    int type = method.id();
    type |= linked ? Format.TYPE_LINKED : 0;
    type |= base ? Format.TYPE_BASE : 0;
    type |= sole ? Format.TYPE_SOLE : 0;
    return new BlockHead(type, plainLength, payload.length, plainCheck);
  }

  private static int check(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
