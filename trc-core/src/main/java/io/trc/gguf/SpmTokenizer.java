package io.trc.gguf;

import java.util.Arrays;

/**
 * SentencePiece's BPE, as llama.cpp does it: characters merge into the piece of the highest score.
 * Spaces are spaces here, where SentencePiece writes U+2581.
 */
final class SpmTokenizer extends Tokenizer {
  private final byte[][] pieces;
  private final int[] order;
  private final int[] table;
  private final int longest;

  /** Whether two bytes are neighbours in any piece: where they are not, a word ends. */
  private final boolean[] neighbours = new boolean[1 << 16];

  /**
   * @param pieces the bytes of each token
   * @param normal the tokens that merging may give, the preferred ones of equal bytes first
   * @param scores the score of each token
   */
  SpmTokenizer(byte[][] pieces, PieceTrie added, int[] byteTokens, int[] normal, float[] scores) {
    super(pieces, added, byteTokens);
    this.pieces = pieces;
    order = new int[pieces.length];
    table = new int[Integer.highestOneBit(Math.max(normal.length, 1)) * 4];
    Arrays.fill(table, -1);
    int longestPiece = 0;
    for (int token : normal) {
      byte[] piece = pieces[token];
      if (piece.length == 0 || piece.length > MAX_PIECE) {
        continue;
      }
      longestPiece = Math.max(longestPiece, piece.length);
      order[token] = descending(scores[token]);
      int slot = slot(piece, 0, piece.length);
      if (table[slot] < 0) {
        table[slot] = token;
      }
      for (int i = 1; i < piece.length; i++) {
        neighbours[(piece[i - 1] & 0xFF) << 8 | (piece[i] & 0xFF)] = true;
      }
    }
    longest = longestPiece;
  }

  @Override
  int wordEnd(byte[] text, int from, int to) {
    int end = from + 1;
    while (end < to && neighbours[(text[end - 1] & 0xFF) << 8 | (text[end] & 0xFF)]) {
      end++;
    }
    if (end - from == MAX_WORD) {
      // Too long: cut between characters, if these are any.
      for (int i = 0; i < 3 && end < text.length && (text[end] & 0xC0) == 0x80; i++) {
        end--;
      }
    }
    return end;
  }

  @Override
  int wholeWord(byte[] text, int from, int to) {
    return -1;
  }

  @Override
  void cut(Symbols symbols, int from, int to) {
    byte[] text = symbols.text();
    for (int i = from; i < to; ) {
      int next = i + Utf8.length(text, i, to);
      symbols.append(i, next, token(text, i, next));
      i = next;
    }
  }

  @Override
  long merged(Symbols symbols, int left, int right) {
    int token = token(symbols.text(), symbols.start(left), symbols.end(right));
    return token < 0 ? Symbols.NEVER : (long) order[token] << 32 | token;
  }

  private int token(byte[] text, int from, int to) {
    return to - from > longest ? -1 : table[slot(text, from, to)];
  }

  private int slot(byte[] text, int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = (hash * 0x01000193) ^ (text[i] & 0xFF);
    }
    int slot = ((hash * 0x9E3779B9) >>> 7) & (table.length - 1);
    while (table[slot] >= 0
        && !Arrays.equals(pieces[table[slot]], 0, pieces[table[slot]].length, text, from, to)) {
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }

  /** An integer that is the lower the higher the score. */
  private static int descending(float score) {
    int bits = Float.floatToIntBits(score + 0f);
    return ~(bits ^ ((bits >> 31) & 0x7FFFFFFF));
  }
}
