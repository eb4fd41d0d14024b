package io.trc.gguf;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts bytes into tokens: user-defined pieces first, the leftmost and longest; what lies between
 * them into words that no token crosses; a word into symbols, which are then merged pair by pair,
 * the best pair first and the leftmost of equals. What stays without a token is said byte by byte.
 *
 * <p>Takes O(n log n) on any input: a word is {@link #MAX_WORD} bytes at most, and pairs wait in a
 * heap. Immutable; each call has its own {@link Symbols}.
 */
abstract class Tokenizer {
  /** Longer words are cut there, which bounds the memory of a call. */
  static final int MAX_WORD = 1 << 14;

  /** Longer pieces are never looked for, which bounds the time. */
  static final int MAX_PIECE = 256;

  private static final int MAX_CACHED_WORD = 64;

  private final byte[][] pieces;
  private final PieceTrie added;
  private final int[] byteTokens;

  /**
   * @param pieces the bytes of each token
   * @param added the pieces that are cut out before all others
   * @param byteTokens the token of each single byte, or -1
   */
  Tokenizer(byte[][] pieces, PieceTrie added, int[] byteTokens) {
    this.pieces = pieces;
    this.added = added;
    this.byteTokens = byteTokens;
  }

  /** Where the word ends that starts at {@code from}: beyond it, at {@code to} at most. */
  abstract int wordEnd(byte[] text, int from, int to);

  /** The token that a whole word is, without merging; or -1. */
  abstract int wholeWord(byte[] text, int from, int to);

  /** Cuts a word into the symbols that merging starts from. */
  abstract void cut(Symbols symbols, int from, int to);

  /**
   * How two neighbours merge: their order in the upper half, the lower the earlier, and the token
   * in the lower half; or {@link Symbols#NEVER}.
   */
  abstract long merged(Symbols symbols, int left, int right);

  /** Cuts bytes into tokens, or returns null where a byte has no token. */
  final int @Nullable [] tokenize(byte[] text, int offset, int length) {
    return new Run(text, offset, offset + length).tokens();
  }

  /** The token of one byte, or -1. */
  final int byteToken(byte value) {
    return byteTokens[value & 0xFF];
  }

  /** One call's state: the tokens so far, and where equal words were seen before. */
  private final class Run {
    private final byte[] text;
    private final int end;
    private final int begin;
    private final Symbols symbols;
    private final int[] seenWord;
    private final int[] seenLength;
    private final int[] seenTokens;
    private final int[] seenCount;
    private int[] tokens;
    private int count;

    Run(byte[] text, int begin, int end) {
      this.text = text;
      this.begin = begin;
      this.end = end;
      this.symbols = new Symbols(text);
      this.tokens = new int[16 + (end - begin) / 3];
      int size = Integer.highestOneBit(Math.max(16, Math.min((end - begin) / 8, 8192)));
      seenWord = new int[size];
      seenLength = new int[size];
      seenTokens = new int[size];
      seenCount = new int[size];
    }

    int @Nullable [] tokens() {
      int from = begin;
      for (int i = begin; i < end; ) {
        int token = added.starts(text[i]) ? added.longest(text, i, end) : -1;
        if (token < 0) {
          i++;
          continue;
        }
        if (!words(from, i)) {
          return null;
        }
        append(token);
        i += pieces[token].length;
        from = i;
      }
      if (!words(from, end)) {
        return null;
      }
      return proven(Arrays.copyOf(tokens, count));
    }

    private boolean words(int from, int to) {
      for (int i = from; i < to; ) {
        int next = wordEnd(text, i, i + Math.min(to - i, MAX_WORD));
        if (!word(i, next)) {
          return false;
        }
        i = next;
      }
      return true;
    }

    private boolean word(int from, int to) {
      int length = to - from;
      if (length == 1 || length > MAX_CACHED_WORD) {
        return merge(from, to);
      }
      int hash = 0;
      for (int i = from; i < to; i++) {
        hash = hash * 31 + text[i];
      }
      int slot = ((hash * 0x9E3779B9) >>> 8) & (seenWord.length - 1);
      int seen = seenWord[slot];
      if (seenLength[slot] == length && Arrays.equals(text, seen, seen + length, text, from, to)) {
        reserve(seenCount[slot]);
        System.arraycopy(tokens, seenTokens[slot], tokens, count, seenCount[slot]);
        count += seenCount[slot];
        return true;
      }
      int first = count;
      if (!merge(from, to)) {
        return false;
      }
      seenWord[slot] = from;
      seenLength[slot] = length;
      seenTokens[slot] = first;
      seenCount[slot] = count - first;
      return true;
    }

    private boolean merge(int from, int to) {
      int whole = wholeWord(text, from, to);
      if (whole >= 0) {
        append(whole);
        return true;
      }
      symbols.clear();
      cut(symbols, from, to);
      symbols.merge(Tokenizer.this);
      for (int s = 0; s >= 0; s = symbols.next(s)) {
        if (symbols.token(s) >= 0) {
          append(symbols.token(s));
          continue;
        }
        for (int i = symbols.start(s); i < symbols.end(s); i++) {
          int token = byteToken(text[i]);
          if (token < 0) {
            return false;
          }
          append(token);
        }
      }
      return true;
    }

    private void append(int token) {
      reserve(1);
      tokens[count++] = token;
    }

    private void reserve(int more) {
      if (count + more > tokens.length) {
        tokens = Arrays.copyOf(tokens, Math.max(count + more, tokens.length * 2));
      }
    }

    /** Puts the tokens' bytes together again: whatever went before, only the same text passes. */
    private int[] proven(int[] result) {
      int i = begin;
      for (int token : result) {
        byte[] piece = pieces[token];
        int next = i + piece.length;
        if (next > end || !Arrays.equals(piece, 0, piece.length, text, i, next)) {
          throw new IllegalStateException("token " + token + " is not the text at " + i);
        }
        i = next;
      }
      if (i != end) {
        throw new IllegalStateException("the tokens end at " + i + " of " + end);
      }
      return result;
    }
  }
}
