package io.trc.block;

import io.trc.TrcCorruptedException;
import io.trc.TrcEngineException;
import io.trc.entropy.EntropyDecoder;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.SlidingWindow;
import io.trc.predict.TokenDistribution;
import io.trc.predict.Vocabulary;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns payloads back into plain blocks. Several model-coded blocks at once go through the model in
 * lockstep, one lane each, which shares the work on the model's weights.
 *
 * <p>Lanes are opened for each call and closed after it: the model sees to it that they are used
 * again. Confined to one thread; threads that decode in parallel have a decoder each. The plain
 * bytes are not checked here: the container holds their checksum.
 */
public final class BlockDecoder {
  private final LanguageModel model;
  private final int window;
  private final @Nullable CodingStatistics statistics;
  private final TokenDistribution distribution;
  private final float[] logits;
  private int most = Lanes.MAX_LANES;

  /** Creates a decoder. */
  public BlockDecoder(LanguageModel model, int window, @Nullable CodingStatistics statistics) {
    this.model = model;
    this.window = window;
    this.statistics = statistics;
    this.distribution = new TokenDistribution(model.vocabulary().size());
    this.logits = new float[model.vocabulary().size()];
  }

  /**
   * Decodes a block that needs no model.
   *
   * @throws TrcCorruptedException if the payload is damaged
   */
  public static byte[] decodeBinary(Payload payload) throws TrcCorruptedException {
    return switch (payload.coding()) {
      case STORED -> payload.bytes();
      case LZMA2 -> Lzma2.decode(payload.bytes(), payload.plainLength());
      case HUFFMAN, RANGE -> throw new IllegalArgumentException("the block needs a model");
    };
  }

  /** The greatest number of blocks that {@link #decode} takes at once. */
  public int maxLanes() {
    return model.numerics().shapeInvariant() ? Lanes.MAX_LANES : 1;
  }

  /**
   * Decodes model-coded blocks side by side.
   *
   * @param payloads 1 to {@link #maxLanes} of them, all model-coded
   * @return the plain bytes of each
   * @throws TrcCorruptedException if a payload is no code of as many bytes as it claims
   * @throws InterruptedIOException if the thread is interrupted; the flag stays set
   */
  public byte[][] decode(List<Payload> payloads) throws IOException {
    int count = payloads.size();
    try (Lanes lanes = count <= most ? open(count) : null) {
      if (lanes != null) {
        return decode(payloads, lanes);
      }
    }
    byte[][] plain = Arrays.copyOf(decode(payloads.subList(0, count / 2)), count);
    byte[][] rest = decode(payloads.subList(count / 2, count));
    System.arraycopy(rest, 0, plain, count / 2, rest.length);
    return plain;
  }

  /** The lanes, or null if memory does not suffice for so many; then fewer are asked for. */
  private @Nullable Lanes open(int count) throws IOException {
    try {
      return model.openLanes(count, window, 1);
    } catch (TrcEngineException e) {
      if (count == 1) {
        throw e;
      }
      most = count / 2;
      return null;
    }
  }

  private byte[][] decode(List<Payload> payloads, Lanes lanes) throws IOException {
    int count = payloads.size();
    SlidingWindow window = new SlidingWindow(lanes);
    Vocabulary vocabulary = model.vocabulary();
    Block[] blocks = new Block[count];
    int[] tokens = new int[count];
    Arrays.fill(tokens, vocabulary.startToken());
    int open = 0;
    for (int lane = 0; lane < count; lane++) {
      blocks[lane] = new Block(payloads.get(lane));
      open += blocks[lane].finish() ? 0 : 1;
    }
    long modelNanos = 0;
    long decoded = 0;
    long start = System.nanoTime();
    while (open > 0) {
      Interruption.check();
      long before = System.nanoTime();
      window.advance(tokens, 0, 1);
      modelNanos += System.nanoTime() - before;
      for (int lane = 0; lane < count; lane++) {
        Block block = blocks[lane];
        if (block.length == block.plainLength) {
          continue; // its lane marches on with the last token, so that all stay in step
        }
        lanes.logits(lane, logits);
        distribution.set(logits);
        tokens[lane] = TokenCoding.decode(distribution, block.decoder);
        block.append(vocabulary.bytes(tokens[lane]));
        decoded++;
        open -= block.finish() ? 1 : 0;
      }
    }
    if (statistics != null) {
      statistics.add(decoded, modelNanos, System.nanoTime() - start - modelNanos);
    }
    byte[][] plain = new byte[count][];
    for (int lane = 0; lane < count; lane++) {
      plain[lane] = blocks[lane].plain;
    }
    return plain;
  }

  /** An upper estimate of the memory in bytes that one decoder takes, beyond the model. */
  public static long memory(LanguageModel model, int window, int lanes) {
    return model.lanesMemory(lanes, window, 1) + 64L * model.vocabulary().size();
  }

  /** A block on its way: what was decoded of it so far. */
  private static final class Block {
    final EntropyDecoder decoder;
    final int plainLength;
    byte[] plain;
    int length;
    private int tokensLeft;

    Block(Payload payload) {
      byte[] code = payload.bytes();
      decoder = Coders.of(payload.coding()).newDecoder(code, 0, code.length);
      plainLength = payload.plainLength();
      tokensLeft = TokenCoding.mostTokens(code.length);
      // What a block only claims to hold is not taken before it comes.
      plain = new byte[Math.min(plainLength, Math.max(64, 16 * code.length))];
    }

    void append(byte[] bytes) throws TrcCorruptedException {
      // A token without bytes is never written; it would let a damaged block go on for ever.
      if (bytes.length == 0 || bytes.length > plainLength - length) {
        throw new TrcCorruptedException("a block holds a token that does not fit");
      }
      if (--tokensLeft < 0) {
        throw new TrcCorruptedException("a block claims more than its payload can hold");
      }
      if (bytes.length > plain.length - length) {
        plain = Arrays.copyOf(plain, (int) Math.min(plainLength, 2L * plain.length + bytes.length));
      }
      System.arraycopy(bytes, 0, plain, length, bytes.length);
      length += bytes.length;
    }

    /** True if the block is whole, and then nothing may follow its last token. */
    boolean finish() throws TrcCorruptedException {
      if (length < plainLength) {
        return false;
      }
      decoder.finish();
      return true;
    }
  }
}
