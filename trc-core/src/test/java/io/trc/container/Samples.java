package io.trc.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Members and the blocks read from them, for the tests of this package. */
final class Samples {
  static final StreamHeader PLAIN = new StreamHeader(18, null);
  static final StreamHeader MODEL =
      new StreamHeader(22, new ModelReference(0x0123456789ABCDEFL, 1, 0xCAFEBABE, false, 10));

  private Samples() {}

  static byte[] bytes(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Blocks of all methods that the header allows, one after the other. */
  static List<Block> blocks(StreamHeader header, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BlockMethod[] methods = BlockMethod.values();
    int allowed = header.model() == null ? 2 : methods.length;
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] plain = bytes(random, random.nextInt(1, 24));
      BlockMethod method = methods[i % allowed];
      byte[] payload =
          method == BlockMethod.STORED ? plain : bytes(random, random.nextInt(0, plain.length + 1));
      blocks.add(Block.coded(method, plain, 0, plain.length, payload));
    }
    return blocks;
  }

  static byte[] member(StreamHeader header, List<Block> blocks) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      MemberWriter writer = new MemberWriter(out, header);
      for (Block block : blocks) {
        writer.write(block);
      }
      writer.finish();
      assertThat(writer.written()).isEqualTo(out.size());
      return out.toByteArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] member(StreamHeader header, int count, long seed) {
    return member(header, blocks(header, count, seed));
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** Reads all members of a stream to its end. */
  static List<Block> stream(byte[] bytes) throws IOException {
    return stream(new ByteArrayInputStream(bytes));
  }

  static List<Block> stream(InputStream in) throws IOException {
    List<Block> blocks = new ArrayList<>();
    long position = 0;
    for (MemberReader member = MemberReader.open(in, position, 1 << 27);
        member != null;
        member = MemberReader.open(in, position, 1 << 27)) {
      for (Block block = member.next(); block != null; block = member.next()) {
        blocks.add(block);
      }
      position += member.read();
    }
    return blocks;
  }

  /** Reads the table of a file and all blocks that it lists. */
  static List<Block> archive(byte[] bytes) throws IOException {
    List<Block> blocks = new ArrayList<>();
    try (SeekableByteChannel channel = new ByteChannel(bytes)) {
      Archive archive = Archive.read(channel, 1 << 27);
      for (Member member : archive.members()) {
        for (BlockEntry entry : member.blocks()) {
          blocks.add(archive.readBlock(channel, member, entry));
        }
      }
    }
    return blocks;
  }

  static void assertSame(List<Block> actual, List<Block> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i).method()).isEqualTo(expected.get(i).method());
      assertThat(actual.get(i).plainLength()).isEqualTo(expected.get(i).plainLength());
      assertThat(actual.get(i).plainCheck()).isEqualTo(expected.get(i).plainCheck());
      assertThat(actual.get(i).payload()).isEqualTo(expected.get(i).payload());
    }
  }

  /** A channel over bytes that gives at most 37 of them at once and counts what it gave. */
  static final class ByteChannel implements SeekableByteChannel {
    private final byte[] bytes;
    private int position;
    private boolean open = true;
    int given;
    int largestArray;

    ByteChannel(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read(ByteBuffer target) {
      largestArray = Math.max(largestArray, target.capacity());
      if (position >= bytes.length) {
        return -1;
      }
      int count = Math.min(37, Math.min(target.remaining(), bytes.length - position));
      target.put(bytes, position, count);
      position += count;
      given += count;
      return count;
    }

    @Override
    public int write(ByteBuffer source) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) {
      position = Math.toIntExact(newPosition);
      return this;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }
  }

  /** A stream that gives one to three bytes at a time, and now and then none. */
  static final class ShortReads extends InputStream {
    private final InputStream in;
    private final SplittableRandom random = new SplittableRandom(5);

    ShortReads(byte[] bytes) {
      this.in = new ByteArrayInputStream(bytes);
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = random.nextInt(4);
      return count == 0 ? 0 : in.read(target, offset, Math.min(count, length));
    }
  }

  static byte[] cut(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }

  /** A stream of which nothing can be read. */
  static final class Failing extends InputStream {
    private final IOException failure;

    Failing(IOException failure) {
      this.failure = failure;
    }

    @Override
    public int read() throws IOException {
      throw failure;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      throw failure;
    }
  }

  /** A stream over bytes that notes the largest array it was given to fill. */
  static final class ByteStream extends InputStream {
    private final InputStream in;
    int largestArray;

    ByteStream(byte[] bytes) {
      this.in = new ByteArrayInputStream(bytes);
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      largestArray = Math.max(largestArray, target.length);
      return in.read(target, offset, length);
    }
  }
}
