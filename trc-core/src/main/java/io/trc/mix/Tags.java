package io.trc.mix;

/** The open elements of XML or HTML. */
final class Tags {
  private static final int DEPTH = 32;

  private static final int OUTSIDE = 0;
  private static final int START_NAME = 1;
  private static final int END_NAME = 2;
  private static final int ATTRIBUTES = 3;

  private final int[] open;
  private int depth;
  private int state;
  private int name;

  Tags() {
    open = new int[DEPTH];
  }

  Tags(Tags other) {
    open = other.open.clone();
    depth = other.depth;
    state = other.state;
    name = other.name;
  }

  /** A hash of the innermost element and of the tag that is being read. */
  int hash() {
    return Hash.of(open[depth & (DEPTH - 1)], name);
  }

  /** Takes note of a byte and the one before it. */
  void add(int b, int last) {
    if (b == '<') {
      state = START_NAME;
      name = 0;
    } else if (state == OUTSIDE) {
      return;
    } else if (b == '>') {
      end(last);
    } else if (state == START_NAME && b == '/' && last == '<') {
      state = END_NAME;
    } else if (state == START_NAME && (b == ' ' || b == '\t' || b == '\n')) {
      state = ATTRIBUTES;
    } else if (state != ATTRIBUTES) {
      name = Hash.of(name, b);
    }
  }

  private void end(int last) {
    if (state == END_NAME) {
      depth = Math.max(0, depth - 1);
    } else if (last != '/' && last != '?' && last != '-') {
      depth++;
      open[depth & (DEPTH - 1)] = name;
    }
    state = OUTSIDE;
    name = 0;
  }
}
