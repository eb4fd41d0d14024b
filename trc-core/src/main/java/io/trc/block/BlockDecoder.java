package io.trc.block;

import io.trc.TrcCorruptedException;
import io.trc.TrcException;
import io.trc.container.Block;
import io.trc.container.BlockMethod;
import io.trc.mix.ByteMixer;
import io.trc.mix.Learnt;
import io.trc.mix.MixCoder;
import io.trc.mix.MixSize;
import io.trc.mix.MixStart;
import io.trc.predict.LanguageModel;
import io.trc.predict.Vocabulary;
import io.trc.text.DistributionCoder;
import io.trc.text.TextDecoder;
import io.trc.text.TokenCoder;
import io.trc.text.TokenDecoder;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns blocks back into plain bytes, which are not checked here: the block knows their checksum.
 * The model is loaded when the first block needs it.
 *
 * <p>Confined to one thread; threads that decode in parallel have a decoder each.
 */
public final class BlockDecoder {
  private final Prediction.Source source;
  private final Map<BlockMethod, TokenCoder> coders = new EnumMap<>(BlockMethod.class);
  private @Nullable TextDecoder texts;

  /** Creates a decoder. */
  public BlockDecoder(Prediction.Source source) {
    this.source = source;
  }

  /**
   * Plain bytes, and what they taught.
   *
   * @param learnt where linked blocks start
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Base(byte[] plain, Learnt learnt) {}

  /**
   * Decodes a block that others start from.
   *
   * @param block of a method that learns
   * @param learnt where it starts itself if it is linked
   * @throws TrcCorruptedException if the payload is no code of as many bytes as it claims
   * @throws InterruptedIOException if the thread is interrupted; the flag stays set
   */
  public Base decodeBase(Block block, @Nullable Learnt learnt) throws IOException {
    if (block.method() == BlockMethod.BYTES) {
      ByteMixer mixer = new ByteMixer(start(block, learnt));
      byte[] plain = mixer.decode(code(block), block.plainLength());
      return new Base(plain, mixer.learnt());
    }
    MixCoder coder = new MixCoder(vocabulary(), start(block, learnt));
    byte[] code = code(block);
    MixCoder.MixDecoder decoder = coder.newDecoder(code);
    byte[] plain = texts().decode(List.of(coded(block, code, decoder)))[0];
    return new Base(plain, decoder.learnt());
  }

  /**
   * Decodes blocks, side by side those that need the model.
   *
   * @param blocks at least one, and as many as the model evaluates in lockstep
   * @param learnt where linked blocks start; may be null if there are none
   * @throws TrcCorruptedException if a payload is no code of as many bytes as it claims
   * @throws InterruptedIOException if the thread is interrupted; the flag stays set
   */
  public byte[][] decode(List<Block> blocks, @Nullable Learnt learnt) throws IOException {
    byte[][] plain = new byte[blocks.size()][];
    List<Integer> predicted = new ArrayList<>();
    List<TextDecoder.Coded> codes = new ArrayList<>();
    for (int i = 0; i < plain.length; i++) {
      Block block = blocks.get(i);
      switch (block.method()) {
        case STORED -> plain[i] = block.payload();
        case LZMA2 -> plain[i] = Lzma2.decode(block.payload(), block.plainLength());
        case BYTES -> {
          ByteMixer mixer = new ByteMixer(start(block, learnt));
          plain[i] = mixer.decode(code(block), block.plainLength());
        }
        case HUFFMAN, RANGE, MIXED -> {
          predicted.add(i);
          byte[] code = code(block);
          codes.add(coded(block, code, coder(block, learnt).newDecoder(code)));
        }
      }
    }
    if (!codes.isEmpty()) {
      byte[][] texts = texts().decode(codes);
      for (int i = 0; i < texts.length; i++) {
        plain[predicted.get(i)] = texts[i];
      }
    }
    return plain;
  }

  private TokenCoder coder(Block block, @Nullable Learnt learnt) throws IOException {
    Vocabulary vocabulary = vocabulary();
    return block.method() == BlockMethod.MIXED
        ? new MixCoder(vocabulary, start(block, learnt))
        : coders.computeIfAbsent(block.method(), method -> Coding.tokens(method, vocabulary));
  }

  private static TextDecoder.Coded coded(Block block, byte[] code, TokenDecoder decoder) {
    return new TextDecoder.Coded(decoder, code.length, block.plainLength());
  }

  /** The code in a payload: what is behind the size of the mixer, where one stands. */
  private static byte[] code(Block block) {
    byte[] payload = block.payload();
    boolean sized = block.method().learns() && !block.isLinked() && payload.length > 0;
    return sized ? Arrays.copyOfRange(payload, 1, payload.length) : payload;
  }

  private static MixStart start(Block block, @Nullable Learnt learnt) throws TrcException {
    if (!block.isLinked()) {
      return size(block);
    }
    boolean byModel = block.method() == BlockMethod.MIXED;
    if (learnt == null || learnt.byModel() != byModel) {
      throw new TrcCorruptedException(
          "a block starts from another one that taught nothing of use to it");
    }
    return learnt;
  }

  private static MixSize size(Block block) throws TrcException {
    byte[] payload = block.payload();
    if (payload.length == 0) {
      throw new TrcCorruptedException("a block has no code");
    }
    return MixSize.decode(payload[0]);
  }

  private TextDecoder texts() throws IOException {
    if (texts == null) {
      Prediction prediction = source.get();
      texts = new TextDecoder(prediction.model(), prediction.window());
    }
    return texts;
  }

  private Vocabulary vocabulary() throws IOException {
    return source.get().model().vocabulary();
  }

  /**
   * An upper estimate of the memory in bytes that decoding a block takes beside the model, the
   * payload and the plain bytes.
   *
   * @param learnt where it starts if it is linked
   */
  public static long memory(Block block, @Nullable Learnt learnt) throws TrcException {
    return switch (block.method()) {
      // LZMA2 takes a dictionary as long as the block.
      case LZMA2 -> block.plainLength();
      case BYTES, MIXED -> start(block, learnt).size().memory() + 2L * block.plainLength();
      case STORED, HUFFMAN, RANGE -> 0;
    };
  }

  /** An upper estimate of the memory in bytes that one takes for the model's sake, beyond it. */
  public static long memory(LanguageModel model, int window, int lanes) {
    return TextDecoder.memory(model, window, lanes)
        + DistributionCoder.memory(model.vocabulary().size());
  }
}
