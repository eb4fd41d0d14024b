package io.trc.gguf;

import io.trc.TrcModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The header of a GGUF model file (version 2 or 3, little-endian): its metadata, and where its
 * tensors lie. The file is not trusted: whatever its bytes, reading it gives a header whose
 * lengths, shapes and offsets are sound, or a {@link TrcModelException}.
 *
 * <pre>{@code
 * GgufFile file = GgufFile.read(Path.of("model.gguf"));
 * file.checkRunnable();
 * long layers = file.integer(file.architecture() + ".block_count").orElseThrow();
 * }</pre>
 *
 * <p>Reading takes time and memory in proportion to the header, whatever the size of the file.
 * Immutable and safe for use by several threads; arrays that it returns are shared and must not be
 * changed.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">The GGUF format</a>
 */
public final class GgufFile {
  private static final long MAX_HEADER = 1L << 28;
  private static final int MAX_ENTRIES = 1 << 16;
  private static final int MAX_STRING = 1 << 24;
  private static final int MAX_ARRAY = 1 << 24;
  private static final int MAX_KEY = 65535;
  private static final int MAX_TENSOR_NAME = 63;
  private static final int MAX_ALIGNMENT = 1 << 20;
  private static final int MAX_CAUSE = 300;

  private static final int MAGIC = 0x46554747;
  private static final int U8 = 0;
  private static final int I8 = 1;
  private static final int U16 = 2;
  private static final int I16 = 3;
  private static final int U32 = 4;
  private static final int I32 = 5;
  private static final int F32 = 6;
  private static final int BOOL = 7;
  private static final int STRING = 8;
  private static final int ARRAY = 9;
  private static final int U64 = 10;
  private static final int I64 = 11;
  private static final int F64 = 12;

  private static final byte[] EMPTY = {};

  /**
   * A tensor of the file.
   *
   * @param name its name, unique in the file
   * @param type the number of its ggml type: 0 is F32, 1 is F16, 8 is Q8_0
   * @param shape 1 to 4 lengths, each at least 1; the length of a row first
   * @param offset where it begins, in bytes from the start of the file
   * @param size its bytes, all of them inside the file
   */
  @SuppressWarnings("ArrayRecordComponent") // a shape is read, never compared
  public record Tensor(String name, GgmlType type, long[] shape, long offset, long size) {}

  /**
   * @param kind the type of a single value, or of the elements of an array
   */
  private record Value(int kind, boolean array, Object content) {}

  /** Opens the file's bytes anew. */
  private interface Source {
    SeekableByteChannel open() throws IOException;
  }

  private final String name;
  private final Source source;
  private final Map<String, Value> metadata = new LinkedHashMap<>();
  private final List<Tensor> tensors = new ArrayList<>();
  private final Map<String, Tensor> tensorsByName = new HashMap<>();

  private GgufFile(String name, Source source) {
    this.name = name;
    this.source = source;
  }

  /**
   * Reads the header of a file, which must stay as it is while its tensors are read.
   *
   * @throws TrcModelException if this is not a GGUF file, or a damaged one; the message names the
   *     file and the cause
   * @throws IOException if the file cannot be read
   */
  public static GgufFile read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new TrcModelException(file + ": there is no such file");
    }
    if (Files.isDirectory(file)) {
      throw new TrcModelException(file + ": this is a directory, not a GGUF model file");
    }
    if (!Files.isRegularFile(file)) {
      throw new TrcModelException(file + ": this is not a regular file, so not a GGUF model file");
    }
    return parse(new GgufFile(file.toString(), () -> Files.newByteChannel(file)));
  }

  /**
   * Reads the header of a file that lies in memory, from the buffer's position to its limit. The
   * bytes are shared and must not be changed.
   *
   * @param name what messages call it
   * @throws TrcModelException if this is not a GGUF file, or a damaged one
   */
  public static GgufFile of(ByteBuffer bytes, String name) throws TrcModelException {
    ByteBuffer content = bytes.slice().asReadOnlyBuffer();
    try {
      return parse(new GgufFile(name, () -> new ByteBufferChannel(content)));
    } catch (TrcModelException e) {
      throw e;
    } catch (IOException e) {
      throw new TrcModelException(name + ": cannot be read", e);
    }
  }

  /** What messages call the file: its path. */
  public String name() {
    return name;
  }

  /** The architecture of the model, for example {@code "llama"}; empty if the file names none. */
  public String architecture() {
    String architecture = string("general.architecture");
    return architecture == null ? "" : architecture;
  }

  /** A text, or null if there is no such key or its value is not a text. */
  public @Nullable String string(String key) {
    byte[] bytes = content(key, false, byte[].class);
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  /** An integer or boolean (0 or 1) of any width; empty if there is none that a long can hold. */
  public OptionalLong integer(String key) {
    Long value = content(key, false, Long.class);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /** A 32-bit float, the only kind that llama.cpp takes; empty if there is none. */
  public OptionalDouble real(String key) {
    Float value = content(key, false, Float.class);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /**
   * An array of texts, or null if there is no such key or its value is none. As bytes, since the
   * texts of tokens need not be valid UTF-8.
   */
  public byte @Nullable [][] strings(String key) {
    return content(key, true, byte[][].class);
  }

  /** An array of 32-bit floats, or null if there is no such key or its value is none. */
  public float @Nullable [] floats(String key) {
    return content(key, true, float[].class);
  }

  /**
   * An array of integers of at most 32 bits or of booleans, or null if there is no such key or its
   * value is none. Unsigned 32-bit values above 2<sup>31</sup> - 1 come out negative.
   */
  public int @Nullable [] integers(String key) {
    return content(key, true, int[].class);
  }

  /** Whether the file has a value of that key, of whatever kind. */
  public boolean has(String key) {
    return metadata.containsKey(key);
  }

  /** Whether the value is an array of 32-bit integers, as the native library insists in places. */
  boolean hasWideIntegers(String key) {
    Value value = metadata.get(key);
    return value != null && value.array && (value.kind == I32 || value.kind == U32);
  }

  /** The tensors, in the order of the file. */
  public List<Tensor> tensors() {
    return Collections.unmodifiableList(tensors);
  }

  /** The tensor of that name, or null. */
  public @Nullable Tensor tensor(String name) {
    return tensorsByName.get(name);
  }

  /**
   * The bytes of a tensor of this file, read into memory.
   *
   * @return a little-endian buffer from position 0 to the tensor's size
   * @throws TrcModelException if the file has changed since its header was read, or the tensor is
   *     of 2 GiB or more
   * @throws IOException if the file cannot be read
   */
  public ByteBuffer data(Tensor tensor) throws IOException {
    if (tensor.size > Integer.MAX_VALUE - 16) {
      throw new TrcModelException(
          name + ": tensor '" + tensor.name + "' has " + tensor.size + " bytes, more than 2 GiB");
    }
    try (SeekableByteChannel channel = source.open()) {
      if (channel.size() < tensor.offset + tensor.size) {
        throw new TrcModelException(name + ": the file has become shorter since it was opened");
      }
      channel.position(tensor.offset);
      ByteBuffer data = ByteBuffer.allocate((int) tensor.size).order(ByteOrder.LITTLE_ENDIAN);
      while (data.hasRemaining()) {
        if (channel.read(data) < 0) {
          throw new TrcModelException(name + ": the file has become shorter since it was opened");
        }
      }
      return data.flip();
    }
  }

  /**
   * Checks that this is a model which predicts text and which an engine can be given: the native
   * library ends the process, or answers nonsense, for some models that are at odds with
   * themselves.
   *
   * @throws TrcModelException if not; the message says why
   */
  public void checkRunnable() throws TrcModelException {
    new GgufCheck(this).check();
  }

  private <T> @Nullable T content(String key, boolean array, Class<T> kind) {
    Value value = metadata.get(key);
    return value != null && value.array == array && kind.isInstance(value.content)
        ? kind.cast(value.content)
        : null;
  }

  private static GgufFile parse(GgufFile file) throws IOException {
    try (SeekableByteChannel channel = file.source.open()) {
      file.parse(new GgufCursor(channel, file.name, MAX_HEADER));
    }
    return file;
  }

  private void parse(GgufCursor in) throws IOException {
    if (in.size() < 4 || in.i32() != MAGIC) {
      throw bad(in.size() == 0 ? "the file is empty" : "this is not a GGUF file");
    }
    int version = in.i32();
    if (version != 0 && (version & 0xFFFF) == 0) {
      throw bad("this GGUF file is big-endian; only little-endian ones can be read");
    }
    if (version != 2 && version != 3) {
      throw bad("GGUF version " + Integer.toUnsignedString(version) + " is not 2 or 3");
    }
    long tensorCount = count(in, "tensors", MAX_ENTRIES, 24);
    long valueCount = count(in, "metadata values", MAX_ENTRIES, 13);
    for (long i = 0; i < valueCount; i++) {
      String key = text(in, "a key", MAX_KEY);
      Value value = value(in, key);
      if (metadata.put(key, value) != null) {
        throw bad("the metadata key '" + key + "' is there twice");
      }
    }
    parseTensors(in, (int) tensorCount, alignment());
  }

  private int alignment() throws TrcModelException {
    Value value = metadata.get("general.alignment");
    if (value == null) {
      return 32;
    }
    long alignment = integer("general.alignment").orElse(0);
    // The native library ends the process if the value is of another kind than U32.
    if (value.kind != U32 || alignment > MAX_ALIGNMENT || Long.bitCount(alignment) != 1) {
      throw bad("general.alignment must be a power of two up to " + MAX_ALIGNMENT);
    }
    return (int) alignment;
  }

  private void parseTensors(GgufCursor in, int count, int alignment) throws IOException {
    long next = 0;
    for (int i = 0; i < count; i++) {
      String tensor = text(in, "a tensor's name", MAX_TENSOR_NAME);
      int dimensions = in.i32();
      if (dimensions < 1 || dimensions > 4) {
        throw bad("tensor '" + tensor + "' has " + Integer.toUnsignedString(dimensions) + " axes");
      }
      long[] shape = new long[dimensions];
      long elements = 1;
      for (int d = 0; d < dimensions; d++) {
        shape[d] = in.i64();
        if (shape[d] < 1 || shape[d] > Long.MAX_VALUE / 8 / elements) {
          throw bad("tensor '" + tensor + "' has an impossible shape");
        }
        elements *= shape[d];
      }
      int id = in.i32();
      GgmlType type = GgmlType.ofId(id);
      if (type == null) {
        throw bad("tensor '" + tensor + "' is of an unknown type, " + Integer.toUnsignedString(id));
      }
      if (shape[0] % type.blockLength() != 0) {
        throw bad("tensor '" + tensor + "': " + shape[0] + " is no row length for type " + type);
      }
      long blocks = elements / type.blockLength();
      if (blocks > in.size() / type.blockBytes()) {
        throw bad("tensor '" + tensor + "' reaches beyond the end of the file; is it truncated?");
      }
      long size = blocks * type.blockBytes();
      long offset = in.i64();
      // The native library knows no other layout than one tensor after the other.
      if (offset != next) {
        throw bad("tensor '" + tensor + "' is not where it should be: " + offset + ", not " + next);
      }
      next = pad(offset + size, alignment);
      if (next > Long.MAX_VALUE / 2) {
        throw bad("the tensors reach beyond the end of the file");
      }
      Tensor relative = new Tensor(tensor, type, shape, offset, size);
      if (tensorsByName.put(tensor, relative) != null) {
        throw bad("there are two tensors named '" + tensor + "'");
      }
      tensors.add(relative);
    }
    long base = pad(in.position(), alignment);
    for (int i = 0; i < count; i++) {
      Tensor relative = tensors.get(i);
      Tensor tensor =
          new Tensor(
              relative.name, relative.type, relative.shape, base + relative.offset, relative.size);
      if (tensor.offset + tensor.size > in.size()) {
        throw bad(
            "tensor '" + tensor.name + "' reaches beyond the end of the file; is it truncated?");
      }
      tensors.set(i, tensor);
      tensorsByName.put(tensor.name, tensor);
    }
  }

  private Value value(GgufCursor in, String key) throws IOException {
    int kind = in.i32();
    if (kind != ARRAY) {
      return new Value(kind, false, single(in, key, kind));
    }
    int elements = in.i32();
    return new Value(elements, true, array(in, key, elements));
  }

  private Object single(GgufCursor in, String key, int kind) throws IOException {
    return switch (kind) {
      case U8, I8, U16, I16, U32, I32, BOOL -> integer(in, key, kind);
      case I64 -> in.i64();
      case U64 -> unsigned(in.i64());
      case F32 -> Float.intBitsToFloat(in.i32());
      case F64 -> Double.longBitsToDouble(in.i64());
      case STRING -> string(in, "the value of " + key, MAX_STRING);
      default -> throw badKind(key, kind);
    };
  }

  private long integer(GgufCursor in, String key, int kind) throws IOException {
    return switch (kind) {
      case U8 -> in.u8();
      case I8 -> (byte) in.u8();
      case U16 -> in.u16();
      case I16 -> (short) in.u16();
      case U32 -> Integer.toUnsignedLong(in.i32());
      case I32 -> in.i32();
      case BOOL -> in.u8() != 0 ? 1 : 0;
      default -> throw badKind(key, kind);
    };
  }

  private static Object unsigned(long value) {
    return value >= 0 ? (Object) value : Long.toUnsignedString(value);
  }

  private Object array(GgufCursor in, String key, int kind) throws IOException {
    int width =
        switch (kind) {
          case U8, I8, BOOL -> 1;
          case U16, I16 -> 2;
          case U32, I32, F32 -> 4;
          case U64, I64, F64, STRING -> 8;
          default -> throw badKind(key, kind);
        };
    int length = (int) count(in, "elements of " + key, MAX_ARRAY, width);
    switch (kind) {
      case STRING -> {
        byte[][] strings = new byte[length][];
        for (int i = 0; i < length; i++) {
          strings[i] = string(in, "an element of " + key, MAX_STRING);
        }
        return strings;
      }
      case F32 -> {
        float[] floats = new float[length];
        for (int i = 0; i < length; i++) {
          floats[i] = Float.intBitsToFloat(in.i32());
        }
        return floats;
      }
      case U64, I64, F64 -> {
        long[] bits = new long[length];
        for (int i = 0; i < length; i++) {
          bits[i] = in.i64();
        }
        return bits;
      }
      default -> {
        int[] integers = new int[length];
        for (int i = 0; i < length; i++) {
          integers[i] = (int) integer(in, key, kind);
        }
        return integers;
      }
    }
  }

  private long count(GgufCursor in, String what, int limit, int width) throws IOException {
    long count = in.i64();
    if (count < 0 || count > limit) {
      throw bad(Long.toUnsignedString(count) + " " + what + " are more than " + limit);
    }
    in.expect(count, width);
    return count;
  }

  private byte[] string(GgufCursor in, String what, int limit) throws IOException {
    long length = in.i64();
    if (length < 0 || length > limit) {
      throw bad(what + " is longer than " + limit + " bytes");
    }
    return length == 0 ? EMPTY : in.bytes((int) length);
  }

  private String text(GgufCursor in, String what, int limit) throws IOException {
    byte[] bytes = string(in, what, limit);
    String text = new String(bytes, StandardCharsets.UTF_8);
    // An empty key ends the process in the native library; C strings would cut at a NUL.
    if (text.isEmpty() || text.indexOf('\0') >= 0) {
      throw bad(what + (text.isEmpty() ? " is empty" : " contains a NUL"));
    }
    return text;
  }

  private static long pad(long position, int alignment) {
    return (position + alignment - 1) & -alignment;
  }

  private TrcModelException badKind(String key, int kind) {
    return bad("the value of " + key + " is of an unknown kind, " + Integer.toUnsignedString(kind));
  }

  /** A failure told in one line, whatever names the file is full of. */
  TrcModelException bad(String cause) {
    StringBuilder line = new StringBuilder(name).append(": ");
    cause
        .codePoints()
        .limit(MAX_CAUSE)
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .forEach(line::appendCodePoint);
    return new TrcModelException(line.toString());
  }
}
