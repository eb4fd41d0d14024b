/* The portable profile of NUMERICS.md for x86-64 and aarch64, to the bit, with vector instructions.
 *
 * A model is opened for one of the paths, its tensors are put into it one by one as GGUF holds
 * them, and it is finished. Then any number of threads may open lanes of it; lanes are confined to
 * one thread at a time. Lanes are closed before their model.
 *
 * Everything is checked here, whatever the caller checked. A model takes one block of memory and so
 * do lanes, of the size that trc_model_bytes and trc_lanes_bytes tell; nothing else is allocated.
 * The caller's rounding mode and flush-to-zero do not matter, and are as before afterwards. */
#ifndef TRCKERNELS_H
#define TRCKERNELS_H
#include <stdint.h>

#define TRC_API __attribute__((visibility("default")))

/* Of this interface; a caller that wants another one must not go on. */
enum { TRC_VERSION = 1 };

/* What functions return; all errors are negative. */
enum {
  TRC_OK = 0,
  TRC_ARGUMENT = -1,    /* an argument is outside its range, or does not fit the others */
  TRC_UNSUPPORTED = -2, /* another engine is needed for this model, or for this processor */
  TRC_MEMORY = -3,      /* the system has no memory left */
  TRC_MODEL = -4        /* the model is damaged or not complete */
};

/* Ways to compute the same bits. */
enum { TRC_AVX2 = 1, TRC_AVXVNNI = 2, TRC_AVX512 = 3, TRC_NEON = 4 };

/* Types of matrices, by ggml's numbers; vectors are F32. */
enum { TRC_F32 = 0, TRC_Q5_0 = 6, TRC_Q8_0 = 8 };

/* Tensors; those from TRC_ATTENTION_NORM on are there in each layer. */
enum {
  TRC_EMBEDDING,
  TRC_OUTPUT_NORM,
  TRC_OUTPUT,        /* may be missing: then it is the embedding */
  TRC_ROPE_DIVISORS, /* may be missing */
  TRC_ATTENTION_NORM,
  TRC_QUERY,
  TRC_KEY,
  TRC_VALUE,
  TRC_ATTENTION_OUTPUT,
  TRC_FEED_NORM,
  TRC_GATE,
  TRC_UP,
  TRC_DOWN,
  TRC_TENSORS
};

typedef struct {
  int32_t vocabulary, embedding, layers, heads, shared_heads, feed_forward;
  float epsilon, rope_base;
} trc_shape;

typedef struct trc_model trc_model;
typedef struct trc_lanes trc_lanes;

TRC_API int32_t trc_version(void);

/* Whether the processor has what a path needs, and the system saves its registers: 1 or 0. */
TRC_API int32_t trc_has(int32_t path);

/* The bytes that a model takes, or an error. */
TRC_API int64_t trc_model_bytes(const trc_shape *shape, int32_t path);

/* Puts an empty model into *model. */
TRC_API int32_t trc_model_open(const trc_shape *shape, int32_t path, trc_model **model);

/* Copies a tensor into a model: `bytes` bytes of rows, as GGUF holds them. The layer is 0 for
 * tensors of none. */
TRC_API int32_t trc_model_put(trc_model *model, int32_t tensor, int32_t layer, int32_t type, const void *data, int64_t bytes);

/* Must be called once, when all tensors were put. */
TRC_API int32_t trc_model_finish(trc_model *model);

TRC_API void trc_model_close(trc_model *model);

/* The bytes that lanes take, or an error. */
TRC_API int64_t trc_lanes_bytes(const trc_model *model, int32_t lanes, int32_t window, int32_t steps);

/* Puts empty lanes into *opened: 1 to 32, with a window of 16 to 65536 tokens, a power of two, and
 * 1 to 512 steps at most a call. */
TRC_API int32_t trc_lanes_open(const trc_model *model, int32_t lanes, int32_t window, int32_t steps, trc_lanes **opened);

/* Appends tokens; that of lane l at step s is tokens[s * lanes + l]. */
TRC_API int32_t trc_lanes_evaluate(trc_lanes *lanes, const int32_t *tokens, int32_t count, int32_t steps);

/* The logits after column s * lanes + l of the last call, or NULL. They are valid until the next
 * call with these lanes. */
TRC_API const float *trc_lanes_logits(trc_lanes *lanes, int32_t column);

/* Forgets tokens from a position on; those after them move down and keep their cells. */
TRC_API int32_t trc_lanes_drop(trc_lanes *lanes, int32_t from, int32_t tokens);

TRC_API int32_t trc_lanes_clear(trc_lanes *lanes);

TRC_API void trc_lanes_close(trc_lanes *lanes);
#endif
