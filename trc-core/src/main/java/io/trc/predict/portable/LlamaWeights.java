package io.trc.predict.portable;

import io.trc.TrcException;
import io.trc.TrcModelException;
import io.trc.gguf.GgufFile;
import io.trc.gguf.GgufFile.Tensor;
import io.trc.gguf.LlamaShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a model, arranged for evaluation. Read-only and safe for use by several threads.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LlamaWeights(
    LlamaShape shape,
    QuantisedRows embedding,
    List<Layer> layers,
    Norm outputNorm,
    Matrix output,
    Rope rope) {

  /**
   * The weights of a layer. Matrices that are multiplied by the same columns are stacked.
   *
   * @param queryKeyValue rows of the queries, of the keys, of the values
   * @param gateUp rows of the gate, of the values that it gates
   */
  record Layer(
      Norm attentionNorm,
      Matrix queryKeyValue,
      Matrix attentionOutput,
      Norm feedForwardNorm,
      Matrix gateUp,
      Matrix down) {}

  static LlamaWeights read(GgufFile file, LlamaShape shape, Packing packing) throws TrcException {
    try {
      return new Reader(file, shape, packing).read();
    } catch (TrcException e) {
      throw e;
    } catch (IOException e) {
      throw new TrcModelException(file.name() + ": cannot be read", e);
    }
  }

  /** The memory in bytes, an upper estimate. */
  static long memory(LlamaShape shape, Packing packing) {
    long e = shape.embedding();
    long layer =
        Matrix.memory(e + 2L * shape.sharedLength(), e, packing)
            + Matrix.memory(e, e, packing)
            + Matrix.memory(2L * shape.feedForward(), e, packing)
            + Matrix.memory(e, shape.feedForward(), packing)
            + 8 * e;
    long embedding = (long) shape.vocabulary() * e / QuantisedRows.BLOCK * 34;
    return shape.layers() * layer
        + embedding
        + Matrix.memory(shape.vocabulary(), e, packing)
        + (1 << 16);
  }

  private static final class Reader {
    private final GgufFile file;
    private final LlamaShape shape;
    private final Packing packing;

    Reader(GgufFile file, LlamaShape shape, Packing packing) {
      this.file = file;
      this.shape = shape;
      this.packing = packing;
    }

    LlamaWeights read() throws IOException {
      QuantisedRows embedding = rows("token_embd");
      List<Layer> layers = new ArrayList<>();
      for (int i = 0; i < shape.layers(); i++) {
        String block = "blk." + i + ".";
        layers.add(
            new Layer(
                norm(block + "attn_norm"),
                stack(block + "attn_q", block + "attn_k", block + "attn_v"),
                stack(block + "attn_output"),
                norm(block + "ffn_norm"),
                stack(block + "ffn_gate", block + "ffn_up"),
                stack(block + "ffn_down")));
      }
      Matrix output =
          file.tensor("output.weight") == null
              ? Matrix.stack(List.of(embedding), packing)
              : stack("output");
      return new LlamaWeights(shape, embedding, layers, norm("output_norm"), output, rope());
    }

    private Rope rope() throws IOException {
      return new Rope(shape.headSize(), shape.ropeBase(), ropeDivisors());
    }

    private float @Nullable [] ropeDivisors() throws IOException {
      Tensor tensor = file.tensor("rope_freqs.weight");
      if (tensor == null) {
        return null;
      }
      float[] divisors = floats(tensor);
      if (divisors.length != shape.headSize() / 2) {
        throw bad("rope_freqs.weight has " + divisors.length + " numbers");
      }
      for (float divisor : divisors) {
        if (divisor == 0) {
          throw bad("rope_freqs.weight contains a zero");
        }
      }
      return divisors;
    }

    private Norm norm(String name) throws IOException {
      return new Norm(floats(tensor(name)), shape.epsilon());
    }

    private Matrix stack(String... names) throws IOException {
      List<QuantisedRows> parts = new ArrayList<>();
      for (String name : names) {
        parts.add(rows(name));
      }
      return Matrix.stack(parts, packing);
    }

    private QuantisedRows rows(String name) throws IOException {
      Tensor tensor = tensor(name);
      int columns = (int) tensor.shape()[0];
      int count = (int) tensor.shape()[1];
      QuantisedRows rows = new QuantisedRows(file.data(tensor), tensor.type(), columns, count);
      for (int block = 0; block < count * (columns / QuantisedRows.BLOCK); block++) {
        if (!Float.isFinite(rows.scale(block))) {
          throw bad("tensor " + tensor.name() + " contains a scale of " + rows.scale(block));
        }
      }
      return rows;
    }

    private float[] floats(Tensor tensor) throws IOException {
      ByteBuffer data = file.data(tensor);
      float[] floats = new float[data.remaining() / Float.BYTES];
      data.asFloatBuffer().get(floats);
      for (float number : floats) {
        if (!Float.isFinite(number)) {
          throw bad("tensor " + tensor.name() + " contains " + number);
        }
      }
      return floats;
    }

    private Tensor tensor(String name) throws TrcModelException {
      Tensor tensor = file.tensor(name + ".weight");
      if (tensor == null) {
        throw bad("there is no tensor " + name + ".weight");
      }
      return tensor;
    }

    private TrcModelException bad(String cause) {
      return new TrcModelException(file.name() + ": " + cause);
    }
  }
}
