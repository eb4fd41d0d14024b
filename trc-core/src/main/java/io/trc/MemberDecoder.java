package io.trc;

import io.trc.block.BlockDecoder;
import io.trc.block.Payload;
import io.trc.container.Block;
import io.trc.container.ModelReference;
import io.trc.container.StreamHeader;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the blocks of one member. The model is found and loaded when the first block needs it; an
 * archive that needs none, or is only listed, loads none.
 *
 * <p>Confined to one thread at a time.
 */
final class MemberDecoder implements AutoCloseable {
  /** A model of this size in bytes is held against the memory limit before it is loaded. */
  private static final long LARGE_MODEL = 64L << 20;

  private final StreamHeader header;
  private final TrcOptions options;
  private @Nullable BlockWorkers<BlockDecoder> workers;

  /** Held, so that it stays shared for as long as this decodes. */
  @SuppressWarnings("UnusedVariable")
  private @Nullable TrcModel model;

  private LaneChoice lanes = new LaneChoice(1);

  MemberDecoder(StreamHeader header, TrcOptions options) {
    this.header = header;
    this.options = options;
  }

  StreamHeader header() {
    return header;
  }

  /** The number of blocks that are best given to {@link #decode} at once. */
  int bestGroup() {
    return options.threads() * TrcOptions.DECODING_LANES;
  }

  /**
   * Decodes blocks of the member, in any order.
   *
   * @throws TrcModelMissingException if the model is not there
   * @throws TrcNumericsException if the model computes other logits here than at the writer
   * @throws TrcCorruptedException if a block is damaged
   */
  List<byte[]> decode(List<Block> blocks) throws IOException {
    byte[][] plain = new byte[blocks.size()][];
    List<Integer> predicted = new ArrayList<>();
    for (int i = 0; i < plain.length; i++) {
      if (blocks.get(i).method().needsModel()) {
        predicted.add(i);
      } else {
        Block block = blocks.get(i);
        // LZMA2 takes a dictionary as long as the block beside the result.
        options.checkMemory(block.payload().length + 2L * block.plainLength());
        plain[i] = BlockDecoder.decodeBinary(payload(block));
      }
    }
    if (!predicted.isEmpty()) {
      decodePredicted(blocks, predicted, plain);
    }
    for (int i = 0; i < plain.length; i++) {
      check(blocks.get(i), plain[i]);
    }
    return List.of(plain);
  }

  /** What a group of blocks decodes to, and the time that took. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Decoded(byte[][] plain, long nanos) {
    static Decoded by(BlockDecoder decoder, List<Payload> payloads) throws IOException {
      long start = System.nanoTime();
      byte[][] plain = decoder.decode(payloads);
      return new Decoded(plain, System.nanoTime() - start);
    }

    long bytes() {
      return Stream.of(plain).mapToLong(block -> block.length).sum();
    }
  }

  /** Cuts the blocks into groups, a thread and its lanes each, and waits for all. */
  private void decodePredicted(List<Block> blocks, List<Integer> which, byte[][] plain)
      throws IOException {
    BlockWorkers<BlockDecoder> threads = workers();
    List<Future<Decoded>> futures = new ArrayList<>();
    List<List<Integer>> groups = new ArrayList<>();
    int from = 0;
    for (int size : lanes.groups(which.size(), options.threads())) {
      List<Integer> group = which.subList(from, from + size);
      List<Payload> payloads = group.stream().map(i -> payload(blocks.get(i))).toList();
      groups.add(group);
      futures.add(threads.submit(decoder -> Decoded.by(decoder, payloads)));
      from += size;
    }
    for (int g = 0; g < groups.size(); g++) {
      Decoded decoded;
      try {
        decoded = BlockWorkers.await(futures.get(g));
      } catch (TrcCorruptedException e) {
        throw drift(e); // the stored checksum was right, so the bits are what was written
      }
      List<Integer> group = groups.get(g);
      lanes.measured(group.size(), decoded.bytes(), decoded.nanos());
      for (int i = 0; i < group.size(); i++) {
        plain[group.get(i)] = decoded.plain()[i];
      }
    }
  }

  private void check(Block block, byte[] plain) throws TrcException {
    if (!block.matches(plain, 0, plain.length)) {
      if (block.method().needsModel()) {
        throw drift(null);
      }
      throw new TrcCorruptedException("a block decodes to other bytes than were compressed");
    }
  }

  private static TrcNumericsException drift(@Nullable Throwable cause) {
    String message =
        "a block is undamaged but decodes to other bytes than were compressed: the model computes"
            + " other logits here than where the archive was written";
    return cause == null
        ? new TrcNumericsException(message)
        : new TrcNumericsException(message, cause);
  }

  private static Payload payload(Block block) {
    return new Payload(BlockCodings.coding(block.method()), block.payload(), block.plainLength());
  }

  private BlockWorkers<BlockDecoder> workers() throws IOException {
    if (workers == null) {
      ModelReference reference = header.model();
      if (reference == null) {
        throw new TrcFormatException("a block needs a model, but the header names none");
      }
      TrcModel found = ModelFinder.fromEnvironment().find(reference.digest(), options.model());
      model = found;
      if (found.size() > LARGE_MODEL) {
        options.checkMemory(found.size());
      }
      LanguageModel language = found.language(options.engine(), reference);
      int window = reference.window();
      if (window > Math.max(16, language.trainedWindow())) {
        throw new TrcFormatException(
            "the archive asks for a window of "
                + window
                + " tokens, more than its model was trained for");
      }
      if (window > Lanes.MAX_WINDOW) {
        throw new TrcUnsupportedException(
            "the archive asks for a window of "
                + window
                + " tokens; this version of TRC can do "
                + Lanes.MAX_WINDOW);
      }
      lanes = new LaneChoice(lanes(language, window));
      workers =
          new BlockWorkers<>(
              options.threads(), "trc-decoder", () -> new BlockDecoder(language, window, null));
    }
    return workers;
  }

  /** As many lanes as are of use and the memory limit allows. */
  private int lanes(LanguageModel language, int window) throws TrcException {
    int most = language.numerics().shapeInvariant() ? TrcOptions.DECODING_LANES : 1;
    while (most > 1 && memory(language, window, most) > options.memoryLimit()) {
      most /= 2;
    }
    options.checkMemory(memory(language, window, most));
    return most;
  }

  private long memory(LanguageModel language, int window, int lanes) {
    return language.modelMemory()
        + options.threads() * BlockDecoder.memory(language, window, lanes);
  }

  @Override
  public void close() {
    if (workers != null) {
      workers.close();
      workers = null;
    }
    model = null;
  }
}
