package io.trc.predict.llama;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.trc.TrcEngineException;

/**
 * Proves that a library lays out its structs as {@link LlamaApi} does, by the default values that
 * it gives: another build may have inserted or dropped fields, and would then read garbage.
 */
final class LlamaLayout {
  private static final int MODEL_PARAMS_SIZE = 64;
  private static final int CONTEXT_PARAMS_SIZE = 120;

  private LlamaLayout() {}

  static void check(NativeLibrary library) throws TrcEngineException {
    if (LlamaApi.llama_print_system_info() == null) {
      throw foreign("it says nothing of its system");
    }
    checkModelParams(room(library, "llama_model_default_params"));
    checkContextParams(room(library, "llama_context_default_params"));
  }

  private static Pointer room(NativeLibrary library, String function) {
    Object returned =
        library.getFunction(function).invoke(LlamaApi.Room.ByValue.class, new Object[0]);
    return ((LlamaApi.Room) returned).getPointer();
  }

  private static void checkModelParams(Pointer params) throws TrcEngineException {
    // n_gpu_layers is left out: builds for GPUs have other defaults.
    boolean same =
        params.getLong(0) == 0
            && params.getInt(12) == 1
            && params.getInt(16) == 0
            && params.getLong(24) == 0
            && params.getLong(32) == 0
            && params.getLong(40) == 0
            && params.getLong(48) == 0
            && params.getInt(56) == 0x100
            && params.getLong(MODEL_PARAMS_SIZE) == 0;
    if (!same) {
      throw foreign("llama_model_params differ");
    }
  }

  private static void checkContextParams(Pointer params) throws TrcEngineException {
    int[] head = params.getIntArray(0, 9);
    float[] rope = params.getFloatArray(36, 6);
    boolean same =
        head[0] == 512
            && head[1] == 2048
            && head[2] == 512
            && head[3] == 1
            && head[4] == 4
            && head[5] == 4
            && head[6] == -1
            && head[7] == -1
            && head[8] == -1
            && rope[0] == 0
            && rope[1] == 0
            && rope[2] == -1
            && rope[3] == 1
            && rope[4] == 32
            && rope[5] == 1
            && params.getInt(60) == 0
            && params.getFloat(64) == -1
            && params.getLong(72) == 0
            && params.getLong(80) == 0
            && params.getInt(88) == 1
            && params.getInt(92) == 1
            && params.getInt(96) == 0x10000
            && params.getByte(100) == 1
            && params.getLong(104) == 0
            && params.getLong(112) == 0
            && params.getLong(CONTEXT_PARAMS_SIZE) == 0;
    if (!same) {
      throw foreign("llama_context_params differ");
    }
  }

  private static TrcEngineException foreign(String difference) {
    return new TrcEngineException(
        "the native library is not of llama.cpp build b4916: " + difference);
  }
}
