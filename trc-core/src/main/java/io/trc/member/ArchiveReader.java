package io.trc.member;

import io.trc.TrcException;
import io.trc.container.Archive;
import io.trc.container.Block;
import io.trc.container.BlockEntry;
import io.trc.container.Member;
import io.trc.container.StreamHeader;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads any block of a .trc file, decoding no other, and keeps the last few. Where blocks are read
 * one after the other, more and more of those that follow are decoded with them, side by side.
 *
 * <p>Confined to one thread at a time; it uses several itself.
 */
public final class ArchiveReader implements AutoCloseable {
  /** Decoded blocks are kept up to this many plain bytes, or those decoded last if that is more. */
  private static final long CACHE = 1 << 20;

  private final SeekableByteChannel channel;
  private final Plan plan;
  private final Archive archive;
  private final List<Place> places = new ArrayList<>();
  private final Map<Integer, byte[]> cache = new LinkedHashMap<>(16, 0.75f, true);
  private long cached;
  private long decoded;
  private final ReadAhead ahead;

  /** The block with which reading went on in order. */
  private int next;

  private long aheadLimit = Long.MAX_VALUE;
  private @Nullable MemberDecoder decoder;

  /** Where the member begins that was read last, and its bases. */
  private long member = -1;

  private Bases bases = new Bases();

  /** A block of a member. */
  private record Place(Member member, BlockEntry entry) {
    long plainOffset() {
      return member.plainOffset() + entry.plainOffset();
    }
  }

  /** Reads the blocks of a file whose table was read; the channel stays open. */
  public ArchiveReader(SeekableByteChannel channel, Archive archive, Plan plan) {
    this.channel = channel;
    this.plan = plan;
    this.archive = archive;
    ahead = new ReadAhead(plan);
    for (Member member : archive.members()) {
      member.blocks().forEach(entry -> places.add(new Place(member, entry)));
    }
  }

  /** The plain bytes of the file. */
  public long plainLength() {
    return archive.plainLength();
  }

  /** The plain bytes that were decoded so far, as a measure of work. */
  public long decodedBytes() {
    return decoded;
  }

  /** Blocks that begin at or after this plain position are not decoded before they are wanted. */
  public void limitAhead(long position) {
    aheadLimit = position;
  }

  /**
   * Copies plain bytes from a position, up to the end of the block that holds it.
   *
   * @return the number of bytes copied, at least 1, or -1 at the end
   */
  public int read(long position, byte[] bytes, int offset, int length) throws IOException {
    if (position >= plainLength()) {
      return -1;
    }
    int number = numberAt(position);
    byte[] plain = block(number);
    int from = (int) (position - places.get(number).plainOffset());
    int part = Math.min(length, plain.length - from);
    System.arraycopy(plain, from, bytes, offset, part);
    return part;
  }

  private int numberAt(long position) {
    int low = 0;
    int high = places.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (places.get(middle).plainOffset() <= position) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private byte[] block(int number) throws IOException {
    byte[] known = cache.get(number);
    if (known != null) {
      return known;
    }
    if (number != next) {
      ahead.jump();
    }
    StreamHeader header = places.get(number).member.header();
    enter(places.get(number).member);
    List<Block> batch = batch(number);
    MemberDecoder blocks = MemberDecoder.instead(decoder, header, plan);
    decoder = blocks;
    int inMember = places.get(number).entry.number();
    long before = bases.again();
    List<byte[]> plain;
    try {
      plain = blocks.decode(batch, inMember, bases);
    } catch (TrcException e) {
      if (batch.size() == 1) {
        throw e;
      }
      plain =
          blocks.decode(
              batch.subList(0, 1), inMember, bases); // the fault may be behind what is wanted
    }
    keep(number, plain);
    decoded += bases.again() - before;
    next = number + plain.size();
    return plain.get(0);
  }

  private void enter(Member next) {
    if (member != next.position()) {
      member = next.position();
      bases = new Bases(new InMember(next));
    }
  }

  /** Reads the bases of a member. */
  private final class InMember implements Bases.Source {
    private final Member member;

    InMember(Member member) {
      this.member = member;
    }

    @Override
    public Block read(int number) throws IOException {
      return archive.readBlock(channel, member, member.blocks().get(number));
    }

    @Override
    public boolean isBase(int number) throws IOException {
      return archive.isBase(channel, member.blocks().get(number));
    }
  }

  /** The block, and those behind it in its member that are to be decoded with it. */
  private List<Block> batch(int from) throws IOException {
    List<Block> batch = new ArrayList<>();
    ahead.begin();
    for (int number = from; number < places.size() && ahead.wantsMore(); number++) {
      Place place = places.get(number);
      boolean beyond = place.plainOffset() >= aheadLimit || place.member.position() != member;
      if (beyond && number > from) {
        break;
      }
      try {
        Block block = archive.readBlock(channel, place.member, place.entry);
        batch.add(block);
        ahead.add(block);
      } catch (TrcException e) {
        if (number == from) {
          throw e;
        }
        break; // thrown when it is wanted
      }
    }
    ahead.end();
    return batch;
  }

  private void keep(int number, List<byte[]> plain) {
    long fresh = 0;
    for (int i = 0; i < plain.size(); i++) {
      byte[] before = cache.put(number + i, plain.get(i));
      fresh += plain.get(i).length;
      cached -= before == null ? 0 : before.length;
    }
    cached += fresh;
    decoded += fresh;
    Iterator<byte[]> oldest = cache.values().iterator();
    while (cached > Math.max(CACHE, fresh)) {
      cached -= oldest.next().length;
      oldest.remove();
    }
  }

  @Override
  public void close() {
    cache.clear();
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
  }
}
