package io.trc.predict.portable;

import io.trc.gguf.LlamaShape;
import io.trc.predict.Lanes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Lanes evaluated in Java. Columns, one for each lane at each step, go through all layers in tiles,
 * so that one pass over the weights serves many of them.
 */
final class PortableLanes implements Lanes {
  /** Columns of a tile: enough to share the weights' traversal, few enough to stay in the cache. */
  private static final int TILE = 32;

  /** The logits of one call take no more than this. */
  private static final long LOGITS_LIMIT = 64L << 20;

  private final LlamaWeights weights;
  private final LlamaShape shape;
  private final int count;
  private final int maxSteps;
  private final CellOrder order;

  /** The angles of each position, once they were needed. */
  private final float[][] angles;

  /** What each lane remembers, for each layer. */
  private final List<List<LaneCache>> caches = new ArrayList<>();

  private final Attention attention;
  private final Product product;
  private final float[][] logits;

  // For each column of a tile: the cell, the cells it sees, and numbers on their way.
  private final int[] cells;
  private final int[] newCells;
  private final CellOrder.Runs[] visible;
  private final QuantisedColumns quantised;
  private final float[][] stream;
  private final float[][] normed;
  private final float[][] queryKeyValue;
  private final float[][] gateUp;
  private final float[] attended;

  private int columns;
  private boolean closed;

  PortableLanes(LlamaWeights weights, int lanes, int window, int wishedSteps) {
    this.weights = weights;
    this.shape = weights.shape();
    this.count = lanes;
    this.maxSteps = maxSteps(shape, lanes, wishedSteps);
    this.order = new CellOrder(window);
    this.angles = new float[window][];
    for (int lane = 0; lane < lanes; lane++) {
      List<LaneCache> layers = new ArrayList<>();
      for (int layer = 0; layer < shape.layers(); layer++) {
        layers.add(new LaneCache(shape, window));
      }
      caches.add(layers);
    }
    this.attention = new Attention(shape, window);
    this.logits = new float[lanes * maxSteps][];
    int width = Math.min(TILE, lanes * maxSteps);
    product = new Product(width);
    cells = new int[width];
    newCells = new int[maxSteps];
    visible = new CellOrder.Runs[width];
    for (int i = 0; i < width; i++) {
      visible[i] = new CellOrder.Runs();
    }
    quantised = new QuantisedColumns(width, Math.max(shape.embedding(), shape.feedForward()));
    stream = new float[width][shape.embedding()];
    normed = new float[width][shape.embedding()];
    queryKeyValue = new float[width][shape.embedding() + 2 * shape.sharedLength()];
    gateUp = new float[width][2 * shape.feedForward()];
    attended = new float[shape.embedding()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = new float[shape.vocabulary()];
    }
  }

  /** The greatest number of steps of one call, for a caller that wishes for so many. */
  private static int maxSteps(LlamaShape shape, int lanes, int wish) {
    long most = LOGITS_LIMIT / (4L * shape.vocabulary()) / lanes;
    return wish <= most ? wish : (int) Math.max(1, Long.highestOneBit(most));
  }

  /** The memory in bytes, an upper estimate. */
  static long memory(LlamaShape shape, int lanes, int window, int wishedSteps) {
    long columns = (long) lanes * maxSteps(shape, lanes, wishedSteps);
    long width = Math.min(TILE, columns);
    long widest = Math.max(shape.embedding(), shape.feedForward());
    // A float for each number, and the headers of the arrays that hold values.
    long cell = shape.layers() * (8L * shape.sharedLength() + 24L * shape.sharedHeads()) + 4;
    return lanes * (window * cell + 24L * shape.layers() * shape.sharedLength())
        + columns * (4L * shape.vocabulary() + 24)
        + width
            * 4
            * (2 * widest
                + 3L * shape.embedding()
                + 2L * shape.sharedLength()
                + 2L * shape.feedForward())
        + window * (16L * 4 + 4L * shape.headSize())
        + Product.memory()
        + (1 << 16);
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public int window() {
    return order.window();
  }

  @Override
  public int maxSteps() {
    return maxSteps;
  }

  @Override
  public int length() {
    return order.length();
  }

  @Override
  public void evaluate(int[] tokens, int offset, int steps) {
    checkOpen();
    int width = Lanes.checkTokens(this, tokens, offset, steps, shape.vocabulary());
    int first = order.length();
    for (int step = 0; step < steps; step++) {
      newCells[step] = order.append();
    }
    for (int from = 0; from < width; from += TILE) {
      evaluateTile(tokens, offset, first, from, Math.min(TILE, width - from));
    }
    columns = width;
  }

  private void evaluateTile(int[] tokens, int offset, int first, int from, int width) {
    for (int c = 0; c < width; c++) {
      int step = (from + c) / count;
      cells[c] = newCells[step];
      order.between(0, first + step + 1, visible[c]);
      weights.embedding().row(tokens[offset + from + c], stream[c]);
    }
    for (int layer = 0; layer < shape.layers(); layer++) {
      attend(layer, first, from, width);
      feedForward(weights.layers().get(layer), width);
    }
    for (int c = 0; c < width; c++) {
      weights.outputNorm().apply(stream[c], normed[c]);
      quantised.quantise(c, normed[c], shape.embedding());
    }
    product.multiply(weights.output(), quantised, width, logits, from);
  }

  private void attend(int layer, int first, int from, int width) {
    LlamaWeights.Layer layerWeights = weights.layers().get(layer);
    int length = shape.embedding();
    int shared = shape.sharedLength();
    for (int c = 0; c < width; c++) {
      layerWeights.attentionNorm().apply(stream[c], normed[c]);
      quantised.quantise(c, normed[c], length);
    }
    product.multiply(layerWeights.queryKeyValue(), quantised, width, queryKeyValue, 0);
    for (int c = 0; c < width; c++) {
      Rope.turn(queryKeyValue[c], 0, length + shared, angles(first + (from + c) / count));
      cache(from + c, layer).put(cells[c], queryKeyValue[c], length, length + shared);
    }
    for (int c = 0; c < width; c++) {
      for (int head = 0; head < shape.heads(); head++) {
        attention.attend(
            cache(from + c, layer),
            visible[c],
            head,
            queryKeyValue[c],
            head * shape.headSize(),
            attended);
      }
      quantised.quantise(c, attended, length);
    }
    product.multiply(layerWeights.attentionOutput(), quantised, width, normed, 0);
    addResidual(width);
  }

  private float[] angles(int position) {
    float[] known = angles[position];
    if (known == null) {
      known = weights.rope().angles(position);
      angles[position] = known;
    }
    return known;
  }

  private LaneCache cache(int column, int layer) {
    return caches.get(column % count).get(layer);
  }

  private void feedForward(LlamaWeights.Layer layerWeights, int width) {
    for (int c = 0; c < width; c++) {
      layerWeights.feedForwardNorm().apply(stream[c], normed[c]);
      quantised.quantise(c, normed[c], shape.embedding());
    }
    product.multiply(layerWeights.gateUp(), quantised, width, gateUp, 0);
    for (int c = 0; c < width; c++) {
      FeedForward.gate(gateUp[c], shape.feedForward());
      quantised.quantise(c, gateUp[c], shape.feedForward());
    }
    product.multiply(layerWeights.down(), quantised, width, normed, 0);
    addResidual(width);
  }

  private void addResidual(int width) {
    for (int c = 0; c < width; c++) {
      add(stream[c], normed[c], shape.embedding());
    }
  }

  private static void add(float[] sum, float[] change, int n) {
    for (int i = 0; i < n; i++) {
      sum[i] = change[i] + sum[i];
    }
  }

  @Override
  public void logits(int column, float[] target) {
    checkOpen();
    Lanes.checkLogits(column, columns, target, shape.vocabulary());
    System.arraycopy(logits[column], 0, target, 0, shape.vocabulary());
  }

  @Override
  public void drop(int from, int tokens) {
    checkOpen();
    Objects.checkFromIndexSize(from, tokens, length());
    if (tokens == 0) {
      return;
    }
    if (tokens == length()) {
      clear();
      return;
    }
    order.drop(from, tokens);
    CellOrder.Runs moved = new CellOrder.Runs();
    order.between(from, order.length(), moved);
    float[] turn = weights.rope().angles(-tokens);
    for (List<LaneCache> layers : caches) {
      for (LaneCache cache : layers) {
        for (int run = 0; run < moved.count(); run++) {
          cache.turn(moved.from(run), moved.to(run), turn);
        }
      }
    }
  }

  @Override
  public void clear() {
    checkOpen();
    order.clear();
    for (List<LaneCache> layers : caches) {
      layers.forEach(LaneCache::clear);
    }
  }

  @Override
  public void close() {
    closed = true;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the lanes are closed");
    }
  }
}
