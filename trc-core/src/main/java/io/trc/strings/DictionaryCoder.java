package io.trc.strings;

import io.trc.entropy.range.RangeDecoder;
import io.trc.entropy.range.RangeEncoder;
import io.trc.mix.Tables;
import io.trc.text.Interruption;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/**
 * Codes the bits of a string as a dictionary and the string so far predict them, and before each
 * character but the first whether the string ends. Safe for use by several threads, of which as
 * many work at once as there are processors.
 */
public final class DictionaryCoder implements StringCoder {
  private final Dictionary dictionary;
  private final Semaphore free =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors()));
  private final ConcurrentLinkedDeque<MessageModel> idle = new ConcurrentLinkedDeque<>();

  /** A coder by a dictionary. */
  public DictionaryCoder(Dictionary dictionary) {
    this.dictionary = dictionary;
  }

  private MessageModel borrow() throws InterruptedIOException {
    try {
      free.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while waiting for a context of the dictionary");
      interrupted.initCause(e);
      throw interrupted;
    }
    MessageModel model = idle.pollFirst();
    return model == null ? dictionary.newModel() : model;
  }

  private void giveBack(MessageModel model) {
    idle.addFirst(model);
    free.release();
  }

  @Override
  public boolean[] encode(byte[][] texts, RangeEncoder[] encoders, int[] limits)
      throws IOException {
    boolean[] whole = new boolean[texts.length];
    MessageModel model = borrow();
    try {
      for (int i = 0; i < texts.length; i++) {
        Interruption.check();
        model.start();
        new Encoding(model, encoders[i]).go(texts[i], 0, texts[i].length);
        whole[i] = true;
      }
    } finally {
      giveBack(model);
    }
    return whole;
  }

  private static final class Encoding extends MessageWalk {
    private final MessageModel model;
    private final RangeEncoder encoder;

    Encoding(MessageModel model, RangeEncoder encoder) {
      super(model);
      this.model = model;
      this.encoder = encoder;
    }

    @Override
    void code(int decision, int bit) {
      encoder.encodeDecision(bit != 0, model.predict(decision), Tables.ONE);
      model.learn(bit);
    }
  }

  @Override
  public byte[][] decode(RangeDecoder[] decoders, int[] most) throws IOException {
    byte[][] texts = new byte[decoders.length][];
    MessageModel model = borrow();
    try {
      for (int i = 0; i < texts.length; i++) {
        Interruption.check();
        model.start();
        texts[i] = decode(model, decoders[i], most[i]);
      }
    } finally {
      giveBack(model);
    }
    return texts;
  }

  private static byte[] decode(MessageModel model, RangeDecoder decoder, int most)
      throws IOException {
    Bytes text = new Bytes(most);
    for (boolean first = true; ; first = false) {
      model.beginByte();
      boolean continued = model.missing() > 0;
      if (!continued && !first && bit(model, decoder, 0) != 0) {
        return text.toArray();
      }
      int decision = continued ? MessageWalk.CONTINUED : 1;
      while (decision < 256) {
        decision = 2 * decision + bit(model, decoder, decision);
      }
      text.add(decision & 0xff);
      model.endByte(decision & 0xff);
    }
  }

  private static int bit(MessageModel model, RangeDecoder decoder, int decision)
      throws IOException {
    int bit = decoder.decodeDecision(model.predict(decision), Tables.ONE) ? 1 : 0;
    model.learn(bit);
    return bit;
  }
}
