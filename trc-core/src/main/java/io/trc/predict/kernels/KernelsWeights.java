package io.trc.predict.kernels;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.trc.TrcEngineException;
import io.trc.TrcException;
import io.trc.TrcModelException;
import io.trc.gguf.GgufFile;
import io.trc.gguf.GgufFile.Tensor;
import io.trc.gguf.LlamaShape;
import io.trc.predict.SharedModel;
import java.io.IOException;
import java.util.List;

/** The model of a {@link KernelsModel} and of every {@link KernelsLanes} opened from it. */
final class KernelsWeights extends SharedModel {
  /** The tensors of the model, where C's numbers begin with 0. */
  private static final List<String> TENSORS =
      List.of("token_embd", "output_norm", "output", "rope_freqs");

  /** Those of a layer, which go on counting. */
  private static final List<String> LAYER_TENSORS =
      List.of(
          "attn_norm",
          "attn_q",
          "attn_k",
          "attn_v",
          "attn_output",
          "ffn_norm",
          "ffn_gate",
          "ffn_up",
          "ffn_down");

  private final Pointer pointer;

  private KernelsWeights(Pointer pointer) {
    this.pointer = pointer;
  }

  /** Loads a model of the profile. Its one user so far is the caller. */
  static KernelsWeights load(GgufFile file, LlamaShape shape, KernelsPath path)
      throws TrcException {
    Memory result = new Memory(Native.POINTER_SIZE);
    check(file, "the model", KernelsApi.trc_model_open(KernelsApi.shape(shape), path.id(), result));
    KernelsWeights weights = new KernelsWeights(result.getPointer(0));
    boolean done = false;
    try {
      weights.fill(file, shape);
      done = true;
      return weights;
    } catch (TrcException e) {
      throw e;
    } catch (IOException e) {
      throw new TrcModelException(file.name() + ": cannot be read", e);
    } finally {
      if (!done) {
        weights.release();
      }
    }
  }

  private void fill(GgufFile file, LlamaShape shape) throws IOException {
    for (String name : TENSORS) {
      put(file, name, TENSORS.indexOf(name), 0);
    }
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (String name : LAYER_TENSORS) {
        int number = TENSORS.size() + LAYER_TENSORS.indexOf(name);
        put(file, "blk." + layer + "." + name, number, layer);
      }
    }
    check(file, "the tensors", KernelsApi.trc_model_finish(pointer));
  }

  private void put(GgufFile file, String name, int number, int layer) throws IOException {
    Tensor tensor = file.tensor(name + ".weight");
    if (tensor == null) {
      return; // the library knows which ones must be there
    }
    try (Memory copy = new Memory(tensor.size())) {
      copy.getByteBuffer(0, tensor.size()).put(file.data(tensor));
      check(
          file,
          "tensor " + tensor.name(),
          KernelsApi.trc_model_put(
              pointer, number, layer, tensor.type().id(), copy, tensor.size()));
    }
  }

  private static void check(GgufFile file, String what, int code) throws TrcException {
    switch (code) {
      case 0 -> {}
      case KernelsApi.ERROR_UNSUPPORTED ->
          throw new TrcEngineException(
              file.name() + ": " + what + ": the kernels cannot evaluate this model");
      case KernelsApi.ERROR_MEMORY ->
          throw new TrcEngineException(file.name() + ": there is too little memory");
      case KernelsApi.ERROR_MODEL ->
          throw new TrcModelException(
              file.name() + ": " + what + ": a number is infinite or missing");
      default -> throw new TrcModelException(file.name() + ": " + what + ": sizes that do not fit");
    }
  }

  Pointer pointer() {
    return pointer;
  }

  @Override
  protected void free() {
    KernelsApi.trc_model_close(pointer);
  }
}
