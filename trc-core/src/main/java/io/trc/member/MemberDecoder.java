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

  /** The lanes of a thread, or 0 before the first block that needs the model. */
  private int lanes;

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
   * Decodes blocks of the member that follow each other.
   *
   * @param number of the first one in the member
   * @param bases of the member
   * @throws TrcModelMissingException if the model is not there
   * @throws TrcNumericsException if the model computes other logits here than at the writer
   * @throws TrcCorruptedException if a block is damaged
   */
  List<byte[]> decode(List<Block> blocks, int number, Bases bases) throws IOException {
    byte[][] plain = new byte[blocks.size()][];
    int from = 0;
    for (int i = 0; i < plain.length; i++) {
      if (blocks.get(i).isBase()) {
        decode(blocks, from, i + 1, number, bases, plain);
        from = i + 1;
      }
    }
    decode(blocks, from, plain.length, number, bases, plain);
    return List.of(plain);
  }

  /** Decodes some of the blocks, of which the last one may be a base and no other one is. */
  private void decode(List<Block> blocks, int from, int to, int number, Bases bases, byte[][] plain)
      throws IOException {
    List<Integer> predicted = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    boolean linked = false;
    Block base = null;
    for (int i = from; i < to; i++) {
      Block block = blocks.get(i);
      linked |= block.isLinked();
      if (block.isBase()) {
        base = block;
      } else {
        (block.method().needsModel() ? predicted : others).add(i);
      }
    }
    Learnt learnt = linked ? learnt(bases, number + from) : null;
    Future<BlockDecoder.Base> teaching = base == null ? null : submitBase(base, learnt);
    decodeOthers(blocks, others, plain, learnt);
    if (!predicted.isEmpty()) {
      decodePredicted(blocks, predicted, plain, learnt);
    }
    if (base != null && teaching != null) {
      BlockDecoder.Base taught = await(teaching, base);
      plain[to - 1] = taught.plain();
      bases.learnt(number + to - 1, taught.learnt());
    }
    for (int i = from; i < to; i++) {
      check(blocks.get(i), plain[i]);
    }
  }

  private Future<BlockDecoder.Base> submitBase(Block base, @Nullable Learnt learnt)
      throws IOException {
    checkMemory(base, learnt);
    return workers().submit(decoder -> decoder.decodeBase(base, learnt));
  }

  /** What the nearest base before a block taught; decodes it, and what it needs itself. */
  private Learnt learnt(Bases bases, int block) throws IOException {
    Deque<Integer> unknown = new ArrayDeque<>();
    try {
      int base = bases.before(block);
      Learnt learnt = bases.known(base);
      while (learnt == null) {
        unknown.push(base);
        if (!bases.read(base).isLinked()) {
          break;
        }
        base = bases.before(base);
        learnt = bases.known(base);
      }
      while (!unknown.isEmpty()) {
        int next = unknown.pop();
        Block teacher = bases.read(next);
        BlockDecoder.Base taught = await(submitBase(teacher, learnt), teacher);
        check(teacher, taught.plain());
        learnt = taught.learnt();
        bases.learnt(next, learnt);
        bases.decodedAgain(teacher);
      }
      if (learnt == null) {
        throw new IllegalStateException("a base teaches something");
      }
      return learnt;
    } catch (TrcCorruptedException e) {
      throw new TrcCorruptedException(
          "a block starts from what another one taught, which cannot be read: " + e.getMessage(),
          e);
    }
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

  /** Cuts the blocks into groups, a thread and its lanes each, and waits for all. */
  private void decodePredicted(
      List<Block> blocks, List<Integer> which, byte[][] plain, @Nullable Learnt learnt)
      throws IOException {
    int most = lanes(blocks, which, learnt);
    BlockWorkers<BlockDecoder> threads = workers();
    List<Future<byte[][]>> futures = new ArrayList<>();
    List<List<Integer>> groups = new ArrayList<>();
    int from = 0;
    for (int size : LaneGroups.sizes(which.size(), plan.threads(), most)) {
      List<Integer> group = which.subList(from, from + size);
      List<Block> some = group.stream().<Block>map(blocks::get).toList();
      groups.add(group);
      futures.add(threads.submit(decoder -> decoder.decode(some, learnt)));
      from += size;
    }
    for (int g = 0; g < groups.size(); g++) {
      List<Integer> group = groups.get(g);
      byte[][] decoded = await(futures.get(g), blocks.get(group.get(0)));
      for (int i = 0; i < group.size(); i++) {
        plain[group.get(i)] = decoded[i];
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

  /** How many blocks of these a thread may decode side by side. */
  private int lanes(List<Block> blocks, List<Integer> which, @Nullable Learnt learnt)
      throws IOException {
    long most = 0;
    for (int i : which) {
      most = Math.max(most, checkMemory(blocks.get(i), learnt));
    }
    if (lanes == 0 || most > laneMemory) {
      Prediction prediction = get();
      laneMemory = most;
      lanes = plan.lanes(prediction.model(), prediction.window(), most);
    }
    return lanes;
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
    lanes = 0;
  }
}
