/* The functions that callers see: they check, and compute with the default rounding. */
#include "internal.h"

/* To nearest, subnormals kept, exceptions masked. */
#ifdef __aarch64__
enum { DEFAULT_ROUNDING = 0 }; /* and halves of IEEE 754 */
#define GET_ROUNDING() __builtin_aarch64_get_fpcr()
#define SET_ROUNDING(mode) __builtin_aarch64_set_fpcr(mode)
#else
#include <xmmintrin.h>
enum { DEFAULT_ROUNDING = 0x1f80 };
#define GET_ROUNDING() _mm_getcsr()
#define SET_ROUNDING(mode) _mm_setcsr(mode)
#endif

static unsigned enter(void) {
  unsigned before = GET_ROUNDING();
  SET_ROUNDING(DEFAULT_ROUNDING);
  return before;
}

int32_t trc_version(void) { return TRC_VERSION; }

static int32_t check_shape(const trc_shape *s) {
  if (!s || s->vocabulary < 1 || s->embedding < BLOCK || s->layers < 1 || s->heads < 1 || s->shared_heads < 1 || s->feed_forward < BLOCK) return TRC_ARGUMENT;
  /* No product of sizes overflows with these; larger models are for other engines. */
  if (s->vocabulary > 1 << 24 || s->embedding > 1 << 16 || s->layers > MAX_LAYERS || s->feed_forward > 1 << 18) return TRC_UNSUPPORTED;
  if (s->embedding % BLOCK || s->feed_forward % BLOCK || s->embedding % s->heads || s->heads % s->shared_heads) return TRC_ARGUMENT;
  int head = s->embedding / s->heads;
  if (head < 16 || head > MAX_HEAD || head % 2) return TRC_UNSUPPORTED;
  if (!(s->epsilon > 0 && s->epsilon <= 0x1.fffffep127f)) return TRC_UNSUPPORTED;
  if (!(s->rope_base >= 1 && s->rope_base <= 1e9f)) return TRC_UNSUPPORTED;
  return TRC_OK;
}

int64_t trc_model_bytes(const trc_shape *shape, int32_t path) {
  int32_t code = check_shape(shape);
  if (code) return code;
  trc_model m = {.shape = *shape, .k = path_of(path)};
  return m.k ? model_layout(&m, NULL) : TRC_UNSUPPORTED;
}

int32_t trc_model_open(const trc_shape *shape, int32_t path, trc_model **model) {
  if (!model) return TRC_ARGUMENT;
  int64_t bytes = trc_model_bytes(shape, path);
  if (bytes < 0) return (int32_t) bytes;
  trc_model *m = take((size_t) bytes);
  if (!m) return TRC_MEMORY;
  m->shape = *shape;
  m->k = path_of(path);
  m->bytes = (size_t) bytes;
  model_layout(m, (uint8_t *) m);
  *model = m;
  return TRC_OK;
}

int32_t trc_model_put(trc_model *m, int32_t tensor, int32_t layer, int32_t type, const void *data, int64_t bytes) {
  if (!m || m->finished || !data || bytes < 0 || tensor < 0 || tensor >= TRC_TENSORS) return TRC_ARGUMENT;
  if (layer < 0 || layer >= (tensor < TRC_ATTENTION_NORM ? 1 : m->shape.layers)) return TRC_ARGUMENT;
  return put_tensor(m, tensor, layer, type, data, bytes);
}

int32_t trc_model_finish(trc_model *m) {
  if (!m || m->finished) return TRC_ARGUMENT;
  unsigned before = enter();
  int32_t code = finish_model(m);
  SET_ROUNDING(before);
  return code;
}

void trc_model_close(trc_model *m) {
  if (m) give_back(m, m->bytes);
}

int64_t trc_lanes_bytes(const trc_model *m, int32_t lanes, int32_t window, int32_t steps) {
  if (!m || lanes < 1 || lanes > MAX_LANES || steps < 1 || steps > MAX_STEPS) return TRC_ARGUMENT;
  if (window < MIN_WINDOW || window > MAX_WINDOW || window & (window - 1)) return TRC_ARGUMENT;
  trc_lanes a = {.m = m, .lanes = lanes, .window = window, .max_steps = steps};
  return lanes_layout(&a, NULL);
}

int32_t trc_lanes_open(const trc_model *m, int32_t lanes, int32_t window, int32_t steps, trc_lanes **opened) {
  if (!opened || !m || !m->finished) return TRC_ARGUMENT;
  int64_t bytes = trc_lanes_bytes(m, lanes, window, steps);
  if (bytes < 0) return (int32_t) bytes;
  trc_lanes *a = take((size_t) bytes);
  if (!a) return TRC_MEMORY;
  a->m = m;
  a->bytes = (size_t) bytes;
  a->lanes = lanes;
  a->window = window;
  a->max_steps = steps;
  lanes_layout(a, (uint8_t *) a);
  forget_all(a);
  *opened = a;
  return TRC_OK;
}

int32_t trc_lanes_evaluate(trc_lanes *a, const int32_t *tokens, int32_t count, int32_t steps) {
  if (!a || !tokens || a->failed || steps < 1 || steps > a->max_steps || steps > a->window - a->length) return TRC_ARGUMENT;
  if (count != steps * a->lanes) return TRC_ARGUMENT;
  for (int i = 0; i < count; i++) if (tokens[i] < 0 || tokens[i] >= a->m->shape.vocabulary) return TRC_ARGUMENT;
  unsigned before = enter();
  int first = a->length;
  a->merged = 0;
  for (int s = 0; s < steps; s++) a->cell[s] = append_cell(a);
  for (; a->angles_known < a->length; a->angles_known++)
    a->m->k->angles(a->m, (float) a->angles_known, a->angles + (size_t) a->angles_known * a->m->head);
  for (int from = 0; from < count; from += TILE) {
    int n = count - from < TILE ? count - from : TILE;
    for (int s = from / a->lanes; s <= (from + n - 1) / a->lanes; s++) see(a, first + s, &a->visible[s - from / a->lanes]);
    a->m->k->forward(a, tokens + from, first, from, n);
  }
  a->computed = count;
  a->logits_count = 0;
  SET_ROUNDING(before);
  if (a->infinite && a->merged) {
    a->failed = 1;
    a->computed = 0;
    return TRC_UNSUPPORTED;
  }
  return TRC_OK;
}

const float *trc_lanes_logits(trc_lanes *a, int32_t column) {
  if (!a || column < 0 || column >= a->computed) return NULL;
  if (column < a->logits_from || column >= a->logits_from + a->logits_count) {
    unsigned before = enter();
    a->logits_from = column / LOGIT_TILE * LOGIT_TILE;
    int left = a->computed - a->logits_from;
    a->logits_count = left < LOGIT_TILE ? left : LOGIT_TILE;
    a->m->k->output(a, a->logits_from, a->logits_count);
    SET_ROUNDING(before);
  }
  return a->logits + (size_t) (column - a->logits_from) * a->m->logits_row;
}

int32_t trc_lanes_drop(trc_lanes *a, int32_t from, int32_t tokens) {
  if (!a || a->failed || from < 0 || tokens < 0 || from > a->length || tokens > a->length - from) return TRC_ARGUMENT;
  if (tokens == a->length) {
    forget_all(a);
  } else if (tokens) {
    unsigned before = enter();
    float angles[MAX_HEAD];
    drop_cells(a, from, tokens);
    a->m->k->angles(a->m, (float) -tokens, angles);
    a->m->k->turn(a, from, angles);
    SET_ROUNDING(before);
  }
  return TRC_OK;
}

int32_t trc_lanes_clear(trc_lanes *a) {
  if (!a) return TRC_ARGUMENT;
  forget_all(a);
  return TRC_OK;
}

void trc_lanes_close(trc_lanes *a) {
  if (a) give_back(a, a->bytes);
}
