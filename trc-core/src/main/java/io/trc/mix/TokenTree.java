package io.trc.mix;

import io.trc.predict.Vocabulary;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.stream.IntStream;

/**
 * A vocabulary as a tree of binary decisions. Its tokens lie in the order of their bytes, so that
 * all that begin alike lie side by side; a node halves such a range by the next decision in which
 * its tokens differ: whether the token ends, or a bit of a byte, the highest first. Decisions that
 * have one outcome only are no nodes.
 *
 * <p>Tokens with the same bytes are one leaf; tokens without bytes are none. Immutable and safe for
 * use by several threads.
 */
public final class TokenTree {
  private final byte[][] bytes;
  private final int[] ids;
  private final int[] placeOf;
  private final int[] tokenOf;
  private final int first;

  // Of each node; a child that is no node but a leaf is the complement of its place.
  private final int[] low;
  private final int[] split;
  private final int[] high;
  private final int[] decision;
  private final int[] depth;
  private final int[] zero;
  private final int[] one;
  private int nodes;
  private final int root;

  /** Trees live as long as their vocabularies, and are shared. */
  private static final Map<Vocabulary, TokenTree> KNOWN = new WeakHashMap<>();

  /** A range of places, and where to note the node for it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Range(int low, int high, int[] parents, int parent) {}

  TokenTree(Vocabulary vocabulary) {
    int size = vocabulary.size();
    ids =
        IntStream.range(0, size)
            .boxed()
            .sorted(
                Comparator.<Integer, byte[]>comparing(vocabulary::bytes, Arrays::compareUnsigned)
                    .thenComparing(Comparator.naturalOrder()))
            .mapToInt(Integer::intValue)
            .toArray();
    bytes = new byte[size][];
    placeOf = new int[size];
    tokenOf = new int[size];
    int empty = 0;
    for (int place = 0; place < size; place++) {
      bytes[place] = vocabulary.bytes(ids[place]);
      boolean again = place > 0 && Arrays.equals(bytes[place], bytes[place - 1]);
      int leaf = again ? placeOf[ids[place - 1]] : place;
      placeOf[ids[place]] = leaf;
      boolean better =
          again && vocabulary.isByteToken(tokenOf[leaf]) && !vocabulary.isByteToken(ids[place]);
      if (!again || better) {
        tokenOf[leaf] = ids[place];
      }
      empty += bytes[place].length == 0 ? 1 : 0;
    }
    first = empty;
    low = new int[size];
    split = new int[size];
    high = new int[size];
    decision = new int[size];
    depth = new int[size];
    zero = new int[size];
    one = new int[size];
    root = build(size);
  }

  /** The tree of a vocabulary, made when it is first asked for. */
  public static TokenTree of(Vocabulary vocabulary) {
    synchronized (KNOWN) {
      return KNOWN.computeIfAbsent(vocabulary, TokenTree::new);
    }
  }

  private int build(int size) {
    int[] top = {~first};
    ArrayDeque<Range> ranges = new ArrayDeque<>();
    if (first < size) {
      ranges.push(new Range(first, size, top, 0));
    }
    while (!ranges.isEmpty()) {
      Range range = ranges.pop();
      byte[] least = bytes[range.low];
      byte[] greatest = bytes[range.high - 1];
      int same = Arrays.mismatch(least, greatest);
      if (same < 0) {
        range.parents[range.parent] = ~range.low;
        continue;
      }
      int node = nodes++;
      range.parents[range.parent] = node;
      low[node] = range.low;
      high[node] = range.high;
      depth[node] = same;
      if (same == least.length) {
        int end = range.low;
        while (bytes[end].length == same) {
          end++;
        }
        decision[node] = 0;
        split[node] = end;
        ranges.push(new Range(end, range.high, zero, node));
        ranges.push(new Range(range.low, end, one, node));
      } else {
        int a = least[same] & 0xff;
        int bit = 31 - Integer.numberOfLeadingZeros(a ^ (greatest[same] & 0xff));
        decision[node] = (a | 256) >> (bit + 1);
        int middle = range.low;
        while (((bytes[middle][same] >> bit) & 1) == 0) {
          middle++;
        }
        split[node] = middle;
        ranges.push(new Range(middle, range.high, one, node));
        ranges.push(new Range(range.low, middle, zero, node));
      }
    }
    return top[0];
  }

  /** The node to begin with, or the complement of the place of the only leaf. */
  public int root() {
    return root;
  }

  /** The decision of a node: 0 for the token's end, else the byte's bits behind a leading 1. */
  public int decision(int node) {
    return decision[node];
  }

  /** The bytes that all tokens of a node begin with. */
  public int depth(int node) {
    return depth[node];
  }

  /** One of the tokens of a node, by its place. */
  public int somePlace(int node) {
    return low[node];
  }

  /** What follows an outcome: a node, or the complement of a place. */
  public int next(int node, int outcome) {
    return outcome != 0 ? one[node] : zero[node];
  }

  /** The first place of a node. */
  int low(int node) {
    return low[node];
  }

  /** The first place of the upper side of a node. */
  int split(int node) {
    return split[node];
  }

  /** The place behind the last one of a node. */
  int high(int node) {
    return high[node];
  }

  /** Whether an outcome leads to the lower side of a node. */
  boolean isLower(int node, int outcome) {
    return (outcome != 0) == (decision[node] == 0);
  }

  /** The outcome at a node that leads to a place. */
  public int outcome(int node, int place) {
    return isLower(node, 1) == (place < split[node]) ? 1 : 0;
  }

  /** The number of tokens. */
  public int size() {
    return ids.length;
  }

  /** The first place whose token has bytes. */
  public int first() {
    return first;
  }

  /** The tokens in the order of their places; not a copy. */
  int[] ids() {
    return ids;
  }

  /**
   * The token of a leaf's place. Of those with the same bytes it is the first that is no byte
   * token, if there is one, since a model has hardly seen the others.
   */
  public int token(int place) {
    return tokenOf[place];
  }

  /** The token that is coded in place of one with the same bytes. */
  public int canonical(int token) {
    return bytes[placeOf[token]].length == 0 ? token : token(placeOf[token]);
  }

  /** The bytes of the token at a place; not a copy. */
  public byte[] bytes(int place) {
    return bytes[place];
  }

  /** The place of a token; of those with the same bytes, the first. */
  public int placeOf(int token) {
    return placeOf[token];
  }
}
