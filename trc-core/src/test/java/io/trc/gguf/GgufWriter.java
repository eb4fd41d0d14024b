package io.trc.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds GGUF files, sound ones and broken ones.
 *
 * <pre>{@code
 * byte[] file = new GgufWriter()
 *     .string("general.architecture", "llama")
 *     .u32("llama.block_count", 2)
 *     .quantized("token_embd.weight", GgufWriter.Q8_0, weights, 64, 300)
 *     .bytes();
 * }</pre>
 */
public final class GgufWriter {
  /** The numbers of ggml types. */
  public static final int F32 = 0;

  public static final int F16 = 1;
  public static final int Q4_0 = 2;
  public static final int Q4_1 = 3;
  public static final int Q5_0 = 6;
  public static final int Q5_1 = 7;
  public static final int Q8_0 = 8;
  public static final int BF16 = 30;

  @SuppressWarnings("ArrayRecordComponent")
  private record Entry(String key, byte[] value) {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Tensor(String name, int type, long[] shape, byte[] data) {}

  private final List<Entry> metadata = new ArrayList<>();
  private final List<Tensor> tensors = new ArrayList<>();
  private int version = 3;
  private int alignment = 32;

  /** Sets the version that the header names. */
  public GgufWriter version(int version) {
    this.version = version;
    return this;
  }

  /** Aligns the tensors, and says so in the metadata. */
  public GgufWriter alignment(int alignment) {
    this.alignment = alignment;
    return u32("general.alignment", alignment);
  }

  public GgufWriter u8(String key, int value) {
    return entry(key, 0, bytes(1).put((byte) value));
  }

  public GgufWriter i8(String key, int value) {
    return entry(key, 1, bytes(1).put((byte) value));
  }

  public GgufWriter u16(String key, int value) {
    return entry(key, 2, bytes(2).putShort((short) value));
  }

  public GgufWriter i16(String key, int value) {
    return entry(key, 3, bytes(2).putShort((short) value));
  }

  public GgufWriter u32(String key, int value) {
    return entry(key, 4, bytes(4).putInt(value));
  }

  public GgufWriter i32(String key, int value) {
    return entry(key, 5, bytes(4).putInt(value));
  }

  public GgufWriter f32(String key, float value) {
    return entry(key, 6, bytes(4).putFloat(value));
  }

  public GgufWriter bool(String key, boolean value) {
    return entry(key, 7, bytes(1).put((byte) (value ? 1 : 0)));
  }

  public GgufWriter string(String key, String value) {
    return raw(key, 8, counted(value.getBytes(StandardCharsets.UTF_8)));
  }

  public GgufWriter u64(String key, long value) {
    return entry(key, 10, bytes(8).putLong(value));
  }

  public GgufWriter i64(String key, long value) {
    return entry(key, 11, bytes(8).putLong(value));
  }

  public GgufWriter f64(String key, double value) {
    return entry(key, 12, bytes(8).putDouble(value));
  }

  public GgufWriter strings(String key, List<byte[]> values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    values.forEach(value -> out.writeBytes(counted(value)));
    return array(key, 8, values.size(), out.toByteArray());
  }

  public GgufWriter floats(String key, float... values) {
    ByteBuffer content = bytes(4 * values.length);
    for (float value : values) {
      content.putFloat(value);
    }
    return array(key, 6, values.length, done(content));
  }

  public GgufWriter integers(String key, int... values) {
    ByteBuffer content = bytes(4 * values.length);
    for (int value : values) {
      content.putInt(value);
    }
    return array(key, 5, values.length, done(content));
  }

  /** Adds an array of any kind, with its elements as they lie in the file. */
  public GgufWriter array(String key, int kind, long count, byte[] elements) {
    ByteBuffer value = bytes(12 + elements.length);
    return raw(key, 9, done(value.putInt(kind).putLong(count).put(elements)));
  }

  /** Adds a value of any kind, with its bytes as they lie in the file. */
  public GgufWriter raw(String key, int kind, byte[] content) {
    metadata.add(new Entry(key, done(bytes(4 + content.length).putInt(kind).put(content))));
    return this;
  }

  /** Takes out all values of a key. */
  public GgufWriter remove(String key) {
    metadata.removeIf(entry -> entry.key.equals(key));
    return this;
  }

  /** Adds a tensor, with its bytes as they lie in the file. */
  public GgufWriter tensor(String name, int type, byte[] data, long... shape) {
    tensors.add(new Tensor(name, type, shape.clone(), data));
    return this;
  }

  /** Adds a tensor of 32-bit floats. */
  public GgufWriter floats(String name, float[] values, long... shape) {
    return quantized(name, F32, values, shape);
  }

  /** Adds a tensor, quantised as llama.cpp's reference code does it. */
  public GgufWriter quantized(String name, int type, float[] values, long... shape) {
    return tensor(name, type, quantize(type, values), shape);
  }

  /** Takes out a tensor. */
  public GgufWriter removeTensor(String name) {
    tensors.removeIf(tensor -> tensor.name.equals(name));
    return this;
  }

  /** The file. */
  public byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    ByteBuffer counts = bytes(20).putInt(version).putLong(tensors.size());
    out.writeBytes(done(counts.putLong(metadata.size())));
    for (Entry entry : metadata) {
      out.writeBytes(counted(entry.key.getBytes(StandardCharsets.UTF_8)));
      out.writeBytes(entry.value);
    }
    long offset = 0;
    for (Tensor tensor : tensors) {
      out.writeBytes(counted(tensor.name.getBytes(StandardCharsets.UTF_8)));
      ByteBuffer info = bytes(4 + 8 * tensor.shape.length + 12).putInt(tensor.shape.length);
      for (long length : tensor.shape) {
        info.putLong(length);
      }
      out.writeBytes(done(info.putInt(tensor.type).putLong(offset)));
      offset += padded(tensor.data.length);
    }
    if (!tensors.isEmpty()) {
      pad(out);
    }
    for (Tensor tensor : tensors) {
      out.writeBytes(tensor.data);
      pad(out);
    }
    return out.toByteArray();
  }

  /** Writes the file. */
  public Path write(Path file) {
    try {
      return Files.write(file, bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Numbers as they lie in a tensor of some type. */
  public static byte[] quantize(int type, float[] values) {
    return switch (type) {
      case F32 -> {
        ByteBuffer out = bytes(4 * values.length);
        for (float value : values) {
          out.putFloat(value);
        }
        yield done(out);
      }
      case F16 -> {
        ByteBuffer out = bytes(2 * values.length);
        for (float value : values) {
          out.putShort(half(value));
        }
        yield done(out);
      }
      case BF16 -> {
        ByteBuffer out = bytes(2 * values.length);
        for (float value : values) {
          int bits = Float.floatToIntBits(value);
          out.putShort((short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16));
        }
        yield done(out);
      }
      case Q8_0 -> blocks(values, 34, GgufWriter::q8Block);
      case Q4_0 -> blocks(values, 18, (v, i, out) -> symmetricBlock(v, i, out, 8));
      case Q5_0 -> blocks(values, 22, (v, i, out) -> symmetricBlock(v, i, out, 16));
      case Q4_1 -> blocks(values, 20, (v, i, out) -> rangeBlock(v, i, out, 15));
      case Q5_1 -> blocks(values, 24, (v, i, out) -> rangeBlock(v, i, out, 31));
      default -> throw new IllegalArgumentException("type " + type);
    };
  }

  private interface Block {
    void write(float[] values, int offset, ByteBuffer out);
  }

  private static byte[] blocks(float[] values, int blockBytes, Block block) {
    if (values.length % 32 != 0) {
      throw new IllegalArgumentException(values.length + " is no multiple of 32");
    }
    ByteBuffer out = bytes(values.length / 32 * blockBytes);
    for (int i = 0; i < values.length; i += 32) {
      block.write(values, i, out);
    }
    return done(out);
  }

  private static void q8Block(float[] values, int offset, ByteBuffer out) {
    float most = 0;
    for (int i = 0; i < 32; i++) {
      most = Math.max(most, Math.abs(values[offset + i]));
    }
    float scale = most / 127;
    float inverse = scale == 0 ? 0 : 1 / scale;
    out.putShort(half(scale));
    for (int i = 0; i < 32; i++) {
      out.put((byte) Math.round(values[offset + i] * inverse));
    }
  }

  /** Q4_0 and Q5_0: the value of greatest magnitude becomes the lowest step. */
  private static void symmetricBlock(float[] values, int offset, ByteBuffer out, int half) {
    float extreme = 0;
    for (int i = 0; i < 32; i++) {
      if (Math.abs(values[offset + i]) > Math.abs(extreme)) {
        extreme = values[offset + i];
      }
    }
    float scale = extreme / -half;
    float inverse = scale == 0 ? 0 : 1 / scale;
    out.putShort(half(scale));
    int[] steps = new int[32];
    for (int i = 0; i < 32; i++) {
      steps[i] = Math.min(2 * half - 1, (int) (values[offset + i] * inverse + half + 0.5f));
    }
    putSteps(steps, out, half > 8);
  }

  /** Q4_1 and Q5_1: steps from the least value to the greatest. */
  private static void rangeBlock(float[] values, int offset, ByteBuffer out, int top) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < 32; i++) {
      least = Math.min(least, values[offset + i]);
      most = Math.max(most, values[offset + i]);
    }
    float scale = (most - least) / top;
    float inverse = scale == 0 ? 0 : 1 / scale;
    out.putShort(half(scale)).putShort(half(least));
    int[] steps = new int[32];
    for (int i = 0; i < 32; i++) {
      steps[i] = Math.min(top, (int) ((values[offset + i] - least) * inverse + 0.5f));
    }
    putSteps(steps, out, top > 15);
  }

  private static void putSteps(int[] steps, ByteBuffer out, boolean fifthBit) {
    if (fifthBit) {
      int bits = 0;
      for (int i = 0; i < 32; i++) {
        bits |= (steps[i] >> 4) << i;
      }
      out.putInt(bits);
    }
    for (int i = 0; i < 16; i++) {
      out.put((byte) ((steps[i] & 15) | (steps[i + 16] & 15) << 4));
    }
  }

  /** The nearest half-precision number, to even on a tie. */
  public static short half(float value) {
    int bits = Float.floatToIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7E00);
    }
    if (magnitude >= 65520f) {
      return (short) (sign | 0x7C00);
    }
    if (magnitude < 0x1p-14f) {
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
    }
    int kept = bits & 0x7FFFFFFF;
    int rounded = (kept + 0xFFF + ((kept >>> 13) & 1)) >>> 13;
    return (short) (sign | (rounded - ((127 - 15) << 10)));
  }

  private GgufWriter entry(String key, int kind, ByteBuffer content) {
    return raw(key, kind, done(content));
  }

  private static byte[] counted(byte[] text) {
    return done(bytes(8 + text.length).putLong(text.length).put(text));
  }

  private static byte[] done(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.position()];
    buffer.flip().get(bytes);
    return bytes;
  }

  private static ByteBuffer bytes(int count) {
    return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
  }

  private long padded(long length) {
    return (length + alignment - 1) / alignment * alignment;
  }

  private void pad(ByteArrayOutputStream out) {
    out.writeBytes(new byte[(int) (padded(out.size()) - out.size())]);
  }
}
