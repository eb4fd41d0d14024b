package io.trc;

import io.trc.container.Archive;
import io.trc.container.BlockEntry;
import io.trc.container.Member;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the blocks of a .trc file lie, so that several readers can share its work between them.
 *
 * <pre>{@code
 * TrcIndex index = TrcIndex.read(Path.of("book.txt.trc"));
 * for (TrcIndex.Block block : index.blocks()) {
 *   System.out.println(block.position() + " holds " + block.plainLength() + " bytes");
 * }
 * }</pre>
 *
 * <p>Reading it costs a few reads at the end of the file, and one for each block only where a
 * stream was written piece by piece; no model is needed and nothing is decoded. Immutable and safe
 * for use by several threads, which may read the file through a {@link TrcSeekableInputStream}
 * each.
 */
public final class TrcIndex {
  private final Archive archive;
  private final List<Block> blocks;

  private TrcIndex(Archive archive) {
    this.archive = archive;
    List<Block> all = new ArrayList<>();
    for (Member member : archive.members()) {
      for (BlockEntry entry : member.blocks()) {
        long plainOffset = member.plainOffset() + entry.plainOffset();
        all.add(
            new Block(entry.position(), entry.recordLength(), plainOffset, entry.plainLength()));
      }
    }
    blocks = List.copyOf(all);
  }

  /**
   * A block: what is decoded as a whole.
   *
   * @param position its first byte in the file
   * @param length its bytes there
   * @param plainOffset its first plain byte in all those of the file
   * @param plainLength its plain bytes, at least one
   */
  public record Block(long position, int length, long plainOffset, int plainLength) {}

  /**
   * Reads the index of a file.
   *
   * @throws TrcFormatException if it is no .trc file
   * @throws TrcCorruptedException if it is damaged or truncated
   */
  public static TrcIndex read(Path file) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      return read(channel, TrcOptions.DEFAULT);
    }
  }

  /**
   * Reads the index of a file, of which the channel stays open.
   *
   * @param channel the file, from its byte 0 to its size
   * @param options of which the memory limit matters here
   * @throws TrcMemoryLimitException if the index is larger than that
   */
  public static TrcIndex read(SeekableByteChannel channel, TrcOptions options) throws IOException {
    return new TrcIndex(Archive.read(channel, options.memoryLimit()));
  }

  /** The plain bytes of the file. */
  public long plainLength() {
    return archive.plainLength();
  }

  /** The blocks in order; none for an empty file. */
  public List<Block> blocks() {
    return blocks;
  }

  Archive archive() {
    return archive;
  }
}
