package io.trc.block;

import io.trc.TrcException;
import io.trc.TrcNumericsException;
import io.trc.container.Block;
import io.trc.container.BlockMethod;
import io.trc.mix.ByteMixer;
import io.trc.mix.Learnt;
import io.trc.mix.MixCoder;
import io.trc.mix.MixStart;
import io.trc.predict.LanguageModel;
import io.trc.predict.Vocabulary;
import io.trc.text.DistributionCoder;
import io.trc.text.TextEncoder;
import io.trc.text.TokenEncoder;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns plain bytes into blocks, each coded in the smallest way: predicted, LZMA2 or stored; and
 * tells beforehand which way a group of them will go. The model is loaded when the first text needs
 * it.
 *
 * <p>Confined to one thread; threads that encode in parallel have an encoder each.
 */
public final class BlockEncoder {
  /**
   * What a block costs beside its payload where it is not joined to its neighbours, about: its
   * record, and its entry in the index.
   */
  private static final int RECORD = 24;

  /** What LZMA2 shrinks so much is not worth the model's time. */
  private static final int PLAINLY_REPETITIVE = 64;

  /** What takes many times as long must save one byte in so many. */
  private static final int WORTH_WHILE = 32;

  /** The shortest group of text that is judged by pieces of it: the model is as quick otherwise. */
  private static final int LEAST_JUDGED = 1 << 15;

  /** A text differs from place to place, so that fewer pieces tell little of it. */
  private static final int PIECES = 8;

  /** The greatest length of a piece in bytes. */
  private static final int PIECE = 3 << 10;

  /** From a shorter text there is too little to learn: the logits alone may code it better. */
  private static final int SHORT = 4 << 10;

  private final Prediction.Source source;
  private final Coding coding;
  private @Nullable TextEncoder texts;
  private @Nullable BlockDecoder verifier;

  /** Creates an encoder. */
  public BlockEncoder(Prediction.Source source, Coding coding) {
    this.source = source;
    this.coding = coding;
  }

  /**
   * Which way a group of text is to be coded, as a small part of it tells.
   *
   * @param method which is expected to win
   * @param plainly true if there was no doubt
   */
  public record Verdict(BlockMethod method, boolean plainly) {}

  /**
   * A block that others may start from.
   *
   * @param learnt what it taught, or null if it was coded in a way that teaches nothing
   */
  public record Base(Block block, @Nullable Learnt learnt) {}

  /**
   * Judges a group of text, of which the model sees a tenth at most, and LZMA2 all of it.
   *
   * @param text the group
   * @param chunks the parts in which it would be predicted
   */
  public Verdict judge(byte[] text, List<byte[]> chunks) throws IOException {
    if (text.length < LEAST_JUDGED) {
      return new Verdict(coding.method(), false);
    }
    // Up to a third more than the thorough one makes of it, in a fifth of the time.
    long quick = Lzma2.quickSize(text, 0, text.length);
    if (isPlainlyRepetitive(quick, text.length)) {
      return new Verdict(BlockMethod.LZMA2, true);
    }
    if (coding.method() == BlockMethod.BYTES) {
      return new Verdict(BlockMethod.BYTES, false);
    }
    byte[] lesson = sample(text, 0);
    byte[] sample = sample(text, 1);
    TextEncoder.Code code = predicted(lesson, sample);
    long predicted = code == null ? Long.MAX_VALUE : code.bytes().length;
    BlockMethod quicker = coding.method().learns() ? BlockMethod.BYTES : BlockMethod.LZMA2;
    if (quicker == BlockMethod.BYTES) {
      long alone = bytesSize(lesson, sample);
      boolean worthWhile =
          code != null
              && predicted <= alone - alone / WORTH_WHILE
              && code.tokens() <= (alone - predicted) * coding.patience();
      if (!worthWhile) {
        return new Verdict(quicker, predicted > alone);
      }
    }
    // In parts LZMA2 misses what lies far apart, as prediction does.
    long parts = chunks.stream().mapToLong(part -> Lzma2.quickSize(part, 0, part.length)).sum();
    long forecast = predicted * parts / lzmaSize(lesson, sample);
    if (predicted == Long.MAX_VALUE || forecast >= quick) {
      return new Verdict(quicker, forecast - quick > quick / 4);
    }
    if (forecast <= quick - quick / 4) {
      return new Verdict(coding.method(), true);
    }
    long thorough = smallestBinary(text, text.length).payload.length;
    boolean wins = forecast < thorough - thorough / WORTH_WHILE;
    return new Verdict(wins ? coding.method() : quicker, false);
  }

  /** Pieces of a text, every second one, one after the other. */
  private static byte[] sample(byte[] text, int first) {
    int length = Math.min(PIECE, text.length / 10 / PIECES);
    byte[] sample = new byte[PIECES / 2 * length];
    for (int i = first; i < PIECES; i += 2) {
      int from = (int) ((2L * i + 1) * text.length / (2L * PIECES)) - length / 2;
      System.arraycopy(text, from, sample, i / 2 * length, length);
    }
    return sample;
  }

  // What a sample takes once something was learnt from another one: at first much is to be learnt,
  // with a model less than without, so that it would look better than it is.

  /** What prediction makes of a sample; null without tokens. */
  private TextEncoder.@Nullable Code predicted(byte[] lesson, byte[] sample) throws IOException {
    if (coding.method() != BlockMethod.MIXED) {
      return code(sample, Coding.tokens(coding.method(), vocabulary()).newEncoder());
    }
    MixCoder fresh = new MixCoder(vocabulary(), coding.mixing().forText(2 * sample.length));
    MixCoder.MixEncoder learning = fresh.newEncoder();
    code(lesson, learning);
    return code(sample, new MixCoder(vocabulary(), learning.learnt()).newEncoder());
  }

  private TextEncoder.@Nullable Code code(byte[] text, TokenEncoder encoder) throws IOException {
    return texts().encode(text, Integer.MAX_VALUE, List.of(encoder));
  }

  private long bytesSize(byte[] lesson, byte[] sample) throws InterruptedIOException {
    ByteMixer fresh = new ByteMixer(coding.alone().forText(2 * sample.length));
    fresh.encode(lesson, lesson.length, Integer.MAX_VALUE);
    byte[] code = new ByteMixer(fresh.learnt()).encode(sample, sample.length, Integer.MAX_VALUE);
    return code == null ? 0 : code.length;
  }

  private static long lzmaSize(byte[] lesson, byte[] sample) {
    byte[] both = Arrays.copyOf(lesson, lesson.length + sample.length);
    System.arraycopy(sample, 0, both, lesson.length, sample.length);
    int learnt = Lzma2.quickSize(lesson, 0, lesson.length);
    return Math.max(1, Lzma2.quickSize(both, 0, both.length) - learnt);
  }

  private static boolean isPlainlyRepetitive(long lzma, int length) {
    return lzma < length / PLAINLY_REPETITIVE;
  }

  /** A block of what is no text. */
  public Block binary(byte[] plain, int length) throws IOException {
    return block(smallestBinary(plain, length), plain, length, null);
  }

  /**
   * A block of text.
   *
   * @param method that was found best, and is not taken if it is not
   * @param learnt what the text may start from, if the method is that which taught it; or null
   * @throws TrcException if the engine fails
   * @throws InterruptedIOException if the thread is interrupted; the flag stays set
   */
  public Block text(BlockMethod method, byte[] plain, @Nullable Learnt learnt) throws IOException {
    return block(smallest(method, plain, learnt, false), plain, plain.length, learnt);
  }

  /** A block of text that others may start from, and that may start from another one itself. */
  public Base base(BlockMethod method, byte[] plain, @Nullable Learnt learnt) throws IOException {
    Coded coded = smallest(method, plain, learnt, true);
    Block block = block(coded, plain, plain.length, learnt);
    return coded.learnt == null
        ? new Base(block, null)
        : new Base(block.related(coded.linked, true), coded.learnt.get());
  }

  /** One LZMA2 block in place of several that hold a text, if that is smaller than they are. */
  public @Nullable Block joint(byte[] text, List<Block> blocks) throws IOException {
    long apart = blocks.stream().mapToLong(block -> block.payload().length + RECORD).sum();
    Coded joint = smallestBinary(text, text.length);
    if (joint.payload.length + RECORD >= apart) {
      return null;
    }
    Block block = Block.coded(joint.method, text, 0, text.length, joint.payload);
    verify(block, text, text.length, null); // always: what may be verified is given up for it
    return block;
  }

  /** Plain bytes as they were coded; if that taught something, it can be had once. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Coded(
      BlockMethod method, byte[] payload, boolean linked, @Nullable Supplier<Learnt> learnt) {
    Coded(BlockMethod method, byte[] payload) {
      this(method, payload, false, null);
    }
  }

  private Coded smallest(
      BlockMethod method, byte[] plain, @Nullable Learnt learnt, boolean teaching)
      throws IOException {
    int length = plain.length;
    Coded smallest = smallestBinary(plain, length);
    if (method == BlockMethod.LZMA2 || isPlainlyRepetitive(smallest.payload.length, length)) {
      return smallest;
    }
    boolean alone = learnt == null && !teaching;
    boolean brief = alone && length < LEAST_JUDGED && coding.method().learns();
    if (method == BlockMethod.BYTES || brief) {
      Coded coded = bytes(plain, limit(smallest, length), learnt);
      smallest = coded == null ? smallest : coded;
    }
    if (method != BlockMethod.BYTES) {
      Coded coded = predicted(plain, limit(smallest, length), learnt, alone && length <= SHORT);
      smallest = coded == null ? smallest : coded;
    }
    return smallest;
  }

  /** The most bytes that a code may have which is smaller than another. */
  private static int limit(Coded other, int length) {
    return Math.min(other.payload.length - 1, length - RECORD);
  }

  private @Nullable Coded bytes(byte[] plain, int limit, @Nullable Learnt learnt)
      throws InterruptedIOException {
    MixStart start = learnt == null ? coding.alone().forText(plain.length) : learnt;
    ByteMixer mixer = new ByteMixer(start);
    byte[] code = mixer.encode(plain, plain.length, learnt == null ? limit - 1 : limit);
    return code == null ? null : learning(BlockMethod.BYTES, code, start, mixer::learnt);
  }

  private @Nullable Coded predicted(
      byte[] plain, int limit, @Nullable Learnt learnt, boolean unmixedToo) throws IOException {
    if (limit <= 0) {
      return null;
    }
    if (coding.method() != BlockMethod.MIXED) {
      TokenEncoder encoder = Coding.tokens(coding.method(), vocabulary()).newEncoder();
      TextEncoder.Code code = texts().encode(plain, limit, List.of(encoder));
      return code == null ? null : new Coded(coding.method(), code.bytes());
    }
    MixStart start = learnt == null ? coding.mixing().forText(plain.length) : learnt;
    MixCoder.MixEncoder mixing = new MixCoder(vocabulary(), start).newEncoder();
    List<TokenEncoder> encoders = new ArrayList<>(List.of(mixing));
    if (unmixedToo) {
      encoders.add(Coding.tokens(BlockMethod.RANGE, vocabulary()).newEncoder());
    }
    TextEncoder.Code code = texts().encode(plain, limit, encoders);
    if (code == null) {
      return null;
    }
    return code.encoder() == 0
        ? learning(BlockMethod.MIXED, code.bytes(), start, mixing::learnt)
        : new Coded(BlockMethod.RANGE, code.bytes());
  }

  private static Coded learning(
      BlockMethod method, byte[] code, MixStart start, Supplier<Learnt> learnt) {
    if (start instanceof Learnt) {
      return new Coded(method, code, true, learnt);
    }
    byte[] payload = new byte[1 + code.length];
    payload[0] = start.size().encode();
    System.arraycopy(code, 0, payload, 1, code.length);
    return new Coded(method, payload, false, learnt);
  }

  private Coded smallestBinary(byte[] plain, int length) {
    if (!Incompressible.plainly(plain, 0, length)) {
      byte[] lzma = Lzma2.encode(plain, 0, length, coding.level());
      if (lzma.length <= length - RECORD) {
        return new Coded(BlockMethod.LZMA2, lzma);
      }
    }
    return new Coded(BlockMethod.STORED, Arrays.copyOf(plain, length));
  }

  private Block block(Coded coded, byte[] plain, int length, @Nullable Learnt learnt)
      throws IOException {
    Block block = Block.coded(coded.method, plain, 0, length, coded.payload);
    block = coded.linked ? block.related(true, false) : block;
    if (coding.verify()) {
      verify(block, plain, length, learnt);
    }
    return block;
  }

  private void verify(Block block, byte[] plain, int length, @Nullable Learnt learnt)
      throws IOException {
    if (verifier == null) {
      verifier = new BlockDecoder(source);
    }
    byte[] decoded = verifier.decode(List.of(block), learnt)[0];
    if (!Arrays.equals(decoded, 0, decoded.length, plain, 0, length)) {
      throw new TrcNumericsException(
          "a block did not decode to what was written; nothing of it was kept");
    }
  }

  private TextEncoder texts() throws IOException {
    if (texts == null) {
      Prediction prediction = source.get();
      texts = new TextEncoder(prediction.model(), prediction.window());
    }
    return texts;
  }

  private Vocabulary vocabulary() throws IOException {
    return source.get().model().vocabulary();
  }

  /** An upper estimate of the memory in bytes that coding a text takes, beyond the model. */
  public static long textMemory(LanguageModel model, int window, Coding coding) {
    long coder = DistributionCoder.memory(model.vocabulary().size()) + coding.memory();
    long memory = TextEncoder.memory(model, window) + coder;
    return coding.verify()
        ? memory + BlockDecoder.memory(model, window, 1) + coding.memory()
        : memory;
  }

  /** An upper estimate of the memory in bytes that coding a block of no text takes. */
  public static long binaryMemory(int length, int level) {
    return Lzma2.memory(length, level);
  }
}
