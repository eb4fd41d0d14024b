package io.trc.hadoop;

import io.trc.TrcIndex;
import io.trc.TrcOptions;
import io.trc.TrcSeekableInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.io.compress.SplitCompressionInputStream;

/** The blocks of a file from a place on; see {@link TrcCodec#createInputStream}. */
final class SplitInputStream extends SplitCompressionInputStream {
  private final InputChannel channel;
  private final List<TrcIndex.Block> blocks;
  private final TrcSeekableInputStream plain;
  private final FileName name;
  private final byte[] single = new byte[1];

  /** The number of the first block of the part, and that of the first one behind it. */
  private final int first;

  private final int behind;

  /** The block that is read next, or whose first byte was handed out. */
  private int block;

  /** Where that block ends in plain bytes; all before it are handed out if it was not begun. */
  private long blockEnd;

  private long place;
  private boolean closed;

  SplitInputStream(
      InputStream in,
      InputChannel channel,
      TrcIndex index,
      TrcOptions options,
      long start,
      long end,
      FileName name)
      throws IOException {
    super(in, start, end);
    this.channel = channel;
    this.name = name;
    blocks = index.blocks();
    first = firstFrom(start);
    behind = firstFrom(end);
    setStart(startOf(first, start));
    setEnd(startOf(behind, end));
    plain = new TrcSeekableInputStream(channel, options, index);
    if (behind < blocks.size()) {
      plain.limitAhead(blocks.get(behind).plainOffset());
    }
    rewind();
  }

  /** The number of the first block that begins at or behind a position in the file. */
  private int firstFrom(long position) {
    int low = 0;
    int high = blocks.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (placeOf(middle) < position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Where a block counts as being: the header belongs to the first one. */
  private long placeOf(int number) {
    return number == 0 ? 0 : blocks.get(number).position();
  }

  private long startOf(int number, long bound) {
    if (number < blocks.size()) {
      return placeOf(number);
    }
    return bound == 0 ? 0 : channel.size();
  }

  private void rewind() throws IOException {
    block = first - 1;
    blockEnd = first < blocks.size() ? blocks.get(first).plainOffset() : plain.length();
    plain.seek(blockEnd);
    place = getAdjustedStart();
  }

  @Override
  public int read() throws IOException {
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    check();
    if (length == 0) {
      return 0;
    }
    // Records that begin in no block belong to the parts around this one.
    if (first == behind) {
      return -1;
    }
    boolean anew = plain.position() == blockEnd;
    if (anew && block + 1 == blocks.size()) {
      place = Math.max(place, channel.size());
      return -1;
    }
    int count = name.read(plain, bytes, offset, anew ? 1 : length);
    if (anew) {
      block++;
      TrcIndex.Block begun = blocks.get(block);
      blockEnd = begun.plainOffset() + begun.plainLength();
      place = placeOf(block) + 1;
    }
    return count;
  }

  /** Where the block begins that the last byte came from, and one more. */
  @Override
  public long getPos() {
    return place;
  }

  /** Goes back to where the part begins. */
  @Override
  public void resetState() throws IOException {
    check();
    rewind();
  }

  private void check() throws IOException {
    if (closed) {
      throw new IOException("the stream is closed");
    }
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      try {
        plain.close();
      } finally {
        super.close();
      }
    }
  }
}
