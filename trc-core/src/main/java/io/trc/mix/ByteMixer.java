package io.trc.mix;

import io.trc.TrcCorruptedException;
import io.trc.entropy.range.RangeCoder;
import io.trc.entropy.range.RangeDecoder;
import io.trc.entropy.range.RangeEncoder;
import io.trc.text.Interruption;
import java.io.InterruptedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Codes the bytes of a text by what it has shown so far, without a language model.
 *
 * <p>Good for one text, confined to one thread.
 */
public final class ByteMixer {
  /**
   * A byte of code stands for at most so many, so that a few bytes cost little to refuse; and four
   * more, so that the shortest codes can stand for something.
   */
  private static final int BYTES_PER_BYTE = 1024;

  /** Between two looks at whether to stop. */
  private static final int STRETCH = 1 << 12;

  private final DecisionModel model;
  private final MixSize size;

  /** A mixer of a text that starts from this. */
  public ByteMixer(MixStart start) {
    model = start.newModel(false);
    size = start.size();
  }

  /**
   * The code of a text, or null if it would be longer than {@code limit} bytes, which ends the work
   * early, or stand for more than a code may.
   *
   * @throws InterruptedIOException if the thread is interrupted; the flag stays set
   */
  public byte @Nullable [] encode(byte[] text, int length, int limit)
      throws InterruptedIOException {
    RangeEncoder encoder = new RangeCoder().newEncoder();
    for (int i = 0; i < length; i++) {
      if (i % STRETCH == 0) {
        Interruption.check();
        if (encoder.size() > limit) {
          return null;
        }
      }
      int b = text[i] & 0xff;
      begin();
      for (int node = 1; node < 256; ) {
        int bit = (b >> (7 - (31 - Integer.numberOfLeadingZeros(node)))) & 1;
        encoder.encodeDecision(bit != 0, model.predict(node, 0), Tables.ONE);
        model.learn(bit);
        node = 2 * node + bit;
      }
      end(b);
    }
    byte[] code = encoder.finish();
    return code.length <= limit && length <= most(code.length) ? code : null;
  }

  /**
   * The text of a code.
   *
   * @throws TrcCorruptedException if the code is none of so many bytes
   * @throws InterruptedIOException if the thread is interrupted; the flag stays set
   */
  public byte[] decode(byte[] code, int plainLength)
      throws TrcCorruptedException, InterruptedIOException {
    if (plainLength > most(code.length)) {
      throw new TrcCorruptedException("a block claims more than its payload can hold");
    }
    RangeDecoder decoder = new RangeCoder().newDecoder(code);
    byte[] text = new byte[Math.min(plainLength, STRETCH)];
    for (int i = 0; i < plainLength; i++) {
      if (i % STRETCH == 0) {
        Interruption.check();
      }
      if (i == text.length) {
        text = Arrays.copyOf(text, (int) Math.min(plainLength, 2L * i));
      }
      begin();
      int node = 1;
      while (node < 256) {
        int bit = decoder.decodeDecision(model.predict(node, 0), Tables.ONE) ? 1 : 0;
        model.learn(bit);
        node = 2 * node + bit;
      }
      text[i] = (byte) node;
      end(node & 0xff);
    }
    decoder.finish();
    return text;
  }

  private void begin() {
    model.beginToken(0, 0);
    model.beginByte();
  }

  private void end(int b) {
    model.endByte(b);
    model.endToken(b);
  }

  /** The most bytes that a code of this length may stand for. */
  private static long most(int codeLength) {
    return (codeLength + 4L) * BYTES_PER_BYTE;
  }

  /** What was learnt from the text; the mixer is of no more use then. */
  public Learnt learnt() {
    return new Learnt(model, size, false);
  }
}
