package io.trc.member;

import io.trc.TrcException;
import io.trc.TrcMemoryLimitException;
import io.trc.block.BlockEncoder;
import io.trc.block.PlainText;
import io.trc.block.Prediction;
import io.trc.container.Block;
import io.trc.container.BlockMethod;
import io.trc.mix.Learnt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Turns plain bytes into the blocks of a member.
 *
 * <p>Chunks of text that follow each other form groups. LZMA2 finds more in a long block than in
 * the short ones that suit the model, and is a hundred times quicker; so each group is judged as a
 * whole by a small part of it, and the model sees only what it probably wins. All else, and what is
 * no text, is collected into long LZMA2 blocks. What is decided depends on the bytes alone, not on
 * the number of threads.
 *
 * <p>Confined to one thread at a time; it uses several itself.
 */
public final class StreamEncoder implements AutoCloseable {
  /** A member has fewer blocks than it might, so that those linked have their base in it. */
  private static final int MOST_LINKED = 1 << 20;

  private final Plan plan;
  private final MemberSink sink;
  private final BlockWorkers<BlockEncoder> workers;
  private final Prospects prospects = new Prospects();

  private final List<byte[]> chunks = new ArrayList<>();
  private int chunkBytes;
  private @Nullable Group judged;
  private byte[] binary = new byte[0];
  private int binaryLength;

  /** What later blocks of text start from, and how it was coded. */
  private @Nullable Learnt learnt;

  private BlockMethod learntBy = BlockMethod.STORED;

  /** The blocks since the first base. */
  private int linkedBlocks;

  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private int pendingBlocks;

  /** The blocks of no text that are coded at once, at most. */
  private final int mostBinaries;

  /** Text of which a worker finds out whether the model shall see it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Group(
      List<byte[]> chunks, byte[] text, @Nullable Future<BlockEncoder.Verdict> verdict) {}

  /**
   * Blocks that are being coded.
   *
   * @param text their plain bytes if they are a group of text that one block may hold as well
   * @param base true if the first one is a base that starts from nothing
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Pending(List<Future<Block>> blocks, byte @Nullable [] text, boolean base) {
    boolean isDone() {
      return blocks.stream().allMatch(Future::isDone);
    }
  }

  /**
   * Creates an encoder.
   *
   * @throws TrcMemoryLimitException if that takes more memory than the plan allows
   * @throws TrcException if the model cannot be loaded to find that out
   */
  public StreamEncoder(OutputStream out, Plan plan) throws TrcException {
    this(out, plan, plan);
  }

  /** Creates an encoder whose predictions come from elsewhere, such as a model that is measured. */
  public StreamEncoder(OutputStream out, Plan plan, Prediction.Source source) throws TrcException {
    plan.checkEncodingMemory();
    this.plan = plan;
    mostBinaries = plan.mostBinaries();
    sink = new MemberSink(out, plan);
    workers =
        new BlockWorkers<>(
            plan.encodingThreads(), "trc-encoder", () -> new BlockEncoder(source, plan.coding()));
  }

  /** Takes the next bytes, as many as a block of text has, or fewer at the end. */
  public void add(byte[] bytes, int length) throws IOException {
    if (PlainText.maybe(bytes, 0, length)) {
      chunks.add(Arrays.copyOf(bytes, length));
      chunkBytes += length;
      if (chunkBytes >= Plan.GROUP) {
        judgeGroup();
      }
    } else {
      judgeGroup();
      decideGroup();
      addBinary(bytes, length);
    }
  }

  /** Has the group judged that was collected, and decides on the one before. */
  private void judgeGroup() throws IOException {
    if (chunks.isEmpty()) {
      return;
    }
    ByteArrayOutputStream joined = new ByteArrayOutputStream(chunkBytes);
    chunks.forEach(joined::writeBytes);
    byte[] text = joined.toByteArray();
    List<byte[]> parts = List.copyOf(chunks);
    Future<BlockEncoder.Verdict> verdict =
        prospects.areDim(text) ? null : workers.submit(encoder -> encoder.judge(text, parts));
    Group group = new Group(parts, text, verdict);
    chunks.clear();
    chunkBytes = 0;
    decideGroup();
    judged = group;
  }

  private void decideGroup() throws IOException {
    Group group = judged;
    if (group == null) {
      return;
    }
    judged = null;
    BlockMethod method = prospects.winner();
    if (group.verdict != null) {
      BlockEncoder.Verdict verdict = BlockWorkers.await(group.verdict);
      method = verdict.method();
      prospects.learn(group.text, verdict, plan.coding().method());
    }
    if (method == BlockMethod.LZMA2) {
      addBinary(group.text, group.text.length);
      return;
    }
    endBinary();
    // Without a model nothing is gained by short blocks but a quick look into the middle.
    boolean whole = method != plan.coding().method();
    submitText(method, whole ? List.of(group.text) : group.chunks, group.text);
  }

  private void submitText(BlockMethod method, List<byte[]> chunks, byte[] text) throws IOException {
    List<Future<Block>> blocks = new ArrayList<>();
    boolean taught = false;
    boolean first = beginsAnew(method, chunks);
    if (first || (method.needsModel() && !learntBy.needsModel())) {
      learnt = null; // and where a model comes in, the member ends in which it was learnt
    }
    for (byte[] chunk : chunks) {
      Learnt start = method == learntBy ? learnt : null;
      boolean next = start != null && isBase(linkedBlocks) && chunk.length >= plan.blockSize();
      if (next || (first && blocks.isEmpty())) {
        Future<BlockEncoder.Base> future =
            workers.submit(encoder -> encoder.base(method, chunk, start));
        // What is linked has to wait for it in any case.
        Block base = learn(BlockWorkers.await(future), next);
        taught |= base.isBase();
        blocks.add(CompletableFuture.completedFuture(base));
      } else {
        blocks.add(workers.submit(encoder -> encoder.text(method, chunk, start)));
      }
      linkedBlocks++;
    }
    boolean opens = first && learnt != null;
    submit(new Pending(blocks, taught ? null : text, opens));
  }

  /** Takes note of what a base teaches; without it, those linked to the one before go on. */
  private Block learn(BlockEncoder.Base base, boolean next) {
    if (base.learnt() != null) {
      learnt = base.learnt();
      learntBy = base.block().method();
    }
    linkedBlocks = next ? linkedBlocks : 0;
    return base.block();
  }

  /**
   * Whether others shall start from a text block of this number, counted from the first base: 0, 1,
   * 3, 7, ... So what was learnt grows with the text, and a reader decodes few to have it.
   */
  private static boolean isBase(int number) {
    return Integer.bitCount(number + 1) == 1;
  }

  /** Whether others shall start from the first of some chunks of text, and that from nothing. */
  private boolean beginsAnew(BlockMethod method, List<byte[]> chunks) {
    if (!plan.linked() || !method.learns() || chunks.get(0).length < plan.blockSize()) {
      return false;
    }
    boolean none = learnt == null || linkedBlocks > MOST_LINKED;
    return none || (method != learntBy && chunks.size() > 1);
  }

  private void addBinary(byte[] bytes, int length) throws IOException {
    if (length > plan.binaryBlock() - binaryLength) {
      endBinary();
    }
    int needed = binaryLength + length;
    if (binary.length < needed) {
      int room = Math.max(needed, Math.min(4 * needed, plan.binaryBlock()));
      binary = Arrays.copyOf(binary, room);
    }
    System.arraycopy(bytes, 0, binary, binaryLength, length);
    binaryLength = needed;
  }

  private void endBinary() throws IOException {
    if (binaryLength > 0) {
      byte[] plain = binary;
      int length = binaryLength;
      binary = new byte[0];
      binaryLength = 0;
      while (binariesAtWork() >= mostBinaries) {
        writeOldest();
      }
      List<Future<Block>> block = List.of(workers.submit(encoder -> encoder.binary(plain, length)));
      linkedBlocks++;
      submit(new Pending(block, null, false));
    }
  }

  private long binariesAtWork() {
    return pending.stream().filter(block -> block.text == null && !block.isDone()).count();
  }

  private void submit(Pending blocks) throws IOException {
    pending.add(blocks);
    pendingBlocks += blocks.blocks.size();
    while (pendingBlocks > 2 * (plan.encodingThreads() - 1)) {
      writeOldest();
    }
  }

  private void writeOldest() throws IOException {
    Pending oldest = pending.remove();
    pendingBlocks -= oldest.blocks.size();
    List<Block> blocks = new ArrayList<>();
    for (Future<Block> block : oldest.blocks) {
      blocks.add(BlockWorkers.await(block));
    }
    byte[] text = oldest.text;
    if (text != null && blocks.size() > 1) {
      Block joint = BlockWorkers.await(workers.submit(encoder -> encoder.joint(text, blocks)));
      if (joint != null) {
        sink.write(joint);
        return;
      }
    }
    if (oldest.base) {
      sink.writeBase(blocks.remove(0));
    }
    for (Block block : blocks) {
      sink.write(block);
    }
  }

  /** Writes what is ready. */
  public void writeReady() throws IOException {
    while (!pending.isEmpty() && pending.element().isDone()) {
      writeOldest();
    }
  }

  /** Codes and writes all that was taken, so that a reader can have it. */
  public void flush() throws IOException {
    drain();
    sink.flush();
  }

  /** Codes and writes all that was taken, and ends the member. */
  public void finish() throws IOException {
    drain();
    sink.finish();
  }

  private void drain() throws IOException {
    judgeGroup();
    decideGroup();
    endBinary();
    while (!pending.isEmpty()) {
      writeOldest();
    }
  }

  /** Ends the threads, whatever they do. */
  @Override
  public void close() {
    workers.close();
  }
}
