package io.trc.predict.kernels;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.trc.gguf.LlamaShape;
import org.jspecify.annotations.Nullable;

/**
 * The C functions of the kernels, under their C names: {@code trckernels.h} says what they do. They
 * check their arguments, but not whether a pointer is one.
 */
@SuppressWarnings("MethodName")
final class KernelsApi {
  /** Of the interface that is written here. */
  static final int VERSION = 1;

  static final int ERROR_UNSUPPORTED = -2;
  static final int ERROR_MEMORY = -3;
  static final int ERROR_MODEL = -4;

  private KernelsApi() {}

  /** The C struct {@code trc_shape}. */
  static Memory shape(LlamaShape shape) {
    int[] sizes = {
      shape.vocabulary(),
      shape.embedding(),
      shape.layers(),
      shape.heads(),
      shape.sharedHeads(),
      shape.feedForward(),
      Float.floatToRawIntBits(shape.epsilon()),
      Float.floatToRawIntBits(shape.ropeBase())
    };
    Memory struct = new Memory(4L * sizes.length);
    struct.write(0, sizes, 0, sizes.length);
    return struct;
  }

  static native int trc_version();

  static native int trc_has(int path);

  static native long trc_model_bytes(Pointer shape, int path);

  static native int trc_model_open(Pointer shape, int path, Pointer model);

  static native int trc_model_put(
      Pointer model, int tensor, int layer, int type, Pointer data, long bytes);

  static native int trc_model_finish(Pointer model);

  static native void trc_model_close(Pointer model);

  static native long trc_lanes_bytes(Pointer model, int lanes, int window, int steps);

  static native int trc_lanes_open(Pointer model, int lanes, int window, int steps, Pointer opened);

  static native int trc_lanes_evaluate(Pointer lanes, Pointer tokens, int count, int steps);

  static native @Nullable Pointer trc_lanes_logits(Pointer lanes, int column);

  static native int trc_lanes_drop(Pointer lanes, int from, int tokens);

  static native int trc_lanes_clear(Pointer lanes);

  static native void trc_lanes_close(Pointer lanes);
}
