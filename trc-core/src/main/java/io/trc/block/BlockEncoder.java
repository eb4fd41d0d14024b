package io.trc.block;

import io.trc.TrcException;
import io.trc.TrcNumericsException;
import io.trc.container.Block;
import io.trc.container.BlockMethod;
import io.trc.predict.LanguageModel;
import io.trc.text.DistributionCoder;
import io.trc.text.TextEncoder;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.List;
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

  /** The model takes a hundred times as long, so it must save one byte in so many. */
  private static final int WORTH_WHILE = 32;

  /** The shortest group of text that is judged by pieces of it: the model is as quick otherwise. */
  private static final int LEAST_JUDGED = 1 << 15;

  /** A text differs from place to place, so that fewer pieces tell little of it. */
  private static final int PIECES = 8;

  /** The greatest length of a piece in bytes, and in tokens, of which some texts need many. */
  private static final int PIECE = 3 << 10;

  private static final int PIECE_TOKENS = 640;

  private final Prediction.Source source;
  private final int level;
  private final boolean verify;
  private @Nullable TextEncoder texts;
  private @Nullable BlockDecoder verifier;

  /**
   * Creates an encoder.
   *
   * @param level 0 to 9, for LZMA2
   * @param verify true if every block is to be decoded and compared
   */
  public BlockEncoder(Prediction.Source source, int level, boolean verify) {
    this.source = source;
    this.level = level;
    this.verify = verify;
  }

  /**
   * Which way a group of text is to be coded, as a small part of it tells.
   *
   * @param predicted true if the model's blocks will be smaller than LZMA2's
   * @param plainly true if there was no doubt
   */
  public record Verdict(boolean predicted, boolean plainly) {}

  /**
   * Judges a group of text. The model sees a tenth of it at most; LZMA2 sees all of it, the quick
   * one first.
   */
  public Verdict judge(byte[] text) throws IOException {
    if (text.length < LEAST_JUDGED) {
      return new Verdict(true, false);
    }
    // Up to a third more than the thorough one makes of it, in a fifth of the time.
    long quick = Lzma2.quickSize(text, 0, text.length);
    if (isPlainlyRepetitive(quick, text.length)) {
      return new Verdict(false, true);
    }
    long forecast = forecast(text);
    if (forecast >= quick) {
      return new Verdict(false, forecast - quick > quick / 4);
    }
    if (forecast <= quick - quick / 4) {
      return new Verdict(true, true);
    }
    long thorough = smallestBinary(text, text.length).payload.length;
    return new Verdict(forecast < thorough - thorough / WORTH_WHILE, false);
  }

  /** How many bytes the model would make of a text, as pieces tell; without tokens, no end. */
  private long forecast(byte[] text) throws IOException {
    int length = Math.min(PIECE, text.length / 10 / PIECES);
    long plain = 0;
    long coded = 0;
    for (int i = 0; i < PIECES; i++) {
      int from = (int) ((2L * i + 1) * text.length / (2L * PIECES)) - length / 2;
      TextEncoder.Sample sample = texts().sample(text, from, length, PIECE_TOKENS);
      if (sample == null) {
        return Long.MAX_VALUE;
      }
      plain += sample.plain();
      coded += sample.coded();
    }
    return text.length * coded / Math.max(1, plain);
  }

  private static boolean isPlainlyRepetitive(long lzma, int length) {
    return lzma < length / PLAINLY_REPETITIVE;
  }

  /** A block of what is no text, or of text that LZMA2 shrinks better. Needs no model. */
  public Block binary(byte[] plain, int length) throws IOException {
    return block(smallestBinary(plain, length), plain, length);
  }

  /**
   * A block of text.
   *
   * @throws TrcException if the engine fails
   * @throws InterruptedIOException if the thread is interrupted; the flag stays set
   */
  public Block text(byte[] plain) throws IOException {
    int length = plain.length;
    Coded smallest = smallestBinary(plain, length);
    int limit = Math.min(smallest.payload.length - 1, length - RECORD);
    if (limit > 0 && !isPlainlyRepetitive(smallest.payload.length, length)) {
      byte[] code = texts().encode(plain, limit);
      smallest = code == null ? smallest : new Coded(source.get().method(), code);
    }
    return block(smallest, plain, length);
  }

  /** One LZMA2 block in place of several that hold a text, if that is smaller than they are. */
  public @Nullable Block joint(byte[] text, List<Block> blocks) throws IOException {
    long apart = blocks.stream().mapToLong(block -> block.payload().length + RECORD).sum();
    Coded joint = smallestBinary(text, text.length);
    if (joint.payload.length + RECORD >= apart) {
      return null;
    }
    Block block = Block.coded(joint.method, text, 0, text.length, joint.payload);
    verify(block, text, text.length); // always: blocks that may be verified are given up for it
    return block;
  }

  /** Plain bytes as they were coded. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Coded(BlockMethod method, byte[] payload) {}

  private Coded smallestBinary(byte[] plain, int length) {
    if (!Incompressible.plainly(plain, 0, length)) {
      byte[] lzma = Lzma2.encode(plain, 0, length, level);
      if (lzma.length <= length - RECORD) {
        return new Coded(BlockMethod.LZMA2, lzma);
      }
    }
    return new Coded(BlockMethod.STORED, Arrays.copyOf(plain, length));
  }

  private Block block(Coded coded, byte[] plain, int length) throws IOException {
    Block block = Block.coded(coded.method, plain, 0, length, coded.payload);
    if (verify) {
      verify(block, plain, length);
    }
    return block;
  }

  private void verify(Block block, byte[] plain, int length) throws IOException {
    byte[] decoded =
        block.method().needsModel()
            ? verifier().decode(List.of(block))[0]
            : BlockDecoder.decodeBinary(block);
    if (!Arrays.equals(decoded, 0, decoded.length, plain, 0, length)) {
      throw new TrcNumericsException(
          "a block did not decode to what was written; nothing of it was kept");
    }
  }

  private TextEncoder texts() throws TrcException {
    if (texts == null) {
      texts = source.get().encoder();
    }
    return texts;
  }

  private BlockDecoder verifier() throws TrcException {
    if (verifier == null) {
      Prediction prediction = source.get();
      verifier = new BlockDecoder(prediction.model(), prediction.window());
    }
    return verifier;
  }

  /** An upper estimate of the memory in bytes that coding a text takes, beyond the model. */
  public static long textMemory(LanguageModel model, int window, boolean verify) {
    long coder = DistributionCoder.memory(model.vocabulary().size());
    long memory = TextEncoder.memory(model, window) + coder;
    return verify ? memory + BlockDecoder.memory(model, window, 1) : memory;
  }

  /** An upper estimate of the memory in bytes that coding a block of no text takes. */
  public static long binaryMemory(int length, int level) {
    return Lzma2.memory(length, level);
  }
}
