package io.trc.member;

import io.trc.TrcCorruptedException;
import io.trc.container.Block;
import io.trc.mix.Learnt;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The base blocks of a member, and what the last few taught that were decoded: a linked block
 * starts from the nearest base before it.
 *
 * <p>Confined to one thread at a time.
 */
final class Bases {
  /** Reads the blocks of a member in any order. */
  interface Source {
    Block read(int number) throws IOException;

    boolean isBase(int number) throws IOException;
  }

  private static final int MOST_REMEMBERED = 4;

  private final @Nullable Source source;

  /** The number of the last base of a stream, or -1, and what it taught. */
  private int number = -1;

  private @Nullable Learnt learnt;

  /** What the last few taught that can be had again: others may need the memory more. */
  private final Map<Integer, SoftReference<Learnt>> remembered =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, SoftReference<Learnt>> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /** The base found last, and the block up to which there is no other one behind it. */
  private int found = -1;

  private int lookedTo;

  private long again;

  /** Those of a member that is read once, from its first block on. */
  Bases() {
    source = null;
  }

  /** Those of a member of which any block can be read at any time. */
  Bases(Source source) {
    this.source = source;
  }

  /** The number of the nearest base before a block, which is the last one seen in a stream. */
  int before(int block) throws IOException {
    int base = source == null ? number : find(source, block);
    if (base < 0) {
      throw new TrcCorruptedException("there is no base before it");
    }
    return base;
  }

  private int find(Source source, int block) throws IOException {
    if (block <= found) {
      found = -1;
      lookedTo = 0;
    }
    for (int other = block - 1; other >= lookedTo; other--) {
      if (source.isBase(other)) {
        found = other;
        break;
      }
    }
    lookedTo = Math.max(lookedTo, block);
    return found;
  }

  /** What a base taught, if that is still known. */
  @Nullable Learnt known(int base) {
    if (source == null) {
      return learnt;
    }
    SoftReference<Learnt> known = remembered.get(base);
    return known == null ? null : known.get();
  }

  /** Reads a base for what it teaches. */
  Block read(int base) throws IOException {
    if (source == null) {
      throw new IllegalStateException("what the last base of a stream taught is always known");
    }
    Block block = source.read(base);
    if (!block.isBase()) {
      throw new TrcCorruptedException("it is no base");
    }
    return block;
  }

  /** Takes note that a base was decoded for what it teaches only. */
  void decodedAgain(Block base) {
    again += base.plainLength();
  }

  /** Takes note of what a base taught. */
  void learnt(int base, Learnt learnt) {
    if (source == null) {
      number = base;
      this.learnt = learnt;
    } else {
      remembered.remove(base);
      remembered.put(base, new SoftReference<>(learnt));
    }
  }

  /** The plain bytes of bases that were decoded only for what they teach. */
  long again() {
    return again;
  }
}
