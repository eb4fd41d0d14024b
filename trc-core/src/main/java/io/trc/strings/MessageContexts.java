package io.trc.strings;

import io.trc.mix.Hash;
import java.util.Arrays;

/**
 * What of a message so far tells what may come next: hashes of its last characters, words, and the
 * whole of it. Characters are code points; in the middle of one, its first bytes are part of every
 * context. Before a message stands a mark, so that contexts know its start.
 *
 * <p>State of one message, confined to one thread.
 */
final class MessageContexts {
  /** The number of contexts. */
  static final int COUNT = 12;

  /** The contexts of the last 1, 2, ... characters come first. */
  static final int ORDERS = 6;

  private static final int START = 1;

  private int[] characters = new int[64];
  private int[] folded = new int[64];
  private int count;

  /** The bytes of the character that has begun, behind a 1, and how many are missing. */
  private int begun;

  private int missing;

  private int word;
  private int wordBefore;
  private int wordBefore2;
  private int foldedWord;
  private int foldedWordBefore;
  private int whole;
  private int wordLength;

  /** Forgets the message. */
  void clear() {
    count = 0;
    begun = 0;
    missing = 0;
    word = 0;
    wordBefore = 0;
    wordBefore2 = 0;
    foldedWord = 0;
    foldedWordBefore = 0;
    whole = START;
    wordLength = 0;
  }

  /** The bytes that the character which has begun still needs. */
  int missing() {
    return missing;
  }

  /** The characters so far. */
  int count() {
    return count;
  }

  /** The letters and digits of the word that has begun. */
  int wordLength() {
    return wordLength;
  }

  /** The last character, 0 before the first. */
  int last() {
    return count > 0 ? characters[count - 1] : 0;
  }

  /** The hashes of all contexts. */
  void hash(int[] hashes) {
    int h = Hash.of(begun, missing);
    for (int i = 1; i <= ORDERS; i++) {
      h = Hash.of(character(characters, i), h);
      hashes[i - 1] = h;
    }
    int last = Hash.of(character(characters, 1), begun);
    int f = Hash.of(begun, missing);
    for (int i = 1; i <= 5; i++) {
      f = Hash.of(character(folded, i), f);
      if (i == 3) {
        hashes[6] = f;
      }
    }
    hashes[7] = Hash.of(f, 7);
    hashes[8] = Hash.of(Hash.of(word, 3), last);
    hashes[9] = Hash.of(Hash.of(word, wordBefore), last);
    hashes[10] = Hash.of(Hash.of(Hash.of(foldedWord, foldedWordBefore), wordBefore2), last);
    hashes[11] = Hash.of(whole, Hash.of(begun, 5));
    for (int i = 0; i < COUNT; i++) {
      hashes[i] = Hash.of(hashes[i], 2 * i + 1);
    }
  }

  private int character(int[] from, int back) {
    return count >= back ? from[count - back] : count - back == -1 ? START : 0;
  }

  /** Takes note of a byte. */
  void add(int b) {
    if (missing == 0) {
      if (b < 0xC2) {
        end(b);
        return;
      }
      begun = 256 | b;
      missing = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
      return;
    }
    begun = (begun << 6) | (b & 63);
    if (--missing == 0) {
      int point = begun;
      begun = 0;
      end(point);
    }
  }

  private void end(int c) {
    if (count == characters.length) {
      characters = Arrays.copyOf(characters, 2 * count);
      folded = Arrays.copyOf(folded, 2 * count);
    }
    int f = Folding.fold(c);
    characters[count] = c;
    folded[count++] = f;
    int kind = Folding.kind(c);
    if (kind == Folding.DIGIT || kind >= Folding.LETTER) {
      word = Hash.of(word, c);
      foldedWord = Hash.of(foldedWord, f);
      wordLength++;
    } else if (wordLength > 0) {
      wordBefore2 = wordBefore;
      wordBefore = word;
      foldedWordBefore = foldedWord;
      word = 0;
      foldedWord = 0;
      wordLength = 0;
    }
    whole = Hash.of(whole, f);
  }
}
