package io.trc.predict.portable;

import io.trc.gguf.GgufFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An engine of the portable profile, written from NUMERICS.md and nothing else, to show that the
 * page is enough: it shares no code with the engine of the product but the reading of GGUF files.
 * Slow and plain. The names are those of the page.
 */
final class NumericsReference {
  private static final int BLOCK = 32;
  private static final int KEPT = 4;
  private static final int FREE = -1;

  /** The functions, with the tables that they need. */
  static final class Functions {
    private final long[] exp2;
    private final double[][] log2;
    private final int[] fourOverPi;

    Functions(NumericsDocument page) {
      exp2 =
          page.words("table EXP2").stream()
              .mapToLong(word -> Long.parseUnsignedLong(word, 16))
              .toArray();
      log2 =
          page.lines("table LOG2").stream()
              .map(line -> line.stream().mapToDouble(Double::parseDouble).toArray())
              .toArray(double[][]::new);
      fourOverPi =
          page.words("table PI4").stream().mapToInt(word -> Integer.parseInt(word, 16)).toArray();
    }

    float exp(float x) {
      if (x < -0x1.9fe368p6f) {
        return 0;
      }
      if (x < -0x1.9d1d9ep6f) {
        return 0x1p-149f;
      }
      double t = Math.fma(0x1.71547652b82fep+5, (double) x, 0x1.8p52);
      long k = Double.doubleToRawLongBits(t);
      double r = Math.fma(0x1.71547652b82fep+5, (double) x, -(t - 0x1.8p52));
      double s = Double.longBitsToDouble(exp2[(int) Math.floorMod(k, 32L)] + (k << 47));
      double a = Math.fma(0x1.c6af84b912394p-20, r, 0x1.ebfce50fac4f3p-13);
      double b = Math.fma(0x1.62e42ff0c52d6p-6, r, 1);
      return (float) (Math.fma(a, r * r, b) * s);
    }

    /** The sine and the cosine. */
    float[] sincos(float y) {
      if (Math.abs(y) < 0x1p-12f) {
        return new float[] {y, 1};
      }
      double x = y;
      int n;
      int m;
      if (Math.abs(y) < 120) {
        n = (int) (x * 0x1.45f306dc9c883p+23);
        n = Math.floorDiv(n + (1 << 23), 1 << 24);
        x = Math.fma((double) -n, 0x1.921fb54442d18p+0, x);
        m = n;
      } else {
        int bits = Float.floatToRawIntBits(y);
        int e = (bits >> 23) & 255;
        int j = (e >> 3) & 15;
        int m24 = (bits & 0x7fffff) | 0x800000;
        long m32 = Integer.toUnsignedLong(m24 << (e & 7));
        long u = (m32 * pi4(j)) << 32;
        u = u + ((m32 * pi4(j + 8)) >>> 32) + m32 * pi4(j + 4);
        long quadrant = (u + (1L << 61)) >>> 62;
        x = (double) (u - (quadrant << 62)) * 0x1.921fb54442d18p-62;
        n = (int) quadrant;
        m = n + (y < 0 ? 1 : 0);
      }
      int turn = Math.floorMod(m, 4);
      if (turn == 1 || turn == 2) {
        x = -x;
      }
      double z = x * x;
      double s =
          Math.fma(
              Math.fma(-0x1.994eb3774cf24p-13, z, 0x1.1107605230bc4p-7),
              z * (x * z),
              Math.fma(x * z, -0x1.555545995a603p-3, x));
      double c =
          Math.fma(
              Math.fma(0x1.99343027bf8c3p-16, z, -0x1.6c087e89a359dp-10),
              z * (z * z),
              Math.fma(z * z, 0x1.55553e1068f19p-5, Math.fma(z, -0x1.ffffffd0c621cp-2, 1)));
      if (turn >= 2) {
        c = -c;
      }
      return Math.floorMod(n, 2) == 1
          ? new float[] {(float) c, (float) s}
          : new float[] {(float) s, (float) c};
    }

    private long pi4(int i) {
      long word = 0;
      for (int at = i - 3; at <= i; at++) {
        word = word << 8 | (at < 0 ? 0 : fourOverPi[at]);
      }
      return word;
    }

    float pow(float x, float y) {
      if (x == 1) {
        return 1;
      }
      int o = Float.floatToRawIntBits(x) - 0x3f330000;
      int i = (o >>> 19) & 15;
      int e = o & 0xff800000;
      double z = Float.intBitsToFloat(Float.floatToRawIntBits(x) - e);
      double r = Math.fma(z, log2[i][0], -1);
      double l = log2[i][1] + e / 0x1p23;
      double q = r * r;
      double p =
          Math.fma(
              Math.fma(0x1.27616c9496e0bp-2, r, -0x1.71969a075c67ap-2),
              q * q,
              Math.fma(
                  q,
                  Math.fma(0x1.ec70a6ca7baddp-2, r, -0x1.7154748bef6c8p-1),
                  Math.fma(r, 0x1.71547652ab82bp+0, l)));
      p = (double) y * p;
      double t = p + 0x1.8p47;
      long k = Double.doubleToRawLongBits(t);
      r = p - (t - 0x1.8p47);
      double s = Double.longBitsToDouble(exp2[(int) Math.floorMod(k, 32L)] + (k << 47));
      double c = Math.fma(0x1.c6af84b912394p-5, r, 0x1.ebfce50fac4f3p-3);
      return (float) (Math.fma(c, r * r, Math.fma(0x1.62e42ff0c52d6p-1, r, 1)) * s);
    }

    /** The sine and the cosine of each pair. */
    float[][] angles(int distance, float step, int pairs, float @Nullable [] divisors) {
      float[][] angles = new float[pairs][];
      float theta = distance;
      for (int i = 0; i < pairs; i++) {
        angles[i] = sincos(divisors == null ? theta : theta / divisors[i]);
        theta = theta * step;
      }
      return angles;
    }
  }

  static float silu(float x) {
    return x / (1 + v(0 - x));
  }

  static float v(float x) {
    float z = Math.fma(x, 0x1.715476p0f, 0x1.8p23f);
    float n = z - 0x1.8p23f;
    float b = Math.fma(-n, 0x1.7f7d1cp-20f, Math.fma(-n, 0x1.62e4p-1f, x));
    int e = Float.floatToRawIntBits(z) << 23;
    float k = Float.intBitsToFloat(e + 0x3f800000);
    float u = b * b;
    float j =
        Math.fma(
            Math.fma(
                Math.fma(0x1.0e4020p-7f, b, 0x1.573e2ep-5f),
                u,
                Math.fma(0x1.555e66p-3f, b, 0x1.fffdb6p-2f)),
            u,
            0x1.ffffecp-1f * b);
    if (Math.abs(n) <= 126) {
      return Math.fma(j, k, k);
    }
    int g = n <= 0 ? 0x82000000 : 0;
    float s = Float.intBitsToFloat(g + 0x7f000000);
    if (Math.abs(n) > 192) {
      return s * s;
    }
    float t = Float.intBitsToFloat(e - g);
    return Math.fma(t, j, t) * s;
  }

  /** H(h(x)): by exact doubles, from the definition of the format. */
  static float half(float x) {
    if (!(Math.abs(x) < 65520)) {
      return Math.signum(x) * Float.POSITIVE_INFINITY;
    }
    int exponent = Math.max(Math.getExponent(x), -14); // that of the smallest normal half
    double unit = Math.scalb(1.0, exponent - 10);
    return (float) (Math.rint(x / unit) * unit);
  }

  /** The value of an f16. */
  static float value(int f16) {
    int exponent = (f16 >> 10) & 31;
    int fraction = f16 & 1023;
    double magnitude =
        exponent == 0
            ? Math.scalb((double) fraction, -24)
            : Math.scalb((double) (1024 + fraction), exponent - 25);
    return (float) ((f16 & 0x8000) == 0 ? magnitude : -magnitude);
  }

  /** A matrix: a scale for each block and an integer for each number. */
  static final class Weights {
    final int rows;
    final float[] d;
    final int[] w;
    private final int columns;

    Weights(ByteBuffer data, int type, int columns, int rows) {
      this.rows = rows;
      this.columns = columns;
      d = new float[rows * columns / BLOCK];
      w = new int[rows * columns];
      int size = type == 8 ? 34 : 22;
      for (int block = 0; block < d.length; block++) {
        int at = block * size;
        d[block] = value(data.getShort(at));
        for (int i = 0; i < BLOCK; i++) {
          if (type == 8) {
            w[block * BLOCK + i] = data.get(at + 2 + i);
          } else {
            int four = data.get(at + 6 + i % 16) >> (i < 16 ? 0 : 4) & 15;
            int fifth = data.getInt(at + 2) >> i & 1;
            w[block * BLOCK + i] = four + 16 * fifth - 16;
          }
        }
      }
    }

    float[] row(int row) {
      float[] x = new float[columns];
      for (int i = 0; i < columns; i++) {
        x[i] = d[(row * columns + i) / BLOCK] * w[row * columns + i];
      }
      return x;
    }

    float[] times(float[] column) {
      int[] qx = new int[columns];
      float[] dx = new float[columns / BLOCK];
      quantise(column, qx, dx);
      float[] y = new float[rows];
      for (int row = 0; row < rows; row++) {
        float[] a = new float[8];
        for (int block = 0; block < dx.length; block++) {
          float s = d[row * dx.length + block] * dx[block];
          for (int l = 0; l < 8; l++) {
            int p = 0;
            for (int i = block * BLOCK + 4 * l; i < block * BLOCK + 4 * l + 4; i++) {
              p += w[row * columns + i] * qx[i];
            }
            a[l] = Math.fma(s, p, a[l]);
          }
        }
        y[row] = ((a[0] + a[4]) + (a[2] + a[6])) + ((a[1] + a[5]) + (a[3] + a[7]));
      }
      return y;
    }
  }

  static void quantise(float[] x, int[] qx, float[] dx) {
    for (int block = 0; block < dx.length; block++) {
      float m = 0;
      for (int i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
        m = Math.max(m, Math.abs(x[i]));
      }
      dx[block] = half(m / 127);
      float inverse = 127 / m;
      if (Float.isInfinite(inverse)) {
        inverse = 0;
      }
      for (int i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
        qx[i] = (int) Math.rint(x[i] * inverse);
      }
    }
  }

  static float[] norm(float[] x, float[] weight, float eps) {
    double sum = 0;
    for (float number : x) {
      float square = number * number;
      sum = sum + square;
    }
    float mean = (float) (sum / x.length);
    float scale = 1 / (float) Math.sqrt(mean + eps);
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (x[i] * scale) * weight[i];
    }
    return y;
  }

  static float dot(float[] k, float[] q) {
    int whole = k.length / 32 * 32;
    float[] c = new float[32];
    for (int b = 0; b < whole; b += 32) {
      for (int j = 0; j < 32; j++) {
        c[j] = Math.fma(k[b + j], q[b + j], c[j]);
      }
    }
    float[] t = new float[8];
    for (int j = 0; j < 8; j++) {
      t[j] = (c[j] + c[j + 16]) + (c[j + 8] + c[j + 24]);
    }
    float[] u = new float[4];
    for (int j = 0; j < 4; j++) {
      u[j] = t[j] + t[j + 4];
    }
    double sum = (u[0] + u[1]) + (u[2] + u[3]);
    for (int i = whole; i < k.length; i++) {
      float product = k[i] * q[i];
      sum = sum + product;
    }
    return (float) sum;
  }

  /** One head over the cells that it sees, in their order. */
  static float[] attend(Functions functions, float[] q, List<float[]> keys, List<float[]> values) {
    int size = q.length;
    float scale = 1 / (float) Math.sqrt(size);
    float[] query = halves(q);
    float most = Float.NEGATIVE_INFINITY;
    float sum = 0;
    float[] a = new float[size];
    for (int cell = 0; cell < keys.size(); cell++) {
      float[] v = values.get(cell);
      float s = dot(keys.get(cell), query) * scale;
      if (s > most) {
        float f = functions.exp(most - s);
        most = s;
        for (int i = 0; i < size; i++) {
          a[i] = half(a[i] * f);
          a[i] = half(v[i] + a[i]);
        }
        sum = sum * f;
        sum = sum + 1;
      } else {
        float f = functions.exp(s - most);
        for (int i = 0; i < size; i++) {
          a[i] = half(Math.fma(v[i], f, a[i]));
        }
        sum = sum + f;
      }
    }
    float inverse = 1 / sum;
    for (int i = 0; i < size; i++) {
      a[i] = a[i] * inverse;
    }
    return a;
  }

  static float[] halves(float[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = half(x[i]);
    }
    return y;
  }

  private final Functions functions;
  private final Map<String, Weights> matrices = new HashMap<>();
  private final Map<String, float[]> rows = new HashMap<>();
  private final int layers;
  private final int heads;
  private final int shared;
  private final int headSize;
  private final float eps;
  private final float step;
  private final int[] positions;
  private final float[][][] keys;
  private final float[][][] values;
  private int length;

  /** What the last token was on its way through layer 0. */
  final Map<String, float[]> stages = new HashMap<>();

  /** A model and a window of so many cells, all free. */
  NumericsReference(NumericsDocument page, GgufFile file, int window) throws IOException {
    functions = new Functions(page);
    for (GgufFile.Tensor tensor : file.tensors()) {
      ByteBuffer data = file.data(tensor);
      String name = tensor.name().replace(".weight", "");
      int columns = (int) tensor.shape()[0];
      if (tensor.type().id() == 0) {
        float[] row = new float[columns];
        data.asFloatBuffer().get(row);
        rows.put(name, row);
      } else {
        matrices.put(name, new Weights(data, tensor.type().id(), columns, (int) tensor.shape()[1]));
      }
    }
    layers = (int) file.integer("llama.block_count").orElseThrow();
    heads = (int) file.integer("llama.attention.head_count").orElseThrow();
    shared = (int) file.integer("llama.attention.head_count_kv").orElse(heads);
    headSize = (int) file.integer("llama.embedding_length").orElseThrow() / heads;
    eps = (float) file.real("llama.attention.layer_norm_rms_epsilon").orElseThrow();
    step = functions.pow((float) file.real("llama.rope.freq_base").orElse(10000), -2f / headSize);
    positions = new int[window];
    Arrays.fill(positions, FREE);
    keys = new float[layers][window][];
    values = new float[layers][window][];
  }

  /** The logits after the next token. */
  float[] next(int token) {
    if (length == positions.length) {
      slide();
    }
    int own = 0;
    while (positions[own] != FREE) {
      own++;
    }
    int position = length++;
    positions[own] = position;
    float[] x = matrix("token_embd").row(token);
    stages.put("embedding", x.clone());
    for (int layer = 0; layer < layers; layer++) {
      String block = "blk." + layer + ".";
      float[] n = norm(x, rows.get(block + "attn_norm"), eps);
      float[] q = matrix(block + "attn_q").times(n);
      float[] k = matrix(block + "attn_k").times(n);
      float[] v = matrix(block + "attn_v").times(n);
      turn(q, angles(position));
      turn(k, angles(position));
      keys[layer][own] = halves(k);
      values[layer][own] = halves(v);
      float[] a = attention(q, layer, position);
      add(x, matrix(block + "attn_output").times(a));
      if (layer == 0) {
        stages.put("attn_norm", n);
        stages.put("query", q);
        stages.put("key", keys[layer][own]);
        stages.put("value", values[layer][own]);
        stages.put("attention", a);
        stages.put("after_attention", x.clone());
      }
      n = norm(x, rows.get(block + "ffn_norm"), eps);
      float[] g = matrix(block + "ffn_gate").times(n);
      float[] u = matrix(block + "ffn_up").times(n);
      for (int i = 0; i < g.length; i++) {
        g[i] = silu(g[i]) * u[i];
      }
      add(x, matrix(block + "ffn_down").times(g));
      if (layer == 0) {
        stages.put("ffn_norm", n);
        stages.put("gated", g);
        stages.put("after_layer", x.clone());
      }
    }
    Weights output = matrices.getOrDefault("output", matrix("token_embd"));
    return output.times(norm(x, rows.get("output_norm"), eps));
  }

  private Weights matrix(String name) {
    Weights found = matrices.get(name);
    if (found == null) {
      throw new IllegalArgumentException("there is no matrix " + name);
    }
    return found;
  }

  private static void add(float[] x, float[] y) {
    for (int i = 0; i < x.length; i++) {
      x[i] = y[i] + x[i];
    }
  }

  private float[][] angles(int distance) {
    return functions.angles(distance, step, headSize / 2, rows.get("rope_freqs"));
  }

  static void turn(float[] a, float[][] angles) {
    for (int at = 0; at < a.length; at += 2) {
      float sin = angles[at / 2 % angles.length][0];
      float cos = angles[at / 2 % angles.length][1];
      float x = a[at];
      float y = a[at + 1];
      a[at] = Math.fma(x, cos, -(y * sin));
      a[at + 1] = Math.fma(x, sin, y * cos);
    }
  }

  private float[] attention(float[] q, int layer, int position) {
    float[] result = new float[q.length];
    for (int head = 0; head < heads; head++) {
      int from = head / (heads / shared) * headSize;
      List<float[]> seenKeys = seen(keys[layer], position, from);
      List<float[]> seenValues = seen(values[layer], position, from);
      float[] own = Arrays.copyOfRange(q, head * headSize, (head + 1) * headSize);
      float[] a = attend(functions, own, seenKeys, seenValues);
      System.arraycopy(a, 0, result, head * headSize, headSize);
    }
    return result;
  }

  private List<float[]> seen(float[][] cells, int position, int from) {
    return IntStream.range(0, positions.length)
        .filter(cell -> positions[cell] != FREE && positions[cell] <= position)
        .mapToObj(cell -> Arrays.copyOfRange(cells[cell], from, from + headSize))
        .toList();
  }

  private void slide() {
    int n = positions.length / 4 - 1;
    float[][] back = angles(-n);
    for (int cell = 0; cell < positions.length; cell++) {
      if (positions[cell] >= KEPT && positions[cell] < KEPT + n) {
        positions[cell] = FREE;
      } else if (positions[cell] >= KEPT + n) {
        positions[cell] -= n;
        for (float[][] layer : keys) {
          turn(layer[cell], back);
          layer[cell] = halves(layer[cell]);
        }
      }
    }
    length -= n;
  }
}
