/* The memory of lanes: the cache and what is on its way. */
#include "internal.h"

static columns new_columns(uint8_t *block, size_t *at, int count, int length) {
  columns q;
  q.blocks = length / BLOCK;
  q.x = part(block, at, (size_t) count * length, 1);
  q.aux = part(block, at, (size_t) count * length, 1);
  q.scale = part(block, at, (size_t) count * q.blocks + SLACK, sizeof *q.scale);
  return q;
}

/* Sets the pointers of `a`, which lies at the start of the block, and tells the block's size. */
int64_t lanes_layout(trc_lanes *a, uint8_t *block) {
  const trc_model *m = a->m;
  size_t at = sizeof *a;
  int e = m->shape.embedding, f = m->shape.feed_forward;
  int all = a->lanes * a->max_steps, n = all < TILE ? all : TILE;
  size_t room = (size_t) a->window + CELLS;
  int queries = a->window <= 4096 ? 32 : 8;
  if (queries > a->max_steps) queries = a->max_steps;
  if (queries < 4) queries = 4; /* heads of one query */
  a->queries = queries;
  a->position = part(block, &at, room, sizeof *a->position);
  a->angles = part(block, &at, (size_t) a->window * m->head, sizeof *a->angles);
  a->stream = part(block, &at, (size_t) n * e, sizeof *a->stream);
  a->normed = part(block, &at, (size_t) n * e, sizeof *a->normed);
  a->attended = part(block, &at, (size_t) n * e + SLACK, sizeof *a->attended);
  a->query_key_value = part(block, &at, (size_t) n * m->row, sizeof *a->query_key_value);
  a->gate_up = part(block, &at, (size_t) n * 2 * f, sizeof *a->gate_up);
  a->narrow = new_columns(block, &at, n, e);
  a->wide = new_columns(block, &at, n, f);
  a->final = new_columns(block, &at, all, e);
  a->visible = part(block, &at, n, sizeof *a->visible);
  a->cell = part(block, &at, a->max_steps, sizeof *a->cell);
  a->scores = part(block, &at, queries * room, sizeof *a->scores);
  a->rescale = part(block, &at, queries * room, sizeof *a->rescale);
  a->key_group = part(block, &at, (size_t) m->head * CELLS, sizeof *a->key_group);
  a->squares = part(block, &at, (size_t) 8 * e, sizeof *a->squares);
  a->flags = part(block, &at, room, sizeof *a->flags);
  a->logits = part(block, &at, (size_t) (all < LOGIT_TILE ? all : LOGIT_TILE) * m->logits_row, sizeof *a->logits);
  a->key_layer = (size_t) a->window * m->shared_length;
  a->value_layer = (size_t) a->window * m->shape.shared_heads * m->padded_head;
  size_t layers = (size_t) a->lanes * m->shape.layers;
  a->keys = part(block, &at, layers * a->key_layer, sizeof *a->keys);
  a->values = part(block, &at, layers * a->value_layer + SLACK, sizeof *a->values);
  return (int64_t) ((at + 4095) / 4096 * 4096);
}
