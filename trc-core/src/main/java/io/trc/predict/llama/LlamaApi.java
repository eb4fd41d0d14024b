package io.trc.predict.llama;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import org.jspecify.annotations.Nullable;

/**
 * The C functions and structs of llama.cpp b4916 that TRC uses, under their C names: {@code
 * include/llama.h} of that build says what they do. Nothing is checked here.
 */
@SuppressWarnings({"MemberName", "MethodName", "unused"})
final class LlamaApi {
  /** A message of the library's. */
  public interface LogCallback extends Callback {
    /**
     * Takes a message.
     *
     * @param level 1 debug, 2 information, 3 warning, 4 error, 5 more of the message before
     */
    void invoke(int level, Pointer text, @Nullable Pointer userData);
  }

  /** How to load a model: 64 bytes. */
  @FieldOrder({
    "devices",
    "n_gpu_layers",
    "split_mode",
    "main_gpu",
    "tensor_split",
    "progress_callback",
    "progress_callback_user_data",
    "kv_overrides",
    "vocab_only",
    "use_mmap",
    "use_mlock",
    "check_tensors"
  })
  public static class ModelParams extends Structure {
    public @Nullable Pointer devices;
    public int n_gpu_layers;
    public int split_mode;
    public int main_gpu;
    public @Nullable Pointer tensor_split;
    public @Nullable Pointer progress_callback;
    public @Nullable Pointer progress_callback_user_data;
    public @Nullable Pointer kv_overrides;
    public byte vocab_only;
    public byte use_mmap;
    public byte use_mlock;
    public byte check_tensors;

    /** The struct itself, not its address. */
    public static final class ByValue extends ModelParams implements Structure.ByValue {}
  }

  /** How to open a context: 120 bytes. */
  @FieldOrder({
    "n_ctx",
    "n_batch",
    "n_ubatch",
    "n_seq_max",
    "n_threads",
    "n_threads_batch",
    "rope_scaling_type",
    "pooling_type",
    "attention_type",
    "rope_freq_base",
    "rope_freq_scale",
    "yarn_ext_factor",
    "yarn_attn_factor",
    "yarn_beta_fast",
    "yarn_beta_slow",
    "yarn_orig_ctx",
    "defrag_thold",
    "cb_eval",
    "cb_eval_user_data",
    "type_k",
    "type_v",
    "logits_all",
    "embeddings",
    "offload_kqv",
    "flash_attn",
    "no_perf",
    "abort_callback",
    "abort_callback_data"
  })
  public static class ContextParams extends Structure {
    public int n_ctx;
    public int n_batch;
    public int n_ubatch;
    public int n_seq_max;
    public int n_threads;
    public int n_threads_batch;
    public int rope_scaling_type;
    public int pooling_type;
    public int attention_type;
    public float rope_freq_base;
    public float rope_freq_scale;
    public float yarn_ext_factor;
    public float yarn_attn_factor;
    public float yarn_beta_fast;
    public float yarn_beta_slow;
    public int yarn_orig_ctx;
    public float defrag_thold;
    public @Nullable Pointer cb_eval;
    public @Nullable Pointer cb_eval_user_data;
    public int type_k;
    public int type_v;
    public byte logits_all;
    public byte embeddings;
    public byte offload_kqv;
    public byte flash_attn;
    public byte no_perf;
    public @Nullable Pointer abort_callback;
    public @Nullable Pointer abort_callback_data;

    /** The struct itself, not its address. */
    public static final class ByValue extends ContextParams implements Structure.ByValue {}
  }

  /** Tokens to evaluate: 56 bytes. */
  @FieldOrder({"n_tokens", "token", "embd", "pos", "n_seq_id", "seq_id", "logits"})
  public static class Batch extends Structure {
    public int n_tokens;
    public @Nullable Pointer token;
    public @Nullable Pointer embd;
    public @Nullable Pointer pos;
    public @Nullable Pointer n_seq_id;
    public @Nullable Pointer seq_id;
    public @Nullable Pointer logits;

    /** The struct itself, not its address. */
    public static final class ByValue extends Batch implements Structure.ByValue {}
  }

  /**
   * Room for a returned struct whose size is in doubt, since the library may be of another build.
   */
  @FieldOrder("bytes")
  public static class Room extends Structure {
    public long[] bytes = new long[128];

    /** The struct itself, not its address. */
    public static final class ByValue extends Room implements Structure.ByValue {}
  }

  private LlamaApi() {}

  static native void llama_backend_init();

  static native void llama_log_set(Callback callback, @Nullable Pointer userData);

  static native @Nullable String llama_print_system_info();

  static native @Nullable Pointer llama_model_load_from_file(
      byte[] path, ModelParams.ByValue params);

  static native void llama_model_free(Pointer model);

  static native byte llama_model_has_encoder(Pointer model);

  static native byte llama_model_is_recurrent(Pointer model);

  static native Pointer llama_model_get_vocab(Pointer model);

  static native int llama_vocab_n_tokens(Pointer vocabulary);

  static native @Nullable Pointer llama_init_from_model(
      Pointer model, ContextParams.ByValue params);

  static native void llama_free(Pointer context);

  static native int llama_decode(Pointer context, Batch.ByValue batch);

  static native @Nullable Pointer llama_get_logits_ith(Pointer context, int column);

  static native void llama_kv_self_clear(Pointer context);

  static native byte llama_kv_self_seq_rm(Pointer context, int sequence, int from, int to);

  static native void llama_kv_self_seq_add(
      Pointer context, int sequence, int from, int to, int delta);

  static native byte llama_kv_self_can_shift(Pointer context);

  static native void llama_kv_self_update(Pointer context);

  static native ModelParams.ByValue llama_model_default_params();

  static native ContextParams.ByValue llama_context_default_params();
}
