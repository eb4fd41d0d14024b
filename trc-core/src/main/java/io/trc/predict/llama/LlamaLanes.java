package io.trc.predict.llama;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.trc.TrcEngineException;
import io.trc.TrcException;
import io.trc.predict.Lanes;
import java.lang.ref.Cleaner;
import java.util.Objects;

/**
 * Lanes in one native context: lane {@code l} is sequence {@code l}, and a step fills one KV cell
 * for each lane, in order. Whatever could make native code abort is checked before the call.
 */
final class LlamaLanes implements Lanes {
  private static final Cleaner CLEANER = Cleaner.create();

  private static final int F16 = 1;

  /**
   * Held where matrices of floats are multiplied: in b4916 all contexts of a process share one
   * counter of the pieces that are done (mended by llama.cpp's pull request 14035), so that two
   * threads get wrong products.
   */
  private static final Object FLOAT_KERNELS = new Object();

  private final NativeModel model;
  private final NativeShape shape;
  private final Pointer context;
  private final Cleaner.Cleanable cleanable;
  private final int count;
  private final int window;
  private final int maxSteps;

  /** Whether a single column must be made two. */
  private final boolean pairs;

  private final LlamaApi.Batch.ByValue batch = new LlamaApi.Batch.ByValue();
  private final Memory token;
  private final Memory position;
  private final Memory sequence;
  private final int[] positions;

  /** The tokens of all lanes, step by step, {@code length * count} of them. */
  private final int[] held;

  private int length;

  /** The columns that have logits, and the native column of the first of them. */
  private int columns;

  private int firstColumn;

  /** Whether the cell before the next one belongs to another stretch of the text. */
  private boolean gap = true;

  private boolean failed;
  private boolean closed;

  /** What is left to do when lanes are closed or forgotten. */
  private record Release(Pointer context, NativeModel model) implements Runnable {
    @Override
    public void run() {
      LlamaApi.llama_free(context);
      model.release();
    }
  }

  /** Opens lanes of a model, which the caller has retained for them. */
  LlamaLanes(NativeModel model, NativeShape shape, int lanes, int window, int maxSteps)
      throws TrcEngineException {
    this.model = model;
    this.shape = shape;
    this.count = lanes;
    this.window = window;
    this.maxSteps = maxSteps;
    this.pairs = shape.unquantised() && !model.isRecurrent();
    int width = shape.columns(lanes, maxSteps);
    token = new Memory(4L * width);
    position = new Memory(4L * width);
    sequence = new Memory(4L * width);
    positions = new int[width];
    held = new int[lanes * window];
    Memory sequences = new Memory((long) Native.POINTER_SIZE * width);
    Memory sequenceCounts = new Memory(4L * width);
    Memory wanted = new Memory(width);
    for (int i = 0; i < width; i++) {
      sequence.setInt(4L * i, i % lanes);
      sequences.setPointer((long) Native.POINTER_SIZE * i, sequence.share(4L * i));
      sequenceCounts.setInt(4L * i, 1);
      wanted.setByte(i, (byte) 1);
    }
    batch.token = token;
    batch.pos = position;
    batch.n_seq_id = sequenceCounts;
    batch.seq_id = sequences;
    batch.logits = wanted;
    batch.write();
    batch.setAutoSynch(false);
    LlamaApi.ContextParams.ByValue params = LlamaApi.llama_context_default_params();
    params.n_ctx = lanes * window;
    params.n_batch = width;
    params.n_ubatch = width;
    params.n_seq_max = lanes + 1;
    params.n_threads = 1;
    params.n_threads_batch = 1;
    params.type_k = F16;
    params.type_v = F16;
    params.offload_kqv = 0;
    params.flash_attn = 1;
    params.no_perf = 1;
    LlamaLog.INSTANCE.listen();
    Pointer opened;
    String heard;
    try {
      opened = LlamaApi.llama_init_from_model(model.pointer(), params);
    } finally {
      heard = LlamaLog.INSTANCE.heard();
    }
    if (opened == null) {
      throw new TrcEngineException(
          "llama.cpp cannot open "
              + lanes
              + " lanes of "
              + window
              + " tokens; there may be too little memory"
              + heard);
    }
    context = opened;
    cleanable = CLEANER.register(this, new Release(opened, model));
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public int window() {
    return window;
  }

  @Override
  public int maxSteps() {
    return maxSteps;
  }

  @Override
  public synchronized int length() {
    return length;
  }

  // The methods that call native code are synchronized so that close() cannot overtake them, and so
  // that the cleaner cannot: an object whose lock is held is reachable.

  @Override
  public synchronized void evaluate(int[] tokens, int offset, int steps) throws TrcException {
    checkUsable();
    int width = Lanes.checkTokens(this, tokens, offset, steps, model.vocabularySize());
    System.arraycopy(tokens, offset, held, length * count, width);
    append(steps);
    columns = width;
  }

  /** Evaluates the held tokens of the next steps, never a lone column where pairs are needed. */
  private void append(int steps) throws TrcEngineException {
    if (steps * count == 1 && pairs) {
      decodePair();
    } else {
      decode(length, steps);
    }
    length += steps;
    gap = false;
  }

  /** Evaluates held tokens, where they belong. */
  private void decode(int from, int steps) throws TrcEngineException {
    int width = steps * count;
    for (int i = 0; i < width; i++) {
      positions[i] = from + i / count;
    }
    token.write(0, held, from * count, width);
    position.write(0, positions, 0, width);
    firstColumn = 0;
    call(width);
  }

  /**
   * Evaluates a single token, the one held at {@link #length}, as the second of two columns, since
   * kernels for unquantised weights compute a lone column in another order. The first column is the
   * token before it, once again, into the cell it had; a token that starts a stretch of cells is
   * followed by a throw-away token of the spare sequence instead. Either way the token ends in the
   * cell that it has in a batch.
   */
  private void decodePair() throws TrcEngineException {
    if (gap) {
      token.setInt(0, held[length]);
      position.setInt(0, length);
      token.setInt(4, 0);
      position.setInt(4, 0);
      sequence.setInt(4, 1);
      firstColumn = 0;
      call(2);
      sequence.setInt(4, 0);
      forget(1, 0, -1);
    } else {
      forget(0, length - 1, length);
      decode(length - 1, 2);
      firstColumn = 1;
    }
  }

  private void call(int width) throws TrcEngineException {
    batch.getPointer().setInt(0, width);
    LlamaLog.INSTANCE.listen();
    int code;
    String heard;
    try {
      code = decode();
    } finally {
      heard = LlamaLog.INSTANCE.heard();
    }
    if (code != 0) {
      throw failure("llama.cpp cannot evaluate " + width + " tokens, code " + code + heard);
    }
  }

  private int decode() {
    if (!shape.unquantised()) {
      return LlamaApi.llama_decode(context, batch);
    }
    synchronized (FLOAT_KERNELS) {
      return LlamaApi.llama_decode(context, batch);
    }
  }

  private void forget(int lane, int from, int to) throws TrcEngineException {
    if (LlamaApi.llama_kv_self_seq_rm(context, lane, from, to) == 0) {
      throw failure("llama.cpp cannot forget tokens of this model");
    }
  }

  private TrcEngineException failure(String message) {
    failed = true;
    columns = 0;
    return new TrcEngineException(message);
  }

  @Override
  public synchronized void logits(int column, float[] target) {
    checkUsable();
    int size = model.vocabularySize();
    Lanes.checkLogits(column, columns, target, size);
    Pointer row = LlamaApi.llama_get_logits_ith(context, firstColumn + column);
    if (row == null) {
      throw new IllegalStateException("llama.cpp computed no logits");
    }
    row.read(0, target, 0, size);
  }

  @Override
  public synchronized void drop(int from, int tokens) throws TrcException {
    checkUsable();
    Objects.checkFromIndexSize(from, tokens, length);
    if (tokens == 0) {
      return;
    }
    int kept = length - tokens;
    int after = from + tokens;
    System.arraycopy(held, after * count, held, from * count, (length - after) * count);
    if (kept == 0) {
      clear();
    } else if (LlamaApi.llama_kv_self_can_shift(context) != 0) {
      for (int lane = 0; lane < count; lane++) {
        forget(lane, from, after);
        LlamaApi.llama_kv_self_seq_add(context, lane, after, length, -tokens);
      }
      LlamaApi.llama_kv_self_update(context);
      length = kept;
      gap = true;
    } else {
      evaluateAnew(kept);
    }
  }

  private void evaluateAnew(int kept) throws TrcEngineException {
    LlamaApi.llama_kv_self_clear(context);
    length = 0;
    columns = 0;
    gap = true;
    while (length < kept) {
      append(Math.min(shape.stepsAnew(count), kept - length));
    }
  }

  @Override
  public synchronized void clear() {
    if (closed) {
      throw new IllegalStateException("the lanes are closed");
    }
    LlamaApi.llama_kv_self_clear(context);
    length = 0;
    gap = true;
    failed = false;
  }

  private void checkUsable() {
    if (closed) {
      throw new IllegalStateException("the lanes are closed");
    }
    if (failed) {
      throw new IllegalStateException("the lanes have failed; clear them first");
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      cleanable.clean();
    }
  }
}
