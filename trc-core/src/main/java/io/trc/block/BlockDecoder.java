package io.trc.block;

import io.trc.TrcCorruptedException;
import io.trc.TrcException;
import io.trc.entropy.EntropyDecoder;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import io.trc.predict.SlidingWindow;
import io.trc.predict.TokenDistribution;
import io.trc.predict.Vocabulary;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns payloads back into plain blocks. Several model-coded blocks at once go through the model in
 * lockstep, one lane each, which is about twice as quick as one after the other.
 *
 * <p>Confined to one thread; threads that decode in parallel have a decoder each. The plain bytes
 * are not checked here: the container holds their checksum.
 */
public final class BlockDecoder implements AutoCloseable {
  private final LanguageModel model;
  private final int window;
  private final @Nullable CodingStatistics statistics;
  private final TokenDistribution distribution;
  private final float[] logits;
  private @Nullable SlidingWindow sliding;

  /** Creates a decoder; lanes are opened when blocks come. */
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
      case STORED -> payload.bytes().clone();
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
   */
  public byte[][] decode(List<Payload> payloads) throws TrcException {
    int count = payloads.size();
    SlidingWindow window = open(count);
    Lanes lanes = window.lanes();
    window.clear();
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
    for (long step = 0; open > 0; step++) {
      if ((step & 0xff) == 0) {
        Interruption.check();
      }
      long before = System.nanoTime();
      window.advance(tokens, 0, 1);
      modelNanos += System.nanoTime() - before;
      for (int lane = 0; lane < count; lane++) {
        Block block = blocks[lane];
        if (block.length == block.plain.length) {
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

  private SlidingWindow open(int count) throws TrcException {
    if (sliding == null || sliding.lanes().count() != count) {
      close();
      sliding = new SlidingWindow(model.openLanes(count, window, 1));
    }
    return sliding;
  }

  /** An upper estimate of the memory in bytes that one decoder takes, beyond the model. */
  public static long memory(LanguageModel model, int window, int lanes) {
    return model.lanesMemory(lanes, window, 1) + 64L * model.vocabulary().size();
  }

  /** Frees the lanes. */
  @Override
  public void close() {
    if (sliding != null) {
      sliding.lanes().close();
      sliding = null;
    }
  }

  /** A block on its way: what was decoded of it so far. */
  private static final class Block {
    final EntropyDecoder decoder;
    final byte[] plain;
    int length;

    Block(Payload payload) {
      byte[] code = payload.bytes();
      decoder = Coders.of(payload.coding()).newDecoder(code, 0, code.length);
      plain = new byte[payload.plainLength()];
    }

    void append(byte[] bytes) throws TrcCorruptedException {
      // A token without bytes is never written; it would let a damaged block go on for ever.
      if (bytes.length == 0 || bytes.length > plain.length - length) {
        throw new TrcCorruptedException("a block holds a token that does not fit");
      }
      System.arraycopy(bytes, 0, plain, length, bytes.length);
      length += bytes.length;
    }

    /** True if the block is whole, and then nothing may follow its last token. */
    boolean finish() throws TrcCorruptedException {
      if (length < plain.length) {
        return false;
      }
      decoder.finish();
      return true;
    }
  }
}
