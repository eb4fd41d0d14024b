package io.trc.member;

import io.trc.TrcCorruptedException;
import io.trc.TrcException;
import io.trc.container.Block;
import io.trc.mix.Learnt;
import java.io.IOException;
import java.lang.ref.SoftReference;
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

  /** Held while it is certain to be of use. */
  private @Nullable Learnt learnt;

  /** Where the block can be read again, others may need the memory more. */
  private SoftReference<Learnt> remembered = new SoftReference<>(null);

  private final boolean again;

  /** The first block of a member that can be read at any time. */
  FirstBlock(Source source) {
    this(source, true);
  }

  /** The first block of a member that is read once, from its first block on. */
  FirstBlock() {
    this(
        () -> {
          throw new TrcCorruptedException("it was not the first to be read");
        },
        false);
  }

  private FirstBlock(Source source, boolean again) {
    this.source = source;
    this.again = again;
  }

  /** Takes note that the block was read. */
  void is(Block block) {
    this.block = block;
  }

  /** True if a block is the one that {@link #is} told of, and has not taught anything yet. */
  boolean isNews(Block block) {
    return this.block == block && learnt() == null && block.method().learns();
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

  /** What the block taught, or null if it was not decoded yet, or too long ago. */
  @Nullable Learnt learnt() {
    return learnt == null ? remembered.get() : learnt;
  }

  /** Takes note of what the block taught; the block itself is not needed any more. */
  void taught(Learnt learnt) {
    remembered = new SoftReference<>(learnt);
    this.learnt = again ? null : learnt;
    block = null;
  }
}
