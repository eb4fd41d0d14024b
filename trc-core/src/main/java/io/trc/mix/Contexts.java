package io.trc.mix;

import org.jspecify.annotations.Nullable;

/**
 * What the text so far is like, in the many ways in which that tells something of the next byte.
 */
final class Contexts {
  /** The greatest number of contexts; those from {@link #STRUCTURE} on are of structured text. */
  static final int COUNT = 24;

  static final int STRUCTURE = 19;

  private static final int FIELDS = 64;

  final History history;
  final LongestMatch match;
  final TemplateMatch template;
  private final int count;
  private final @Nullable Structure structure;

  /** What followed each byte, and each pair of bytes, the last two times. */
  private final char[] followedByte;

  private final char[] followedPair;

  // Hashes of the word so far and of the two before it.
  private int word;
  private int wordBefore;
  private int secondWordBefore;

  /** The kinds of the last six bytes. */
  private int kinds;

  private int lineStart;
  private int lineBeforeStart;
  private int field;
  private int firstField;
  private int fieldNumber;
  private final int[] fieldsBefore;
  private int lastToken;
  private int tokenBefore;

  // Of the token that is being coded.
  private int depth;
  private int prefix;
  private int likeliest;

  /** So many contexts of an empty text; matches and numbers are found by tables of such bits. */
  Contexts(int count, int matchBits, int tableBits) {
    this.count = count;
    history = new History();
    structure = count > STRUCTURE ? new Structure(history, tableBits) : null;
    match = new LongestMatch(history, matchBits);
    template = new TemplateMatch(history, matchBits);
    followedByte = new char[1 << 8];
    followedPair = new char[1 << 16];
    fieldsBefore = new int[FIELDS];
  }

  /** Goes on as another would, apart from it. */
  Contexts(Contexts other) {
    count = other.count;
    history = new History(other.history);
    structure = other.structure == null ? null : new Structure(other.structure, history);
    match = new LongestMatch(other.match, history);
    template = new TemplateMatch(other.template, history);
    followedByte = other.followedByte.clone();
    followedPair = other.followedPair.clone();
    fieldsBefore = other.fieldsBefore.clone();
    word = other.word;
    wordBefore = other.wordBefore;
    secondWordBefore = other.secondWordBefore;
    kinds = other.kinds;
    lineStart = other.lineStart;
    lineBeforeStart = other.lineBeforeStart;
    field = other.field;
    firstField = other.firstField;
    fieldNumber = other.fieldNumber;
    lastToken = other.lastToken;
    tokenBefore = other.tokenBefore;
    depth = other.depth;
    prefix = other.prefix;
    likeliest = other.likeliest;
  }

  /** Begins a token, of which the model deems another likeliest. */
  void beginToken(int likeliest) {
    depth = 0;
    prefix = 0;
    this.likeliest = likeliest;
  }

  void endToken(int token) {
    tokenBefore = lastToken;
    lastToken = token + 1;
  }

  /** The bytes of the token so far. */
  int depth() {
    return depth;
  }

  int fieldNumber() {
    return fieldNumber;
  }

  /** The hashes of the contexts. */
  void hash(int[] hashes) {
    int last4 = history.word(0);
    int older4 = history.word(4);
    int last = last4 & 0xff;
    int expected = match.expected();
    int byTemplate = template.expected();
    int templateLength = template.isThere() ? Math.min(3, template.length()) << 8 : 0;
    int fieldBefore = fieldsBefore[fieldNumber & (FIELDS - 1)];
    hashes[0] = 0;
    hashes[1] = last4 & 0xffff;
    hashes[2] = last4;
    hashes[3] = Hash.of(last4, older4 & 0xffff);
    hashes[4] = Hash.of(word, last);
    hashes[5] = Hash.of(Hash.of(word, wordBefore), secondWordBefore);
    int above = above(0);
    hashes[6] = Hash.of(above | (last << 8), 1000);
    hashes[7] = Hash.of(Hash.of(fieldNumber, firstField), field);
    hashes[8] = Hash.of(Hash.of(lastToken, tokenBefore), prefix);
    hashes[9] = Hash.of(followedByte[last], last);
    hashes[10] = Hash.of(followedPair[last4 & 0xffff], last);
    hashes[11] = Hash.of(last4 & 0xf0f0_f000, older4 & 0xff);
    hashes[12] = Hash.of(kinds, last);
    hashes[13] = Hash.of(likeliest, prefix);
    hashes[14] = Hash.of(fieldBefore, field);
    hashes[15] = Hash.of(template.template(), last);
    hashes[16] = Hash.of(expected, Math.min(15, match.length()));
    hashes[17] = Hash.of(byTemplate + templateLength, last);
    hashes[18] = Hash.of(byTemplate, expected);
    if (structure != null) {
      hashes[19] = structure.element(word != 0 ? word : last);
      hashes[20] = structure.afterThree();
      hashes[21] = structure.number();
      hashes[22] = structure.nextNumber();
      hashes[23] = Hash.of(Hash.of(above, above(1)), last4 & 0xffff);
    }
    int inside = depth > 0 ? 1 : 0;
    for (int i = 0; i < count; i++) {
      hashes[i] = Hash.of(hashes[i], 2 * (i + 1) + inside);
    }
  }

  /** The byte above the next, or above so many further ones, in the line before, or 0. */
  private int above(int further) {
    int column = history.length() - lineStart;
    int above = lineBeforeStart + column + further;
    return lineStart > 0 && above < lineStart ? history.at(above) : 0;
  }

  /** Takes note of a byte of the text. */
  void add(int b) {
    int last = history.back(1);
    int pair = (history.back(2) << 8) | last;
    history.add(b);
    followedByte[last] = (char) ((followedByte[last] << 8) | b);
    followedPair[pair] = (char) ((followedPair[pair] << 8) | b);
    addToWord(b);
    kinds = ((kinds << 5) ^ (Bytes.kind(b) * 0x9E37)) & 0x3fff_ffff;
    addToField(b);
    template.add(b);
    match.add(b);
    if (structure != null) {
      structure.add(b, template.template(), fieldNumber);
    }
    depth++;
    prefix = Hash.of(prefix, b);
  }

  private void addToWord(int b) {
    if (Bytes.isLetter(b)) {
      word = Hash.of(word, b | 32);
    } else if (Bytes.isDigit(b)) {
      word = Hash.of(word, b);
    } else if (word != 0) {
      secondWordBefore = wordBefore;
      wordBefore = word;
      word = 0;
    }
  }

  private void addToField(int b) {
    if (b == '\n') {
      lineBeforeStart = lineStart;
      lineStart = history.length();
      fieldsBefore[fieldNumber & (FIELDS - 1)] = field;
      fieldNumber = 0;
      firstField = 0;
      field = 0;
    } else if (Bytes.isSeparator(b)) {
      if (fieldNumber == 0) {
        firstField = field;
      }
      fieldsBefore[fieldNumber & (FIELDS - 1)] = field;
      fieldNumber++;
      field = b;
    } else {
      field = Hash.of(field, b);
    }
  }
}
