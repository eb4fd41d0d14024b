package io.trc.container;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes one member: a header, blocks, and what ends them.
 *
 * <pre>{@code
 * MemberWriter member = new MemberWriter(out, new StreamHeader(18, null));
 * member.write(Block.stored(bytes));
 * member.finish();
 * }</pre>
 *
 * <p>The first block is held back until a second one, {@link #release} or {@link #finish} comes,
 * because a member of one block is written in a shorter form. Memory: that block, and about 6 bytes
 * for each block written. The stream beneath is neither flushed nor closed. Not thread-safe.
 */
public final class MemberWriter {
  private final OutputStream out;
  private final StreamHeader header;
  private final ByteArrayOutputStream index = new ByteArrayOutputStream();
  private @Nullable Block held;
  private int blocks;
  private long plainLength;
  private long written;
  private boolean finished;

  /** Prepares a member; nothing is written yet. */
  public MemberWriter(OutputStream out, StreamHeader header) {
    this.out = out;
    this.header = header;
  }

  /**
   * Appends a block.
   *
   * @throws IllegalArgumentException if the header does not allow for it
   * @throws IllegalStateException if the member is finished or has all the blocks it can have
   * @throws IOException if the stream beneath fails; the member is lost then
   */
  public void write(Block block) throws IOException {
    requireOpen();
    if (blocks == Format.MAX_BLOCKS) {
      throw new IllegalStateException(
          "a member holds at most " + Format.MAX_BLOCKS + " blocks: begin another one");
    }
    if (!takes(block)) {
      throw new IllegalArgumentException(
          "a block that needs a model, but the header names none; or the first block, but linked");
    }
    if (block.plainLength() > header.maxBlockLength()) {
      throw new IllegalArgumentException(
          "a block of "
              + block.plainLength()
              + " bytes, but the header says at most "
              + header.maxBlockLength());
    }
    if (blocks == 0) {
      held = block;
    } else {
      release();
      append(block, false);
    }
    blocks++;
  }

  /**
   * Writes all that is held back, the header first, so that a reader can have it now. The member
   * can go on. Costs up to 45 bytes if only one block was written so far and none follows.
   */
  public void release() throws IOException {
    requireOpen();
    writeHeader();
    Block first = held;
    if (first != null) {
      held = null;
      append(first, false);
    }
  }

  /** Writes what is held back, and the end of the member. */
  public void finish() throws IOException {
    requireOpen();
    writeHeader();
    Block sole = held;
    if (sole != null) {
      held = null;
      append(sole, true);
    } else {
      writeEnd();
    }
    finished = true;
  }

  /**
   * Whether the member can have this block too: it is not full, it names a model if need be, and it
   * has a block before one that is linked.
   */
  public boolean takes(Block block) {
    boolean modelled = header.model() != null || !block.method().needsModel();
    return blocks < Format.MAX_BLOCKS && modelled && (blocks > 0 || !block.isLinked());
  }

  /** The bytes written so far, without what is held back. */
  public long written() {
    return written;
  }

  /** The plain bytes of the blocks so far, without what is held back. */
  public long plainLength() {
    return plainLength;
  }

  private void requireOpen() {
    if (finished) {
      throw new IllegalStateException("the member is finished");
    }
  }

  private void writeHeader() throws IOException {
    if (written == 0) {
      byte[] bytes = header.encode();
      out.write(bytes);
      written = bytes.length;
    }
  }

  private void append(Block block, boolean sole) throws IOException {
    BlockHead head = block.head(sole);
    writeRecord(head.encode(), block.payload());
    byte[] entry = IndexSum.entry(head.recordLength(), block.plainLength());
    index.write(entry, 0, entry.length);
    plainLength += block.plainLength();
  }

  private void writeEnd() throws IOException {
    long start = written;
    ByteBuffer head = ByteBuffer.allocate(1 + Varint.length(blocks));
    head.put((byte) Format.TYPE_END);
    Varint.put(head, blocks);
    writeRecord(head.array(), index.toByteArray());
    if (blocks > 0) {
      long memberLength = written + Format.FOOTER_LENGTH;
      out.write(new Footer(plainLength, memberLength, written - start).encode());
      written = memberLength;
    }
  }

  private void writeRecord(byte[] head, byte[] body) throws IOException {
    CRC32C crc = new CRC32C();
    Input.updateOffset(crc, plainLength);
    crc.update(head, 0, head.length);
    crc.update(body, 0, body.length);
    byte[] sum =
        ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt((int) crc.getValue())
            .array();
    out.write(head);
    out.write(body);
    out.write(sum);
    written += head.length + (long) body.length + sum.length;
  }
}
