/* Weights: their memory, and the way from GGUF's rows to groups of rows. */
#include "internal.h"
#include <string.h>

static void new_matrix(const kernels *k, matrix *m, uint8_t *block, size_t *at, int rows, int columns) {
  m->rows = rows;
  m->groups = round_up(rows, k->width) / k->width;
  m->blocks = columns / BLOCK;
  m->w = part(block, at, (size_t) m->groups * k->width, (size_t) columns);
  m->scale = part(block, at, (size_t) m->groups * k->width * m->blocks, sizeof *m->scale);
}

/* Sets the pointers of `m`, which lies at the start of the block, and tells the block's size. */
int64_t model_layout(trc_model *m, uint8_t *block) {
  const trc_shape *s = &m->shape;
  size_t at = sizeof *m;
  int e = s->embedding, f = s->feed_forward;
  m->head = e / s->heads;
  m->padded_head = round_up(m->head, CELLS);
  m->shared_length = s->shared_heads * m->head;
  m->row = round_up(e + 2 * m->shared_length, SLACK) + SLACK;
  m->logits_row = round_up(s->vocabulary, SLACK) + 80; /* not 4 KiB, which would fill one set of the cache */
  m->layers = part(block, &at, s->layers, sizeof *m->layers);
  m->embedding = part(block, &at, s->vocabulary, e);
  m->embedding_scale = part(block, &at, (size_t) s->vocabulary * (e / BLOCK), sizeof *m->embedding_scale);
  m->output_norm = part(block, &at, e, sizeof(float));
  m->divisors = part(block, &at, m->head / 2, sizeof(float));
  layer counted;
  for (int i = 0; i < s->layers; i++) {
    layer *l = block ? &m->layers[i] : &counted;
    l->attention_norm = part(block, &at, e, sizeof(float));
    l->feed_norm = part(block, &at, e, sizeof(float));
    new_matrix(m->k, &l->query_key_value, block, &at, e + 2 * m->shared_length, e);
    new_matrix(m->k, &l->attention_output, block, &at, e, e);
    new_matrix(m->k, &l->gate_up, block, &at, 2 * f, e);
    new_matrix(m->k, &l->down, block, &at, e, f);
  }
  new_matrix(m->k, &m->output, block, &at, s->vocabulary, e);
  return (int64_t) ((at + 4095) / 4096 * 4096);
}

static int block_bytes(int32_t type) { return type == TRC_Q8_0 ? 34 : type == TRC_Q5_0 ? 22 : 0; }

/* Whether a half is infinite or no number. */
static int bad_half(uint16_t h) { return (h & 0x7c00) == 0x7c00; }

static uint16_t unpack(int32_t type, const uint8_t *p, int8_t *w) {
  uint16_t scale;
  memcpy(&scale, p, 2);
  if (type == TRC_Q8_0) {
    memcpy(w, p + 2, BLOCK);
  } else {
    uint32_t fifth;
    memcpy(&fifth, p + 2, 4);
    for (int i = 0; i < BLOCK / 2; i++) {
      w[i] = (int8_t) (((p[6 + i] & 15) | (fifth >> i & 1) << 4) - 16);
      w[i + BLOCK / 2] = (int8_t) ((p[6 + i] >> 4 | (fifth >> (i + BLOCK / 2) & 1) << 4) - 16);
    }
  }
  return scale;
}

static void pack(const kernels *k, matrix *m, int row, int b, uint16_t scale, const int8_t *w) {
  size_t block = (size_t) (row / k->width) * m->blocks + b;
  int lane = row % k->width;
  m->scale[block * k->width + lane] = scale;
  for (int j = 0; j < BLOCK; j++) {
    if (w[j] == -128) m->wide = 1;
    m->w[((block * 8 + j / 4) * k->width + lane) * 4 + j % 4] = (uint8_t) (w[j] + k->offset);
  }
}

static int32_t put_matrix(trc_model *m, matrix *to, int first, int rows, int32_t type, const uint8_t *data, int64_t bytes) {
  int size = block_bytes(type), blocks = to->blocks;
  if (!size) return TRC_UNSUPPORTED;
  if (bytes != (int64_t) rows * blocks * size || first + rows > to->rows) return TRC_ARGUMENT;
  int8_t w[BLOCK];
  for (int row = first; row < first + rows; row++)
    for (int b = 0; b < blocks; b++, data += size) {
      uint16_t scale = unpack(type, data, w);
      if (bad_half(scale)) return TRC_MODEL;
      pack(m->k, to, row, b, scale, w);
    }
  return TRC_OK;
}

static int32_t put_embedding(trc_model *m, int32_t type, const uint8_t *data, int64_t bytes) {
  int size = block_bytes(type);
  int64_t blocks = (int64_t) m->shape.vocabulary * (m->shape.embedding / BLOCK);
  if (!size) return TRC_UNSUPPORTED;
  if (bytes != blocks * size) return TRC_ARGUMENT;
  for (int64_t b = 0; b < blocks; b++, data += size) {
    m->embedding_scale[b] = unpack(type, data, m->embedding + b * BLOCK);
    if (bad_half(m->embedding_scale[b])) return TRC_MODEL;
  }
  return TRC_OK;
}

static int32_t put_floats(float *to, int count, int32_t type, const uint8_t *data, int64_t bytes, int zero_allowed) {
  if (type != TRC_F32) return TRC_UNSUPPORTED;
  if (bytes != (int64_t) count * 4) return TRC_ARGUMENT;
  for (int i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, data + (size_t) i * 4, 4);
    if ((bits & 0x7f800000) == 0x7f800000 || (!zero_allowed && !(bits << 1))) return TRC_MODEL;
    memcpy(&to[i], &bits, 4);
  }
  return TRC_OK;
}

int32_t put_tensor(trc_model *m, int32_t tensor, int32_t index, int32_t type, const uint8_t *data, int64_t bytes) {
  const trc_shape *s = &m->shape;
  int e = s->embedding, f = s->feed_forward, shared = m->shared_length;
  layer *l = &m->layers[index];
  uint32_t *put = tensor < TRC_ATTENTION_NORM ? &m->put : &l->put;
  if (*put & 1u << tensor) return TRC_ARGUMENT;
  int32_t code;
  switch (tensor) {
    case TRC_EMBEDDING: code = put_embedding(m, type, data, bytes); break;
    case TRC_OUTPUT_NORM: code = put_floats(m->output_norm, e, type, data, bytes, 1); break;
    case TRC_OUTPUT: code = put_matrix(m, &m->output, 0, s->vocabulary, type, data, bytes); break;
    case TRC_ROPE_DIVISORS: code = put_floats(m->divisors, m->head / 2, type, data, bytes, 0); break;
    case TRC_ATTENTION_NORM: code = put_floats(l->attention_norm, e, type, data, bytes, 1); break;
    case TRC_QUERY: code = put_matrix(m, &l->query_key_value, 0, e, type, data, bytes); break;
    case TRC_KEY: code = put_matrix(m, &l->query_key_value, e, shared, type, data, bytes); break;
    case TRC_VALUE: code = put_matrix(m, &l->query_key_value, e + shared, shared, type, data, bytes); break;
    case TRC_ATTENTION_OUTPUT: code = put_matrix(m, &l->attention_output, 0, e, type, data, bytes); break;
    case TRC_FEED_NORM: code = put_floats(l->feed_norm, e, type, data, bytes, 1); break;
    case TRC_GATE: code = put_matrix(m, &l->gate_up, 0, f, type, data, bytes); break;
    case TRC_UP: code = put_matrix(m, &l->gate_up, f, f, type, data, bytes); break;
    case TRC_DOWN: code = put_matrix(m, &l->down, 0, e, type, data, bytes); break;
    default: return TRC_ARGUMENT;
  }
  if (code == TRC_OK) *put |= 1u << tensor;
  return code;
}

int32_t finish_model(trc_model *m) {
  const trc_shape *s = &m->shape;
  uint32_t whole = 1u << TRC_EMBEDDING | 1u << TRC_OUTPUT_NORM;
  if ((m->put & whole) != whole) return TRC_MODEL;
  for (int i = 0; i < s->layers; i++)
    for (int t = TRC_ATTENTION_NORM; t < TRC_TENSORS; t++)
      if (!(m->layers[i].put & 1u << t)) return TRC_MODEL;
  int blocks = s->embedding / BLOCK;
  if (!(m->put & 1u << TRC_OUTPUT))
    for (int row = 0; row < s->vocabulary; row++)
      for (int b = 0; b < blocks; b++) {
        size_t at = (size_t) row * blocks + b;
        pack(m->k, &m->output, row, b, m->embedding_scale[at], m->embedding + at * BLOCK);
      }
  if (!(m->put & 1u << TRC_ROPE_DIVISORS)) m->divisors = NULL;
  m->theta_scale = m->k->theta_scale(s->rope_base, m->head);
  m->score_scale = 1.0f / __builtin_sqrtf((float) m->head);
  m->finished = 1;
  return TRC_OK;
}
