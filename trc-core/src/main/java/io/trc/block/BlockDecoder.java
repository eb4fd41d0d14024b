package io.trc.block;

import io.trc.TrcCorruptedException;
import io.trc.container.Block;
import io.trc.container.BlockMethod;
import io.trc.predict.LanguageModel;
import io.trc.predict.Vocabulary;
import io.trc.text.DistributionCoder;
import io.trc.text.TextDecoder;
import io.trc.text.TokenCoder;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Turns blocks back into plain bytes, which are not checked here: the block knows their checksum.
 *
 * <p>Confined to one thread; threads that decode in parallel have a decoder each.
 */
public final class BlockDecoder {
  private final TextDecoder texts;
  private final Vocabulary vocabulary;
  private final Map<BlockMethod, TokenCoder> coders = new EnumMap<>(BlockMethod.class);

  /** Creates a decoder of blocks that need a model. */
  public BlockDecoder(LanguageModel model, int window) {
    texts = new TextDecoder(model, window);
    vocabulary = model.vocabulary();
  }

  /**
   * Decodes a block that needs no model.
   *
   * @throws TrcCorruptedException if the payload is damaged
   */
  public static byte[] decodeBinary(Block block) throws TrcCorruptedException {
    return switch (block.method()) {
      case STORED -> block.payload();
      case LZMA2 -> Lzma2.decode(block.payload(), block.plainLength());
      default -> throw new IllegalArgumentException("the block needs a model");
    };
  }

  /**
   * Decodes predicted blocks side by side.
   *
   * @param blocks at least one, and as many as the model evaluates in lockstep
   * @throws TrcCorruptedException if a payload is no code of as many bytes as it claims
   * @throws InterruptedIOException if the thread is interrupted; the flag stays set
   */
  public byte[][] decode(List<Block> blocks) throws IOException {
    List<TextDecoder.Coded> codes = new ArrayList<>();
    for (Block block : blocks) {
      TokenCoder coder =
          coders.computeIfAbsent(block.method(), method -> Prediction.coder(method, vocabulary));
      codes.add(new TextDecoder.Coded(coder, block.payload(), block.plainLength()));
    }
    return texts.decode(codes);
  }

  /** An upper estimate of the memory in bytes that one decoder takes, beyond the model. */
  public static long memory(LanguageModel model, int window, int lanes) {
    return TextDecoder.memory(model, window, lanes)
        + DistributionCoder.memory(model.vocabulary().size());
  }
}
