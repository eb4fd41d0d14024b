package io.trc.member;

import io.trc.TrcCorruptedException;
import io.trc.TrcException;
import io.trc.TrcFormatException;
import io.trc.TrcModelMissingException;
import io.trc.TrcNumericsException;
import io.trc.TrcUnsupportedException;
import io.trc.block.BlockDecoder;
import io.trc.container.Block;
import io.trc.container.ModelReference;
import io.trc.container.StreamHeader;
import io.trc.models.Model;
import io.trc.models.ModelFinder;
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
  private final Plan plan;
  private @Nullable BlockWorkers<BlockDecoder> workers;

  /** Held, so that it stays shared for as long as this decodes. */
  @SuppressWarnings("UnusedVariable")
  private @Nullable Model model;

  private LaneChoice lanes = new LaneChoice(1);

  private MemberDecoder(StreamHeader header, Plan plan) {
    this.header = header;
    this.plan = plan;
  }

  /** A decoder for a header: the one before if that is of the same, else a new one in its place. */
  static MemberDecoder instead(@Nullable MemberDecoder before, StreamHeader header, Plan plan) {
    if (before != null && before.header.equals(header)) {
      return before;
    }
    if (before != null) {
      before.close();
    }
    return new MemberDecoder(header, plan);
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
        plan.checkMemory(block.payload().length + 2L * block.plainLength());
        plain[i] = BlockDecoder.decodeBinary(block);
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
    static Decoded by(BlockDecoder decoder, List<Block> blocks) throws IOException {
      long start = System.nanoTime();
      byte[][] plain = decoder.decode(blocks);
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
    for (int size : lanes.groups(which.size(), plan.threads())) {
      List<Integer> group = which.subList(from, from + size);
      List<Block> some = group.stream().<Block>map(blocks::get).toList();
      groups.add(group);
      futures.add(threads.submit(decoder -> Decoded.by(decoder, some)));
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

  private BlockWorkers<BlockDecoder> workers() throws IOException {
    if (workers == null) {
      ModelReference reference = header.model();
      if (reference == null) {
        throw new TrcFormatException("a block needs a model, but the header names none");
      }
      Model found = ModelFinder.fromEnvironment().find(reference.digest(), plan.model());
      model = found;
      if (found.size() > LARGE_MODEL) {
        plan.checkMemory(found.size());
      }
      LanguageModel language = found.choose(plan.engine(), reference);
      int window = reference.window();
      if (window > Plan.longestWindow(language)) {
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
      lanes = new LaneChoice(plan.lanes(language, window));
      workers =
          new BlockWorkers<>(
              plan.threads(), "trc-decoder", () -> new BlockDecoder(language, window));
    }
    return workers;
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
