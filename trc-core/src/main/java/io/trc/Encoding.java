package io.trc;

import io.trc.block.BlockDecoder;
import io.trc.block.BlockEncoder;
import io.trc.block.CodingStatistics;
import io.trc.block.Payload;
import io.trc.container.Block;
import io.trc.predict.LanguageModel;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one thread encodes with. The model is loaded when the first text needs it.
 *
 * <p>Confined to one thread at a time.
 */
final class Encoding {
  /** The model takes a hundred times as long, so it must save one byte in so many. */
  private static final int WORTH_WHILE = 32;

  /** What a block of a member costs beside its payload, about, index included. */
  private static final int RECORD = 22;

  private final TrcOptions options;
  private final @Nullable CodingStatistics statistics;
  private @Nullable BlockEncoder encoder;
  private @Nullable BlockDecoder verifier;

  Encoding(TrcOptions options, @Nullable CodingStatistics statistics) {
    this.options = options;
    this.statistics = statistics;
  }

  /**
   * Which way a group of text is to be coded, as a small part of it tells.
   *
   * @param predicted true if the model's blocks will be smaller than LZMA2's
   * @param plainly true if there was no doubt
   */
  record Verdict(boolean predicted, boolean plainly) {}

  /**
   * Judges a group of text. The model sees a tenth of it at most; LZMA2 sees all of it, the quick
   * one first.
   */
  Verdict judge(byte[] text) throws IOException {
    if (text.length < BlockEncoder.LEAST_FORECAST) {
      return new Verdict(true, false); // the model is as quick as a forecast
    }
    long quick = BlockEncoder.quickSize(text);
    if (BlockEncoder.isPlainlyRepetitive(quick, text.length)) {
      return new Verdict(false, true);
    }
    long forecast = encoder().forecast(text);
    if (forecast >= quick) {
      return new Verdict(false, forecast - quick > quick / 4);
    }
    // The thorough LZMA2 saves up to a quarter beside the quick one.
    if (forecast <= quick - quick / 4) {
      return new Verdict(true, true);
    }
    long lzma = BlockEncoder.encodeBinary(text, 0, text.length, options.level()).bytes().length;
    return new Verdict(forecast < lzma - lzma / WORTH_WHILE, false);
  }

  /** A block of what is no text, or of text that LZMA2 shrinks better. */
  Block binary(byte[] plain, int length) throws IOException {
    return block(BlockEncoder.encodeBinary(plain, 0, length, options.level()), plain, length);
  }

  /** A block of text. */
  Block text(byte[] plain) throws IOException {
    return block(encoder().encode(plain, 0, plain.length), plain, plain.length);
  }

  /** One LZMA2 block in place of several, if that is smaller than they are. */
  @Nullable Block joint(byte[] text, List<Block> blocks) throws IOException {
    long apart = blocks.stream().mapToLong(block -> block.payload().length + RECORD).sum();
    Payload joint = BlockEncoder.encodeBinary(text, 0, text.length, options.level());
    if (joint.bytes().length + RECORD >= apart) {
      return null;
    }
    if (!Arrays.equals(BlockDecoder.decodeBinary(joint), text)) {
      throw new TrcException("LZMA2 does not give back what it was given");
    }
    return block(joint, text, text.length);
  }

  /** An upper estimate of the memory in bytes that one takes, beyond the model. */
  static long memory(TrcOptions options, LanguageModel model, int window) {
    long memory = Math.max(BlockEncoder.memory(model, window), binaryMemory(options));
    return options.verify() ? memory + BlockDecoder.memory(model, window, 1) : memory;
  }

  /** An upper estimate of the memory in bytes for coding one block of no text. */
  static long binaryMemory(TrcOptions options) {
    return BlockEncoder.binaryMemory(options.binaryBlock(), options.level());
  }

  private BlockEncoder encoder() throws TrcException {
    if (encoder == null) {
      LanguageModel model = options.language();
      encoder =
          new BlockEncoder(
              model, options.coder().coding(), options.window(model), options.level(), statistics);
    }
    return encoder;
  }

  private Block block(Payload payload, byte[] plain, int length) throws IOException {
    if (options.verify()) {
      verify(payload, plain, length);
    }
    return Block.coded(BlockCodings.method(payload.coding()), plain, 0, length, payload.bytes());
  }

  private void verify(Payload payload, byte[] plain, int length) throws IOException {
    byte[] decoded;
    if (payload.coding().needsModel()) {
      if (verifier == null) {
        LanguageModel model = options.language();
        verifier = new BlockDecoder(model, options.window(model), null);
      }
      decoded = verifier.decode(List.of(payload))[0];
    } else {
      decoded = BlockDecoder.decodeBinary(payload);
    }
    if (!Arrays.equals(decoded, 0, decoded.length, plain, 0, length)) {
      throw new TrcNumericsException(
          "a block did not decode to what was written; nothing of it was kept");
    }
  }
}
