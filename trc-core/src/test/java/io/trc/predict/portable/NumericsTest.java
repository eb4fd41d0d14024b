package io.trc.predict.portable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trc.gguf.GgmlType;
import io.trc.gguf.GgufFile;
import io.trc.gguf.GgufWriter;
import io.trc.gguf.LlamaShape;
import io.trc.gguf.TinyModels;
import io.trc.predict.LanguageModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * NUMERICS.md against the product, against llama.cpp, and against an engine written from the page.
 * Tables and vectors are read from the page: from the inputs in each line the whole line is made
 * anew.
 */
class NumericsTest {
  private static final int FIRST = 4;

  private final NumericsDocument page;
  private final NumericsReference.Functions functions;

  @TempDir Path folder;

  NumericsTest() throws IOException {
    page = NumericsDocument.read();
    functions = new NumericsReference.Functions(page);
  }

  /** The generator of the vectors. */
  static final class Numbers {
    private int x;

    Numbers(int seed) {
      x = seed;
    }

    int next() {
      x = x * 1664525 + 1013904223;
      return x;
    }

    int octet() {
      return next() >>> 24;
    }

    float number() {
      return ((next() >>> 8) - 0x800000) * 0x1p-22f;
    }

    float[] numbers(int count) {
      float[] numbers = new float[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = number();
      }
      return numbers;
    }

    byte[] matrix(int type, int count) {
      int octets = type == GgufWriter.Q8_0 ? 32 : 20;
      int scale = type == GgufWriter.Q8_0 ? 0x1800 : 0x2400;
      ByteBuffer out = ByteBuffer.allocate(count / 32 * (2 + octets));
      out.order(ByteOrder.LITTLE_ENDIAN);
      while (out.hasRemaining()) {
        out.putShort((short) (scale | (next() >>> 16 & 0x83ff)));
        for (int i = 0; i < octets; i++) {
          out.put((byte) octet());
        }
      }
      return out.array();
    }

    byte[] norm(int count) {
      float[] numbers = new float[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = 1 + (octet() - 128) / 512f;
      }
      return Evaluation.bytes(numbers);
    }

    int[] tokens(int count, int vocabulary) {
      int[] tokens = new int[count];
      for (int i = 0; i < count; i++) {
        tokens[i] = (int) ((Integer.toUnsignedLong(next()) * vocabulary) >>> 32);
      }
      return tokens;
    }
  }

  /** A model of the page, by the words of its line. */
  private static final class VectorModel {
    private static final int TOKENS = 320;

    private final GgufWriter writer;
    private final ByteArrayOutputStream tensors = new ByteArrayOutputStream();

    VectorModel(List<String> line) {
      Numbers numbers = new Numbers(number(line, 1));
      int embedding = number(line, 2);
      int layers = number(line, 3);
      int heads = number(line, 4);
      int shared = number(line, 5);
      int feedForward = number(line, 6);
      boolean tied = line.get(7).equals("tied");
      int type = type(line.get(8));
      boolean divisors = line.get(10).equals("divisors");
      writer =
          new TinyModels(0)
              .embedding(embedding)
              .layers(layers)
              .heads(heads, shared)
              .feedForward(feedForward)
              .tied(tied)
              .vocabulary(TOKENS)
              .ropeBase(Float.parseFloat(line.get(11)))
              .epsilon(Float.parseFloat(line.get(12)))
              .writer();
      matrix(numbers, "token_embd", type, embedding, TOKENS);
      norm(numbers, "output_norm", embedding);
      if (!tied) {
        matrix(numbers, "output", type, embedding, TOKENS);
      }
      int head = embedding / heads;
      if (divisors) {
        float[] all = new float[head / 2];
        for (int i = 0; i < all.length; i++) {
          all[i] = 1 + i / 4f;
        }
        add("rope_freqs", GgufWriter.F32, Evaluation.bytes(all), all.length);
      }
      for (int layer = 0; layer < layers; layer++) {
        String block = "blk." + layer + ".";
        norm(numbers, block + "attn_norm", embedding);
        matrix(numbers, block + "attn_q", type, embedding, embedding);
        matrix(numbers, block + "attn_k", type, embedding, head * shared);
        matrix(numbers, block + "attn_v", type, embedding, head * shared);
        matrix(numbers, block + "attn_output", type, embedding, embedding);
        norm(numbers, block + "ffn_norm", embedding);
        matrix(numbers, block + "ffn_gate", type, embedding, feedForward);
        matrix(numbers, block + "ffn_up", type, embedding, feedForward);
        matrix(numbers, block + "ffn_down", type(line.get(9)), feedForward, embedding);
      }
    }

    private void matrix(Numbers numbers, String name, int type, int columns, int rows) {
      add(name, type, numbers.matrix(type, columns * rows), columns, rows);
    }

    private void norm(Numbers numbers, String name, int count) {
      add(name, GgufWriter.F32, numbers.norm(count), count);
    }

    private void add(String name, int type, byte[] data, long... shape) {
      tensors.writeBytes(data);
      writer.removeTensor(name + ".weight").tensor(name + ".weight", type, data, shape);
    }

    byte[] tensors() {
      return tensors.toByteArray();
    }

    byte[] gguf() {
      return writer.bytes();
    }
  }

  /** The parts of an engine, as the page tells them apart. */
  private interface Parts {
    float half(float x);

    float exp(float x);

    /** The sine and the cosine. */
    float[] sincos(float x);

    float pow(float x, float y);

    float silu(float x);

    /** The scale, then the integers. */
    float[] quantise(float[] block);

    float product(byte[] row, int type, float[] column);

    float[] norm(float[] x, float[] weight, float eps);

    float[] turn(float[] head, float base, int distance);

    float[] attend(float[] q, List<float[]> keys, List<float[]> values);

    /** What becomes of the last token in layer 0. */
    Map<String, float[]> stages(byte[] gguf, int window, int[] tokens) throws IOException;
  }

  private static final class JavaParts implements Parts {
    @Override
    public float half(float x) {
      return Binary16.roundAny(x);
    }

    @Override
    public float exp(float x) {
      return Libm.expf(x);
    }

    @Override
    public float[] sincos(float x) {
      float[] pair = new float[2];
      Libm.cosSin(x, pair, 0);
      return new float[] {pair[1], pair[0]};
    }

    @Override
    public float pow(float x, float y) {
      return Libm.powf(x, y);
    }

    @Override
    public float silu(float x) {
      return FeedForward.silu(x);
    }

    @Override
    public float[] quantise(float[] block) {
      QuantisedColumns columns = new QuantisedColumns(1, block.length);
      columns.quantise(0, block, block.length);
      float[] all = new float[1 + block.length];
      all[0] = columns.scales[0][0];
      System.arraycopy(columns.values[0], 0, all, 1, block.length);
      return all;
    }

    @Override
    public float product(byte[] row, int type, float[] column) {
      ByteBuffer data = ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN);
      GgmlType kind = type == 8 ? GgmlType.Q8_0 : GgmlType.Q5_0;
      QuantisedRows rows = new QuantisedRows(data, kind, column.length, 1);
      QuantisedColumns columns = new QuantisedColumns(1, column.length);
      columns.quantise(0, column, column.length);
      return multiply(Matrix.stack(List.of(rows), Packing.best()), columns)[0];
    }

    private static float[] multiply(Matrix matrix, QuantisedColumns columns) {
      float[][] result = new float[1][matrix.rows];
      new Product(1).multiply(matrix, columns, 1, result, 0);
      return result[0];
    }

    private static float[] multiply(Matrix matrix, float[] column) {
      QuantisedColumns columns = new QuantisedColumns(1, matrix.columns);
      columns.quantise(0, column, matrix.columns);
      return multiply(matrix, columns);
    }

    @Override
    public float[] norm(float[] x, float[] weight, float eps) {
      float[] y = new float[x.length];
      new Norm(weight, eps).apply(x, y);
      return y;
    }

    @Override
    public float[] turn(float[] head, float base, int distance) {
      float[] turned = head.clone();
      float[] angles = new Rope(head.length, base, null).angles(distance);
      Rope.turn(turned, 0, head.length, angles);
      return turned;
    }

    @Override
    public float[] attend(float[] q, List<float[]> keys, List<float[]> values) {
      LlamaShape shape = new LlamaShape(1, q.length, 1, 1, 1, 32, 1, 1, 16);
      LaneCache cache = new LaneCache(shape, 16);
      CellOrder order = new CellOrder(16);
      for (int cell = 0; cell < keys.size(); cell++) {
        float[] both = Arrays.copyOf(keys.get(cell), 2 * q.length);
        System.arraycopy(values.get(cell), 0, both, q.length, q.length);
        cache.put(order.append(), both, 0, q.length);
      }
      CellOrder.Runs all = new CellOrder.Runs();
      order.between(0, keys.size(), all);
      float[] result = new float[q.length];
      new Attention(shape, 16).attend(cache, all, 0, q, 0, result);
      return result;
    }

    @Override
    public Map<String, float[]> stages(byte[] gguf, int window, int[] tokens) throws IOException {
      GgufFile file = GgufFile.of(ByteBuffer.wrap(gguf), "vectors");
      LlamaShape shape = LlamaShape.of(file);
      LlamaWeights weights = LlamaWeights.read(file, shape, Packing.best());
      LlamaWeights.Layer layer = weights.layers().get(0);
      LaneCache cache = new LaneCache(shape, window);
      CellOrder order = new CellOrder(window);
      Map<String, float[]> stages = new LinkedHashMap<>();
      int length = shape.embedding();
      for (int token : tokens) {
        int cell = order.append();
        float[] x = new float[length];
        weights.embedding().row(token, x);
        stages.put("embedding", x.clone());
        float[] normed = new float[length];
        layer.attentionNorm().apply(x, normed);
        stages.put("attn_norm", normed.clone());
        float[] all = multiply(layer.queryKeyValue(), normed);
        float[] angles = weights.rope().angles(order.length() - 1);
        Rope.turn(all, 0, length + shape.sharedLength(), angles);
        stages.put("query", Arrays.copyOf(all, length));
        cache.put(cell, all, length, length + shape.sharedLength());
        float[] key = new float[shape.sharedLength()];
        float[] value = new float[shape.sharedLength()];
        for (int i = 0; i < key.length; i++) {
          int head = i / shape.headSize();
          key[i] = cache.keys(head, i % shape.headSize())[cell];
          value[i] = cache.values(head)[cell][i % shape.headSize()];
        }
        stages.put("key", key);
        stages.put("value", value);
        CellOrder.Runs seen = new CellOrder.Runs();
        order.between(0, order.length(), seen);
        float[] attended = new float[length];
        Attention attention = new Attention(shape, window);
        for (int head = 0; head < shape.heads(); head++) {
          attention.attend(cache, seen, head, all, head * shape.headSize(), attended);
        }
        stages.put("attention", attended);
        add(x, multiply(layer.attentionOutput(), attended));
        stages.put("after_attention", x.clone());
        layer.feedForwardNorm().apply(x, normed);
        stages.put("ffn_norm", normed.clone());
        float[] gateUp = multiply(layer.gateUp(), normed);
        FeedForward.gate(gateUp, shape.feedForward());
        float[] gated = Arrays.copyOf(gateUp, shape.feedForward());
        stages.put("gated", gated);
        add(x, multiply(layer.down(), gated));
        stages.put("after_layer", x);
      }
      return stages;
    }

    private static void add(float[] x, float[] y) {
      for (int i = 0; i < x.length; i++) {
        x[i] = y[i] + x[i];
      }
    }
  }

  private final class ReferenceParts implements Parts {
    @Override
    public float half(float x) {
      return NumericsReference.half(x);
    }

    @Override
    public float exp(float x) {
      return functions.exp(x);
    }

    @Override
    public float[] sincos(float x) {
      return functions.sincos(x);
    }

    @Override
    public float pow(float x, float y) {
      return functions.pow(x, y);
    }

    @Override
    public float silu(float x) {
      return NumericsReference.silu(x);
    }

    @Override
    public float[] quantise(float[] block) {
      int[] integers = new int[block.length];
      float[] scale = new float[1];
      NumericsReference.quantise(block, integers, scale);
      float[] all = new float[1 + block.length];
      all[0] = scale[0];
      for (int i = 0; i < integers.length; i++) {
        all[1 + i] = integers[i];
      }
      return all;
    }

    @Override
    public float product(byte[] row, int type, float[] column) {
      ByteBuffer data = ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN);
      return new NumericsReference.Weights(data, type, column.length, 1).times(column)[0];
    }

    @Override
    public float[] norm(float[] x, float[] weight, float eps) {
      return NumericsReference.norm(x, weight, eps);
    }

    @Override
    public float[] turn(float[] head, float base, int distance) {
      float[] turned = head.clone();
      float step = functions.pow(base, -2f / head.length);
      NumericsReference.turn(turned, functions.angles(distance, step, head.length / 2, null));
      return turned;
    }

    @Override
    public float[] attend(float[] q, List<float[]> keys, List<float[]> values) {
      return NumericsReference.attend(functions, q, keys, values);
    }

    @Override
    public Map<String, float[]> stages(byte[] gguf, int window, int[] tokens) throws IOException {
      NumericsReference engine = reference(gguf, window);
      for (int token : tokens) {
        engine.next(token);
      }
      return engine.stages;
    }
  }

  /** Where parts come from. */
  enum Engine {
    PRODUCT,
    REFERENCE
  }

  private Parts parts(Engine engine) {
    return engine == Engine.PRODUCT ? new JavaParts() : new ReferenceParts();
  }

  private NumericsReference reference(byte[] gguf, int window) throws IOException {
    return new NumericsReference(page, GgufFile.of(ByteBuffer.wrap(gguf), "vectors"), window);
  }

  /** Makes a line anew from the words that are its input. */
  private interface Maker {
    List<String> make(List<String> line) throws IOException;
  }

  private void check(String block, Maker maker) throws IOException {
    List<String> written = new ArrayList<>();
    List<String> made = new ArrayList<>();
    for (List<String> line : page.lines(block)) {
      written.add(String.join(" ", line));
      made.add(String.join(" ", maker.make(line)));
    }
    assertThat(made).as(block).isEqualTo(written);
  }

  private static List<String> line(List<String> input, int words, float... output) {
    List<String> line = new ArrayList<>(input.subList(0, words));
    for (float number : output) {
      line.add(hex(number));
    }
    return line;
  }

  /** The bits of a number, which for a zero are those of +0. */
  private static String hex(float number) {
    return String.format("%08x", Float.floatToRawIntBits(number + 0f));
  }

  /** The first numbers, and SHA-256 of all of them as little-endian floats, zeros as +0. */
  private static List<String> summary(List<String> input, int words, float[] output) {
    List<String> line = line(input, words, Arrays.copyOf(output, FIRST));
    float[] unsigned = output.clone();
    for (int i = 0; i < unsigned.length; i++) {
      unsigned[i] += 0f;
    }
    line.add(sha256(Evaluation.bytes(unsigned)));
    return line;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static float hex(List<String> line, int at) {
    return Float.intBitsToFloat(Integer.parseUnsignedInt(line.get(at), 16));
  }

  private static float[] hex(List<String> words) {
    float[] numbers = new float[words.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = hex(words, i);
    }
    return numbers;
  }

  private static int number(List<String> line, int at) {
    return Integer.parseInt(line.get(at));
  }

  private static int type(String name) {
    return switch (name) {
      case "Q8_0" -> GgufWriter.Q8_0;
      case "Q5_0" -> GgufWriter.Q5_0;
      default -> throw new IllegalArgumentException(name);
    };
  }

  private VectorModel model(String name) {
    return page.lines("vectors models").stream()
        .filter(line -> line.get(0).equals(name))
        .map(VectorModel::new)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void functionsAreThoseOfThePage(Engine engine) throws IOException {
    Parts parts = parts(engine);
    check("vectors half", line -> line(line, 1, parts.half(hex(line, 0))));
    check("vectors exp", line -> line(line, 1, parts.exp(hex(line, 0))));
    check("vectors sincos", line -> line(line, 1, parts.sincos(hex(line, 0))));
    check("vectors pow", line -> line(line, 2, parts.pow(hex(line, 0), hex(line, 1))));
    check("vectors silu", line -> line(line, 1, parts.silu(hex(line, 0))));
  }

  @ParameterizedTest
  @EnumSource
  void rowsAndColumnsAreThoseOfThePage(Engine engine) throws IOException {
    Parts parts = parts(engine);
    float[] block = hex(page.words("vectors block"));
    List<String> quantised = new ArrayList<>();
    for (float number : parts.quantise(block)) {
      quantised.add(quantised.isEmpty() ? hex(number) : String.valueOf((int) number));
    }
    assertThat(quantised).isEqualTo(page.words("vectors quantised"));
    check(
        "vectors product",
        line -> {
          Numbers numbers = new Numbers(number(line, 1));
          int length = 32 * number(line, 2);
          float[] column = numbers.numbers(length);
          int type = type(line.get(0));
          return line(line, 3, parts.product(numbers.matrix(type, length), type, column));
        });
    check(
        "vectors norm",
        line -> {
          Numbers numbers = new Numbers(number(line, 0));
          int length = number(line, 1);
          float[] x = numbers.numbers(length);
          float eps = Float.parseFloat(line.get(2));
          return summary(line, 3, parts.norm(x, numbers.numbers(length), eps));
        });
  }

  @ParameterizedTest
  @EnumSource
  void headsAreThoseOfThePage(Engine engine) throws IOException {
    Parts parts = parts(engine);
    check(
        "vectors turn",
        line -> {
          float[] head = new Numbers(number(line, 0)).numbers(number(line, 1));
          float base = Float.parseFloat(line.get(2));
          return summary(line, 4, parts.turn(head, base, number(line, 3)));
        });
    check(
        "vectors attention",
        line -> {
          Numbers numbers = new Numbers(number(line, 0));
          int size = number(line, 1);
          float[] q = numbers.numbers(size);
          List<float[]> keys = new ArrayList<>();
          List<float[]> values = new ArrayList<>();
          for (int cell = 0; cell < number(line, 2); cell++) {
            keys.add(NumericsReference.halves(numbers.numbers(size)));
            values.add(NumericsReference.halves(numbers.numbers(size)));
          }
          return summary(line, 3, parts.attend(q, keys, values));
        });
  }

  @ParameterizedTest
  @EnumSource
  void everyStageOfALayerIsThatOfThePage(Engine engine) throws IOException {
    check(
        "vectors layer",
        line -> {
          int[] tokens = new Numbers(1).tokens(number(line, 1), VectorModel.TOKENS);
          byte[] gguf = model(line.get(0)).gguf();
          float[] stage = parts(engine).stages(gguf, 16, tokens).get(line.get(2));
          assertThat(stage).as(line.get(2)).isNotNull();
          return summary(line, 3, stage);
        });
  }

  @Test
  void modelsAreThoseOfThePage() throws IOException {
    check(
        "vectors models",
        line -> {
          VectorModel vectors = new VectorModel(line);
          List<String> made = new ArrayList<>(line.subList(0, 13));
          made.add(sha256(vectors.tensors()));
          try (PortableModel model = Evaluation.load(vectors.gguf())) {
            made.add(String.format("%08x", model.numerics().fingerprint()));
          }
          assertThat(made.get(14)).isEqualTo(fingerprint(vectors.gguf(), VectorModel.TOKENS));
          return made;
        });
  }

  /** The fingerprint of FORMAT.md, by the engine that was written from the page. */
  private String fingerprint(byte[] gguf, int vocabulary) throws IOException {
    NumericsReference engine = reference(gguf, 16);
    CRC32C sum = new CRC32C();
    for (int token : new Numbers(1).tokens(24, vocabulary)) {
      sum.update(Evaluation.bytes(engine.next(token)));
    }
    return String.format("%08x", (int) sum.getValue());
  }

  /** Makes the lines of logits anew, from all logits of a model in a window. */
  private interface Evaluator {
    float[][] logits(byte[] gguf, int window, int[] tokens) throws IOException;
  }

  private void checkLogits(Evaluator evaluator) throws IOException {
    Map<List<String>, float[][]> known = new LinkedHashMap<>();
    check(
        "vectors logits",
        line -> {
          List<String> run = line.subList(0, 2);
          float[][] logits = known.get(run);
          if (logits == null) {
            int last =
                page.lines("vectors logits").stream()
                    .filter(other -> other.subList(0, 2).equals(run))
                    .mapToInt(other -> number(other, 2))
                    .max()
                    .orElseThrow();
            int[] tokens = new Numbers(1).tokens(last + 1, VectorModel.TOKENS);
            logits = evaluator.logits(model(line.get(0)).gguf(), number(line, 1), tokens);
            known.put(run, logits);
          }
          return summary(line, 3, logits[number(line, 2)]);
        });
  }

  private static float[][] logits(LanguageModel model, int window, int[] tokens, int maxSteps)
      throws IOException {
    float[][] all = new float[tokens.length][];
    Evaluation.evaluate(
        model,
        new int[][] {tokens},
        window,
        maxSteps,
        (lane, step, logits) -> all[step] = logits.clone());
    return all;
  }

  private float[][] referenceLogits(byte[] gguf, int window, int[] tokens) throws IOException {
    NumericsReference engine = reference(gguf, window);
    float[][] all = new float[tokens.length][];
    for (int i = 0; i < tokens.length; i++) {
      all[i] = engine.next(tokens[i]);
    }
    return all;
  }

  @Test
  void logitsOfTheJavaEngineAreThoseOfThePage() throws IOException {
    for (int maxSteps : new int[] {1, 64}) {
      checkLogits(
          (gguf, window, tokens) -> {
            try (PortableModel model = Evaluation.load(gguf)) {
              return logits(model, window, tokens, maxSteps);
            }
          });
    }
  }

  @Test
  void logitsOfTheNativeEngineAreThoseOfThePage() throws IOException {
    for (int maxSteps : new int[] {1, 64}) {
      checkLogits(
          (gguf, window, tokens) -> {
            try (LanguageModel model = Evaluation.loadNative(gguf, folder)) {
              return logits(model, window, tokens, maxSteps);
            }
          });
    }
  }

  @Test
  @Tag("slow")
  void logitsOfAnEngineWrittenFromThePageAreThoseOfThePage() throws IOException {
    checkLogits(this::referenceLogits);
  }

  @ParameterizedTest
  @Tag("slow")
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EMBEDDED")
  void anEngineWrittenFromThePageEqualsTheJavaEngine(Sample sample) throws IOException {
    byte[] gguf = sample.gguf();
    try (PortableModel model = Evaluation.load(gguf)) {
      int[] tokens = Arrays.copyOf(sample.text(model), 72);
      assertThat(bits(referenceLogits(gguf, 32, tokens)))
          .isEqualTo(bits(logits(model, 32, tokens, 8)));
    }
  }

  private static int[][] bits(float[][] logits) {
    int[][] bits = new int[logits.length][];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = new int[logits[i].length];
      for (int j = 0; j < bits[i].length; j++) {
        bits[i][j] = Float.floatToRawIntBits(logits[i][j]);
      }
    }
    return bits;
  }

  @Test
  @Tag("slow")
  void theEmbeddedModelHasTheSameFingerprintInAnEngineWrittenFromThePage() throws IOException {
    byte[] gguf = Sample.EMBEDDED.gguf();
    try (PortableModel model = Evaluation.load(gguf)) {
      assertThat(fingerprint(gguf, model.vocabulary().size()))
          .isEqualTo(String.format("%08x", model.numerics().fingerprint()));
    }
  }

  /** Every 4099th float of the domain, and every power that a model may need. */
  @Test
  @Tag("slow")
  void functionsOfThePageAreThoseOfTheProductOnAMillionFloats() {
    JavaParts product = new JavaParts();
    int bad = 0;
    for (long i = 0; i < 1L << 32; i += 4099) {
      float x = Float.intBitsToFloat((int) i);
      if (x <= 0) {
        bad += functions.exp(x) == Libm.expf(x) ? 0 : 1;
      }
      if (Float.isFinite(x)) {
        bad += Arrays.equals(functions.sincos(x), product.sincos(x)) ? 0 : 1;
        bad += NumericsReference.silu(x) == FeedForward.silu(x) ? 0 : 1;
        bad += NumericsReference.half(x) == Binary16.roundAny(x) ? 0 : 1;
      }
    }
    for (int bits = 0x3f800000; bits <= 0x4e6e6b28; bits += 200_003) {
      for (int size = 16; size <= 256; size += 2) {
        float x = Float.intBitsToFloat(bits);
        bad += functions.pow(x, -2f / size) == Libm.powf(x, -2f / size) ? 0 : 1;
      }
    }
    assertThat(bad).isZero();
  }

  @Test
  void aBlockThatIsNotThereIsAFailure() {
    assertThatThrownBy(() -> page.lines("vectors nothing")).isInstanceOf(AssertionError.class);
  }
}
