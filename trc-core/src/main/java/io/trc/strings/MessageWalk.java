package io.trc.strings;

/** The way through the decisions of a message whose bytes are known. */
abstract class MessageWalk {
  /** In the later bytes of a character the first two bits are always these, behind a leading 1. */
  static final int CONTINUED = 0b110;

  private final MessageModel model;

  MessageWalk(MessageModel model) {
    this.model = model;
  }

  /** Takes a decision. */
  abstract void code(int decision, int bit);

  /** Goes through a message of at least one byte, which the model has begun. */
  final void go(byte[] text, int from, int to) {
    for (int at = from; at < to; at++) {
      model.beginByte();
      boolean continued = model.missing() > 0;
      if (!continued && at > from) {
        code(0, 0);
      }
      int b = text[at] & 0xff;
      int decision = continued ? CONTINUED : 1;
      for (int bit = continued ? 5 : 7; bit >= 0; bit--) {
        int one = b >> bit & 1;
        code(decision, one);
        decision = 2 * decision + one;
      }
      model.endByte(b);
    }
    model.beginByte();
    code(0, 1);
  }
}
