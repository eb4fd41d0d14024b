package io.trc.member;

import io.trc.TrcCorruptedException;
import io.trc.TrcException;
import io.trc.container.Block;
import io.trc.mix.Learnt;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The first block of a member, and what it taught: blocks that are linked to it start from that.
 *
 * <p>Confined to one thread at a time.
 */
final class FirstBlock {
  /** Reads the block again. */
  interface Source {
    Block read() throws IOException;
  }

  private final Source source;
  private @Nullable Block block;
  private @Nullable Learnt learnt;

  /** The first block of a member that can be read at any time. */
  FirstBlock(Source source) {
    this.source = source;
  }

  /** The first block of a member that is read once, from its first block on. */
  FirstBlock() {
    this(
        () -> {
          throw new TrcCorruptedException("it was not the first to be read");
        });
  }

  /** Takes note that the block was read. */
  void is(Block block) {
    this.block = block;
  }

  /** True if a block is the one that {@link #is} told of, and has not taught anything yet. */
  boolean isNews(Block block) {
    return this.block == block && learnt == null && block.method().learns();
  }

  /** The block. */
  Block block() throws IOException {
    if (block == null) {
      try {
        block = source.read();
      } catch (TrcException e) {
        throw new TrcCorruptedException(
            "a block starts from what the first one of its member taught, which cannot be read: "
                + e.getMessage(),
            e);
      }
    }
    return block;
  }

  /** What the block taught, or null if it was not decoded yet. */
  @Nullable Learnt learnt() {
    return learnt;
  }

  /** Takes note of what the block taught; the block itself is not needed any more. */
  void taught(Learnt learnt) {
    this.learnt = learnt;
    block = null;
  }
}
