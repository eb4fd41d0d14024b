package io.trc.container;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one member from a stream, and not a byte more.
 *
 * <pre>{@code
 * MemberReader member = MemberReader.open(in);
 * for (Block block = member.next(); block != null; block = member.next()) {
 *   ...
 * }
 * }</pre>
 *
 * <p>Damage and truncation give a {@link io.trc.TrcCorruptedException} that names the block,
 * counted from 0, and the byte where it begins; what is intact but newer gives a {@link
 * io.trc.TrcUnsupportedException}. Failures of the stream beneath pass through unchanged. After an
 * exception the reader is of no more use. Memory: one payload. Not thread-safe.
 */
public final class MemberReader {
  private enum State {
    OPEN,
    ENDED,
    FAILED
  }

  private final Input in;
  private final StreamHeader header;

  /** The first byte read, and the first one behind the zeros there may be. */
  private final long start;

  private final long memberStart;
  private final long memoryLimit;
  private final IndexSum index = new IndexSum();
  private long plainLength;
  private State state = State.OPEN;

  private MemberReader(Input in, StreamHeader header, long start, long memoryLimit) {
    this.in = in;
    this.header = header;
    this.start = start;
    this.memberStart = in.start();
    this.memoryLimit = memoryLimit;
  }

  /** Opens the first member of a stream, without a memory limit of the caller's. */
  public static @Nullable MemberReader open(InputStream in) throws IOException {
    return open(in, 0, Long.MAX_VALUE);
  }

  /**
   * Reads the header of a member, and the zeros that may stand before any but the first one.
   *
   * @param in stands at the end of the member before, or at the stream's first byte
   * @param position how many bytes of the stream were read before; if any, what is no member is
   *     called trailing garbage
   * @param memoryLimit the bytes that one block, payload and plain bytes, may take
   * @return the reader, or null if the stream ends right here
   * @throws io.trc.TrcFormatException if the stream is no .trc stream
   */
  public static @Nullable MemberReader open(InputStream in, long position, long memoryLimit)
      throws IOException {
    Input input = new Input(in, position);
    StreamHeader header = StreamHeader.decode(input);
    return header == null ? null : new MemberReader(input, header, position, memoryLimit);
  }

  /** The header of this member. */
  public StreamHeader header() {
    return header;
  }

  /**
   * Reads the next block, whose checksum was found right.
   *
   * @return the block, or null if there is none and the member's end was found right
   * @throws io.trc.TrcMemoryLimitException if the block is larger than the caller allows
   */
  public @Nullable Block next() throws IOException {
    if (state == State.FAILED) {
      throw new IllegalStateException("the member could not be read, as an exception said before");
    }
    if (state == State.ENDED) {
      return null;
    }
    state = State.FAILED;
    String name = "block " + index.count();
    in.begin(name, plainLength);
    int type = in.read();
    if (type == Format.TYPE_END) {
      index.verify(in, memberStart, plainLength);
      state = State.ENDED;
      return null;
    }
    BlockHead head = BlockHead.decode(in, type, header, index.count());
    Block block = Block.decode(in, head, header, memoryLimit);
    if (index.count() == Format.MAX_BLOCKS) {
      throw in.corrupted("a member has at most " + Format.MAX_BLOCKS + " blocks");
    }
    index.add(head.recordLength(), block.plainLength());
    plainLength += block.plainLength();
    state = head.sole() ? State.ENDED : State.OPEN;
    return block;
  }

  /** The bytes that were read so far: of this member, and of zeros before it. */
  public long read() {
    return in.position() - start;
  }

  /** The plain bytes of the blocks so far. */
  public long plainLength() {
    return plainLength;
  }
}
