package io.trc;

import io.trc.container.Archive;
import io.trc.container.Block;
import io.trc.container.BlockEntry;
import io.trc.container.Member;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads any block of a .trc file, decoding no other, and keeps the last few.
 *
 * <p>Confined to one thread at a time.
 */
final class ArchiveReader implements AutoCloseable {
  /** Decoded blocks are kept up to this many plain bytes, or one block if that is more. */
  private static final long CACHE = 1 << 20;

  private final SeekableByteChannel channel;
  private final TrcOptions options;
  private final Archive archive;
  private final List<Member> members;
  private final Map<Place, byte[]> cache = new LinkedHashMap<>(16, 0.75f, true);
  private long cached;
  private long decoded;
  private @Nullable MemberDecoder decoder;

  /** Where a block is: its member and its number there. */
  private record Place(int member, int block) {}

  ArchiveReader(SeekableByteChannel channel, TrcOptions options) throws IOException {
    this.channel = channel;
    this.options = options;
    this.archive = Archive.read(channel, options.memoryLimit());
    this.members = archive.members();
  }

  long plainLength() {
    return archive.plainLength();
  }

  /** The plain bytes that were decoded so far, as a measure of work. */
  long decodedBytes() {
    return decoded;
  }

  /**
   * Copies plain bytes from a position, up to the end of the block that holds it.
   *
   * @return the number of bytes copied, at least 1, or -1 at the end
   */
  int read(long position, byte[] bytes, int offset, int length) throws IOException {
    if (position >= plainLength()) {
      return -1;
    }
    int m = memberAt(position);
    Member member = members.get(m);
    long inMember = position - member.plainOffset();
    int b = blockAt(member.blocks(), inMember);
    BlockEntry entry = member.blocks().get(b);
    byte[] plain = block(new Place(m, b), member, entry);
    int from = (int) (inMember - entry.plainOffset());
    int part = Math.min(length, plain.length - from);
    System.arraycopy(plain, from, bytes, offset, part);
    return part;
  }

  /** The last member that begins at or before the position and is not empty there. */
  private int memberAt(long position) {
    int low = 0;
    int high = members.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (members.get(middle).plainOffset() <= position) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private static int blockAt(List<BlockEntry> blocks, long position) {
    int low = 0;
    int high = blocks.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (blocks.get(middle).plainOffset() <= position) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private byte[] block(Place place, Member member, BlockEntry entry) throws IOException {
    byte[] known = cache.get(place);
    if (known != null) {
      return known;
    }
    if (decoder == null || !decoder.header().equals(member.header())) {
      closeDecoder();
      decoder = new MemberDecoder(member.header(), options);
    }
    List<Block> one = new ArrayList<>();
    one.add(archive.readBlock(channel, member, entry));
    byte[] plain = decoder.decode(one).get(0);
    decoded += plain.length;
    cache.put(place, plain);
    cached += plain.length;
    while (cached > CACHE && cache.size() > 1) {
      Place oldest = cache.keySet().iterator().next();
      byte[] removed = cache.remove(oldest);
      cached -= removed == null ? 0 : removed.length;
    }
    return plain;
  }

  private void closeDecoder() {
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
  }

  @Override
  public void close() {
    cache.clear();
    closeDecoder();
  }
}
