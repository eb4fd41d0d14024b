package io.trc.container;

import io.trc.TrcCorruptedException;
import io.trc.TrcFormatException;
import io.trc.TrcMemoryLimitException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of a whole .trc file: its members and where their blocks lie, so that any block can be
 * read without those before it.
 *
 * <pre>{@code
 * Archive archive = Archive.read(channel, memoryLimit);
 * for (Member member : archive.members()) {
 *   for (BlockEntry entry : member.blocks()) {
 *     Block block = archive.readBlock(channel, member, entry);
 *   }
 * }
 * }</pre>
 *
 * <p>Members are found from the end of the file by their footers. From the last member without a
 * footer on down, members are found from the front, going from block head to block head; no payload
 * is read. The table's own checksums are verified at once, a block's when it is read. An instance
 * is immutable; whoever shares the channel sees to it that one reads at a time.
 */
public final class Archive {
  /** What an entry of the table takes, list and object. */
  private static final int ENTRY_MEMORY = 64;

  /** Zeros behind members are looked at in pieces of this many bytes at most. */
  private static final int PADDING_PIECE = 1 << 12;

  /** What a member takes besides its blocks: list, object, header, footer. */
  private static final int MEMBER_MEMORY = 256;

  private final List<Member> members;
  private final long plainLength;
  private final long memoryLimit;

  private Archive(List<Member> members, long plainLength, long memoryLimit) {
    this.members = members;
    this.plainLength = plainLength;
    this.memoryLimit = memoryLimit;
  }

  /** A member found by its footer. */
  private record Tail(long position, long end, Footer footer) {}

  /**
   * Reads the table of a file, from the channel's byte 0 to its size.
   *
   * @param memoryLimit the bytes that the table may take, and later a block with its plain bytes
   * @throws TrcFormatException if the file is no .trc file
   * @throws TrcCorruptedException if it is damaged, cut short, or longer than its members
   * @throws TrcMemoryLimitException if the table is larger than the caller allows
   */
  public static Archive read(SeekableByteChannel channel, long memoryLimit) throws IOException {
    Walk walk = new Walk(channel, memoryLimit, true);
    walk.run();
    return new Archive(List.copyOf(walk.members), walk.plainLength, memoryLimit);
  }

  /**
   * The plain length of a whole file. Reads a header and a footer if the file is one member of
   * several blocks, however many; goes over block heads otherwise. Blocks are not verified.
   *
   * @throws TrcFormatException if the file is no .trc file
   * @throws TrcCorruptedException if damage is in the way
   */
  public static long plainLength(SeekableByteChannel channel) throws IOException {
    Walk walk = new Walk(channel, Long.MAX_VALUE, false);
    walk.run();
    return walk.plainLength;
  }

  /** The members in order, at least one. */
  public List<Member> members() {
    return members;
  }

  /** The plain bytes of all members. */
  public long plainLength() {
    return plainLength;
  }

  /**
   * Reads a block and verifies its checksum.
   *
   * @param channel the channel that the table was read from
   * @param member a member of this archive
   * @param entry a block of that member
   * @throws TrcCorruptedException if the block is damaged or is not what the table says
   * @throws io.trc.TrcUnsupportedException if it is intact but coded with an unknown method
   * @throws TrcMemoryLimitException if it is larger than the caller allows
   */
  public Block readBlock(SeekableByteChannel channel, Member member, BlockEntry entry)
      throws IOException {
    long end = entry.position() + entry.recordLength();
    Input in = new Input(new ChannelInput(channel, entry.position(), end), entry.position());
    in.begin("block " + entry.number(), entry.plainOffset());
    BlockHead head = BlockHead.decode(in, in.read(), member.header(), entry.number());
    if (head.plainLength() != entry.plainLength()
        || head.recordLength() != entry.recordLength()
        || (head.sole() && member.blocks().size() > 1)) {
      throw in.corrupted("it is not the block that the index lists there");
    }
    return Block.decode(in, head, member.header(), memoryLimit);
  }

  /** Whether a block claims to be a base, as its first byte says, which is not checked here. */
  public boolean isBase(SeekableByteChannel channel, BlockEntry entry) throws IOException {
    long end = entry.position() + 1;
    int type = new Input(new ChannelInput(channel, entry.position(), end), 0).read();
    return (type & Format.TYPE_BASE) != 0;
  }

  /** One pass over a file. */
  private static final class Walk {
    private final SeekableByteChannel channel;
    private final long size;
    private final boolean collecting;
    private final List<Member> members = new ArrayList<>();
    private final long memoryLimit;
    private long memoryLeft;
    private long plainLength;

    Walk(SeekableByteChannel channel, long memoryLimit, boolean collecting) throws IOException {
      this.channel = channel;
      this.size = channel.size();
      this.memoryLimit = memoryLimit;
      this.memoryLeft = memoryLimit;
      this.collecting = collecting;
    }

    void run() throws IOException {
      if (size == 0) {
        throw new TrcFormatException("not a .trc stream: the file is empty");
      }
      Deque<Tail> tails = new ArrayDeque<>();
      long end = size;
      for (Tail tail = tail(end); tail != null; tail = tail(end)) {
        if (collecting) {
          take(MEMBER_MEMORY);
          tails.push(tail);
        } else {
          plainLength = sum(plainLength, tail.footer().plainLength());
        }
        end = tail.position();
      }
      long position = 0;
      while (position < end) {
        position = walk(position, end);
      }
      for (Tail tail : tails) {
        readIndex(tail);
      }
    }

    /** The member that ends at a position, if its footer is there and all of it fits. */
    private @Nullable Tail tail(long paddedEnd) throws IOException {
      long end = withoutPadding(paddedEnd);
      if (end < Format.HEADER_LENGTH + Format.FOOTER_LENGTH) {
        return null;
      }
      Input in = input(end - Format.FOOTER_LENGTH, end);
      Footer footer = Footer.decode(in.readBytes(Format.FOOTER_LENGTH));
      if (footer == null
          || footer.memberLength() > end
          || footer.plainLength() < 1
          || footer.memberLength() < Format.HEADER_LENGTH + footer.endLength()) {
        return null;
      }
      long position = end - footer.memberLength();
      in = input(position, end);
      byte[] magic = in.readBytes(Format.MAGIC_LENGTH);
      if (!Format.matches(magic, magic.length)) {
        return null;
      }
      in = input(position, end);
      StreamHeader header = StreamHeader.decode(in);
      // A member without an index has no footer, whatever its last bytes look like.
      int type = in.read();
      if (header == null || type == Format.TYPE_END || (type & Format.TYPE_SOLE) != 0) {
        return null;
      }
      return new Tail(position, end, footer);
    }

    /** Where the zeros begin that end at a position, in whole units. A footer ends in none. */
    private long withoutPadding(long end) throws IOException {
      long last = end;
      int wanted = Format.PADDING_UNIT;
      while (last >= Format.PADDING_UNIT) {
        int length = (int) Math.min(last, wanted) & -Format.PADDING_UNIT;
        byte[] piece = input(last - length, last).readBytes(length);
        int from = length;
        while (from > 0 && isPadding(piece, from - Format.PADDING_UNIT)) {
          from -= Format.PADDING_UNIT;
        }
        last -= length - from;
        if (from > 0) {
          break;
        }
        wanted = Math.min(2 * wanted, PADDING_PIECE);
      }
      return last;
    }

    private static boolean isPadding(byte[] bytes, int offset) {
      for (int i = 0; i < Format.PADDING_UNIT; i++) {
        if (bytes[offset + i] != 0) {
          return false;
        }
      }
      return true;
    }

    /**
     * Goes over the member that begins at a position or behind zeros there, and returns where it
     * ends.
     */
    private long walk(long from, long end) throws IOException {
      Input in = input(from, end);
      StreamHeader header = StreamHeader.decode(in);
      if (header == null) {
        return end; // there was only padding
      }
      long start = in.start();
      IndexSum index = new IndexSum();
      List<BlockEntry> blocks = new ArrayList<>();
      long length = 0;
      long position = in.position();
      while (true) {
        in = input(position, end);
        in.begin("block " + index.count(), length);
        int type = in.read();
        if (type == Format.TYPE_END) {
          index.verify(in, start, length);
          position = in.position();
          break;
        }
        BlockHead head = BlockHead.decode(in, type, header, index.count());
        if (index.count() == Format.MAX_BLOCKS) {
          throw in.corrupted("a member has at most " + Format.MAX_BLOCKS + " blocks");
        }
        if (head.recordLength() > end - position) {
          throw in.corrupted(
              "truncated, it needs "
                  + head.recordLength()
                  + " bytes, "
                  + (end - position)
                  + " are there");
        }
        if (collecting) {
          take(ENTRY_MEMORY);
          blocks.add(
              new BlockEntry(
                  index.count(), position, head.recordLength(), length, head.plainLength()));
        }
        index.add(head.recordLength(), head.plainLength());
        length += head.plainLength();
        position += head.recordLength();
        if (head.sole()) {
          break;
        }
      }
      add(header, start, position - start, length, blocks);
      return position;
    }

    /** Takes over what the index of a member says, as far as it is possible. */
    private void readIndex(Tail tail) throws IOException {
      Footer footer = tail.footer();
      Input in = input(tail.position(), tail.end());
      StreamHeader header = header(in);
      long position = in.position();
      long start = tail.end() - Format.FOOTER_LENGTH - footer.endLength();
      in = input(start, tail.end() - Format.FOOTER_LENGTH);
      in.begin("index", footer.plainLength());
      if (in.read() != Format.TYPE_END) {
        throw in.corrupted("the footer points to no index");
      }
      long count = in.readVarint();
      if (count < 1
          || count > Format.MAX_BLOCKS
          || count > footer.endLength() / Format.MIN_INDEX_ENTRY_LENGTH
          || count > (start - position) / Format.MIN_RECORD_LENGTH) {
        throw in.corrupted("it counts " + count + " blocks");
      }
      take(count * ENTRY_MEMORY);
      List<BlockEntry> blocks = new ArrayList<>((int) count);
      long length = 0;
      for (int number = 0; number < count; number++) {
        long recordLength = in.readVarint();
        long blockLength = in.readVarint();
        if (blockLength < 1
            || blockLength > header.maxBlockLength()
            || recordLength < Format.MIN_RECORD_LENGTH
            || recordLength > blockLength + Format.MAX_RECORD_OVERHEAD) {
          throw in.corrupted("block " + number + " has an impossible length");
        }
        blocks.add(new BlockEntry(number, position, (int) recordLength, length, (int) blockLength));
        position += recordLength;
        length += blockLength;
      }
      in.verifyCrc();
      if (position != start
          || length != footer.plainLength()
          || in.position() != tail.end() - Format.FOOTER_LENGTH) {
        throw in.corrupted("its lengths do not sum up to the member's");
      }
      add(header, tail.position(), footer.memberLength(), length, blocks);
    }

    private void add(
        StreamHeader header, long start, long length, long plain, List<BlockEntry> blocks)
        throws TrcCorruptedException, TrcMemoryLimitException {
      if (collecting) {
        take(MEMBER_MEMORY);
        members.add(new Member(header, start, length, plainLength, plain, List.copyOf(blocks)));
      }
      plainLength = sum(plainLength, plain);
    }

    private static long sum(long first, long second) throws TrcCorruptedException {
      long sum = first + second;
      if (sum < 0) {
        throw new TrcCorruptedException("the members claim more than 2^63 plain bytes");
      }
      return sum;
    }

    private static StreamHeader header(Input in) throws IOException {
      StreamHeader header = StreamHeader.decode(in);
      if (header == null) {
        throw in.corrupted("truncated, the input ends at byte " + in.position());
      }
      return header;
    }

    private void take(long bytes) throws TrcMemoryLimitException {
      memoryLeft -= bytes;
      if (memoryLeft < 0) {
        throw new TrcMemoryLimitException(
            "the table of the archive's blocks needs more memory than the limit leaves",
            memoryLimit - memoryLeft,
            memoryLimit);
      }
    }

    private Input input(long start, long end) {
      return new Input(new ChannelInput(channel, start, end), start);
    }
  }
}
