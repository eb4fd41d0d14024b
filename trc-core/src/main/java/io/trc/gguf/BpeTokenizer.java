package io.trc.gguf;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Byte-level BPE: the bytes of a word merge in the order that the model's merges are listed in. */
final class BpeTokenizer extends Tokenizer {
  /** Two pieces of text that merge. */
  record Merge(ByteBuffer left, ByteBuffer right) {}

  private static final long FREE = -1;

  private final WordRule rule;
  private final boolean wholeWords;
  private final Map<ByteBuffer, Integer> tokens = new HashMap<>();
  private final long[] pairs;
  private final long[] results;

  /**
   * @param pieces the bytes of each token
   * @param normal the tokens that merging may give
   * @param merges what merges, the first of them first
   * @param wholeWords whether a word that is a token is not merged together, but taken whole
   */
  BpeTokenizer(
      byte[][] pieces,
      PieceTrie added,
      int[] byteTokens,
      int[] normal,
      List<Merge> merges,
      WordRule rule,
      boolean wholeWords) {
    super(pieces, added, byteTokens);
    this.rule = rule;
    this.wholeWords = wholeWords;
    for (int token : normal) {
      tokens.putIfAbsent(ByteBuffer.wrap(pieces[token]), token);
    }
    pairs = new long[Integer.highestOneBit(Math.max(merges.size(), 1)) * 4];
    results = new long[pairs.length];
    Arrays.fill(pairs, FREE);
    for (int i = 0; i < merges.size(); i++) {
      Merge merge = merges.get(i);
      Integer left = tokens.get(merge.left);
      Integer right = tokens.get(merge.right);
      if (left == null || right == null) {
        continue;
      }
      ByteBuffer both = ByteBuffer.allocate(merge.left.remaining() + merge.right.remaining());
      both.put(merge.left.duplicate()).put(merge.right.duplicate()).flip();
      Integer token = tokens.get(both);
      int slot = slot(left, right);
      if (token != null && pairs[slot] == FREE) {
        pairs[slot] = pair(left, right);
        results[slot] = (long) i << 32 | token;
      }
    }
  }

  @Override
  int wordEnd(byte[] text, int from, int to) {
    return rule.end(text, from, to);
  }

  @Override
  int wholeWord(byte[] text, int from, int to) {
    return wholeWords ? tokens.getOrDefault(ByteBuffer.wrap(text, from, to - from), -1) : -1;
  }

  @Override
  void cut(Symbols symbols, int from, int to) {
    for (int i = from; i < to; i++) {
      symbols.append(i, i + 1, byteToken(symbols.text()[i]));
    }
  }

  @Override
  long merged(Symbols symbols, int left, int right) {
    int slot = slot(symbols.token(left), symbols.token(right));
    return pairs[slot] == FREE ? Symbols.NEVER : results[slot];
  }

  private int slot(int left, int right) {
    long pair = pair(left, right);
    int slot = (int) ((pair * 0x9E3779B97F4A7C15L) >>> 32) & (pairs.length - 1);
    while (pairs[slot] != FREE && pairs[slot] != pair) {
      slot = (slot + 1) & (pairs.length - 1);
    }
    return slot;
  }

  private static long pair(int left, int right) {
    // A symbol without a token, -1, is in no pair: the key is then none that was put in.
    return (long) left << 32 | (right & 0xFFFFFFFFL);
  }
}
