package io.trc.mix;

/**
 * Follows the last line that began like this one when numbers are left out: looked up at every byte
 * that is no letter and no digit, and followed through differences.
 */
final class TemplateMatch {
  private final History history;
  private final int bits;
  private final int[] table;
  private int position;
  private int length;
  private int template;
  private boolean inNumber;

  /** A search in a history, by a table of so many bits. */
  TemplateMatch(History history, int bits) {
    this.history = history;
    this.bits = bits;
    table = new int[1 << bits];
  }

  /** Goes on as another would, in a copy of its history. */
  TemplateMatch(TemplateMatch other, History history) {
    this.history = history;
    bits = other.bits;
    table = other.table.clone();
    position = other.position;
    length = other.length;
    template = other.template;
    inNumber = other.inNumber;
  }

  boolean isThere() {
    return position > 0;
  }

  /** The bytes that agreed since the last lookup or difference. */
  int length() {
    return length;
  }

  /** The next byte if it goes on as that line did, or 0 if there is none. */
  int expected() {
    return position > 0 ? history.at(position) : 0;
  }

  /** A hash of the line so far without its numbers. */
  int template() {
    return template;
  }

  boolean isInNumber() {
    return inNumber;
  }

  /** Takes note of a byte that was added to the history. */
  void add(int b) {
    if (position > 0) {
      length = history.at(position) == b ? length + 1 : 0;
      position++;
    }
    boolean digit = Bytes.isDigit(b);
    if (b == '\n') {
      template = 0;
      inNumber = false;
    } else if (digit) {
      if (!inNumber) {
        template = Hash.of(template, '0');
      }
      inNumber = true;
    } else {
      inNumber = false;
      template = Hash.of(template, b);
    }
    if (!digit && !Bytes.isLetter(b)) {
      int place = Hash.place(Hash.of(template, b == '\n' ? 99 : 1), bits);
      position = table[place];
      if (position > 0) {
        length = 0;
      }
      table[place] = history.length();
    }
  }
}
