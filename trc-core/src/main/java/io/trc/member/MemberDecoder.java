package io.trc.member;

import io.trc.TrcCorruptedException;
import io.trc.TrcException;
import io.trc.TrcFormatException;
import io.trc.TrcModelMissingException;
import io.trc.TrcNumericsException;
import io.trc.TrcUnsupportedException;
import io.trc.block.BlockDecoder;
import io.trc.block.Prediction;
import io.trc.container.Block;
import io.trc.container.ModelReference;
import io.trc.container.StreamHeader;
import io.trc.mix.Learnt;
import io.trc.models.Model;
import io.trc.models.ModelFinder;
import io.trc.predict.Lanes;
import io.trc.predict.LanguageModel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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

  private @Nullable Prediction prediction;
  private @Nullable LaneChoice lanes;

  /** What a lane takes beside those for the model's sake. */
  private long laneMemory;

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
   * @param first the first block of the member, which others may start from
   * @throws TrcModelMissingException if the model is not there
   * @throws TrcNumericsException if the model computes other logits here than at the writer
   * @throws TrcCorruptedException if a block is damaged
   */
  List<byte[]> decode(List<Block> blocks, FirstBlock first) throws IOException {
    byte[][] plain = new byte[blocks.size()][];
    Learnt learnt = first.learnt();
    if (first.isNews(blocks.get(0))) {
      BlockDecoder.Base base = learn(blocks.get(0), first);
      plain[0] = base.plain();
      learnt = base.learnt();
    } else if (learnt == null && blocks.stream().anyMatch(Block::isLinked)) {
      learnt = learn(first.block(), first).learnt();
    }
    List<Integer> predicted = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < plain.length; i++) {
      if (plain[i] == null) {
        (blocks.get(i).method().needsModel() ? predicted : others).add(i);
      }
    }
    decodeOthers(blocks, others, plain, learnt);
    if (!predicted.isEmpty()) {
      decodePredicted(blocks, predicted, plain, learnt);
    }
    for (int i = 0; i < plain.length; i++) {
      check(blocks.get(i), plain[i]);
    }
    return List.of(plain);
  }

  /** Decodes the first block for what it teaches. */
  private BlockDecoder.Base learn(Block block, FirstBlock first) throws IOException {
    if (!block.method().learns()) {
      throw new TrcCorruptedException(
          "a block starts from what the first one of its member taught, which teaches nothing");
    }
    checkMemory(block, null);
    BlockDecoder.Base base = await(workers().submit(decoder -> decoder.decodeBase(block)), block);
    check(block, base.plain());
    first.taught(base.learnt());
    return base;
  }

  /** Decodes blocks that need no model, as many at once as there are threads and memory for. */
  private void decodeOthers(
      List<Block> blocks, List<Integer> which, byte[][] plain, @Nullable Learnt learnt)
      throws IOException {
    Deque<Future<byte[][]>> futures = new ArrayDeque<>();
    int next = 0;
    for (int i : which) {
      Block block = blocks.get(i);
      long memory = checkMemory(block, learnt);
      if (futures.size() == plan.fittingThreads(memory)) {
        int done = which.get(next++);
        plain[done] = await(futures.remove(), blocks.get(done))[0];
      }
      futures.add(workers().submit(decoder -> decoder.decode(List.of(block), learnt)));
    }
    while (!futures.isEmpty()) {
      int done = which.get(next++);
      plain[done] = await(futures.remove(), blocks.get(done))[0];
    }
  }

  /** The memory that a block takes beside its payload and plain bytes, which is checked. */
  private long checkMemory(Block block, @Nullable Learnt learnt) throws TrcException {
    long memory = BlockDecoder.memory(block, learnt);
    if (memory > 0) {
      plan.checkMemory(memory + block.payload().length + block.plainLength());
    }
    return memory;
  }

  /** What work on a block gives; damage is drift if the stored checksum was right. */
  private static <R> R await(Future<R> future, Block block) throws IOException {
    try {
      return BlockWorkers.await(future);
    } catch (TrcCorruptedException e) {
      throw block.method().needsModel() ? drift(e) : e;
    }
  }

  /** What a group of blocks decodes to, and the time that took. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Decoded(byte[][] plain, long nanos) {
    static Decoded by(BlockDecoder decoder, List<Block> blocks, @Nullable Learnt learnt)
        throws IOException {
      long start = System.nanoTime();
      byte[][] plain = decoder.decode(blocks, learnt);
      return new Decoded(plain, System.nanoTime() - start);
    }

    long bytes() {
      return Stream.of(plain).mapToLong(block -> block.length).sum();
    }
  }

  /** Cuts the blocks into groups, a thread and its lanes each, and waits for all. */
  private void decodePredicted(
      List<Block> blocks, List<Integer> which, byte[][] plain, @Nullable Learnt learnt)
      throws IOException {
    LaneChoice lanes = lanes(blocks, which, learnt);
    BlockWorkers<BlockDecoder> threads = workers();
    List<Future<Decoded>> futures = new ArrayList<>();
    List<List<Integer>> groups = new ArrayList<>();
    int from = 0;
    for (int size : lanes.groups(which.size(), plan.threads())) {
      List<Integer> group = which.subList(from, from + size);
      List<Block> some = group.stream().<Block>map(blocks::get).toList();
      groups.add(group);
      futures.add(threads.submit(decoder -> Decoded.by(decoder, some, learnt)));
      from += size;
    }
    for (int g = 0; g < groups.size(); g++) {
      Decoded decoded = await(futures.get(g), blocks.get(groups.get(g).get(0)));
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

  /** How many blocks of these to decode side by side. */
  private LaneChoice lanes(List<Block> blocks, List<Integer> which, @Nullable Learnt learnt)
      throws IOException {
    long most = 0;
    for (int i : which) {
      most = Math.max(most, checkMemory(blocks.get(i), learnt));
    }
    LaneChoice known = lanes;
    if (known == null || most > laneMemory) {
      Prediction prediction = get();
      laneMemory = most;
      known = new LaneChoice(plan.lanes(prediction.model(), prediction.window(), most));
      lanes = known;
    }
    return known;
  }

  private BlockWorkers<BlockDecoder> workers() {
    if (workers == null) {
      workers =
          new BlockWorkers<>(plan.threads(), "trc-decoder", () -> new BlockDecoder(this::get));
    }
    return workers;
  }

  /** Finds and loads the model. */
  private synchronized Prediction get() throws IOException {
    if (prediction == null) {
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
      prediction = new Prediction(language, window);
    }
    return prediction;
  }

  @Override
  public void close() {
    if (workers != null) {
      workers.close();
      workers = null;
    }
    model = null;
    prediction = null;
    lanes = null;
  }
}
