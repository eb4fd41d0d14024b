/* Keys and values, and queries against them: NUMERICS.md, "angles and turn", "attention", "The
 * slide". Scores are computed with cells as elements of vectors, values summed with dimensions. */
enum {
  KEYS_AHEAD = 2048, /* halves to fetch ahead */
  VALUES_AHEAD = 2048,
  CHUNK = 64 /* numbers of a head whose sums are in registers together */
};

/* What is read after the attention of a lane: fetched into the second-level cache meanwhile, 128
 * bytes of each part a cell. */
typedef struct { const char *keys[4], *values[4]; size_t stride; } next;

/* ---- angles ---- */

static void angles(const trc_model *m, float distance, float *t) {
  float theta = distance;
  for (int i = 0; i < m->head; i += 2) {
    cos_sin(m->divisors ? theta / m->divisors[i / 2] : theta, &t[i], &t[i + 1]);
    theta *= m->theta_scale;
  }
}

static float theta_scale(float base, int head) { return power(base, -2.0f / (float) head); }

/* Turns heads one behind the other. */
static void turn_heads(float *x, int length, int head, const float *t) {
  float crossed[MAX_HEAD];
  for (int i = 0; i < head; i += 2) { crossed[i] = -t[i + 1]; crossed[i + 1] = t[i]; }
  for (float *h = x; h < x + length; h += head) {
    int i = 0;
    for (; i + W <= head; i += W) {
      vf v = LOAD(h + i);
      STORE(h + i, FMA(EVEN(v), LOAD(t + i), ODD(v) * LOAD(crossed + i)));
    }
    for (; i < head; i += 2) {
      float a = h[i], b = h[i + 1];
      h[i] = fmaf(a, t[i], -(b * t[i + 1]));
      h[i + 1] = fmaf(a, t[i + 1], b * t[i]);
    }
  }
}

/* ---- the cache ---- */

/* The key of a cell lies in a group with those of 15 others, [head][group][dimension][cell]. */
FORCE uint16_t *key_at(const trc_lanes *a, int lane, int layer_index, int head, int cell) {
  uint16_t *keys = a->keys + ((size_t) lane * a->m->shape.layers + layer_index) * a->key_layer;
  return keys + ((size_t) head * a->window + cell / CELLS * CELLS) * a->m->head + cell % CELLS;
}
/* Values lie [cell][head], each filled up to whole vectors. */
FORCE uint16_t *values_of(const trc_lanes *a, int lane, int layer_index) {
  return a->values + ((size_t) lane * a->m->shape.layers + layer_index) * a->value_layer;
}
FORCE size_t value_stride(const trc_model *m) { return (size_t) m->shape.shared_heads * m->padded_head; }

/* Behind the key and the value there is SLACK. */
static void remember(trc_lanes *a, int lane, int layer_index, int cell, const float *key, const float *value) {
  const trc_model *m = a->m;
  uint16_t h[MAX_HEAD + W];
  uint16_t *v = values_of(a, lane, layer_index) + (size_t) cell * value_stride(m);
  int infinite = 0;
  for (int head = 0; head < m->shape.shared_heads; head++) {
    for (int i = 0; i < m->head; i += W) HSTORE(h + i, LOAD(key + head * m->head + i));
    uint16_t *k = key_at(a, lane, layer_index, head, cell);
    for (int i = 0; i < m->head; i++) k[i * CELLS] = h[i];
    for (int i = 0; i < m->padded_head; i += W) {
      vf x = ROUND(LOAD(value + head * m->head + i));
      infinite |= any_infinite(x);
      HSTORE(v + head * m->padded_head + i, x);
    }
  }
  a->infinite |= infinite;
}

/* Turns the keys of the tokens at positions from `from` on. What free cells hold may change. */
static void turn(trc_lanes *a, int from, const float *t) {
  const trc_model *m = a->m;
  for (int group = 0; group < a->window; group += CELLS) {
    const int32_t *position = a->position + group;
    int moving = 0, staying = 0;
    for (int i = 0; i < CELLS; i++) {
      moving += position[i] != FREE_CELL && position[i] >= from;
      staying += position[i] < from;
    }
    if (!moving) continue;
    for (int lane = 0; lane < a->lanes; lane++)
      for (int l = 0; l < m->shape.layers; l++)
        for (int head = 0; head < m->shape.shared_heads; head++) {
          uint16_t *k = key_at(a, lane, l, head, group);
          for (int i = 0; i < m->head; i += 2, k += 2 * CELLS) {
            vf cosine = SET(t[i]), sine = SET(t[i + 1]), minus = SET(-t[i + 1]);
            UNROLL for (int j = 0; j < CELLS; j += W) {
              vf x = HLOAD(k + j), y = HLOAD(k + CELLS + j);
              vf x1 = FMA(x, cosine, y * minus), y1 = FMA(x, sine, y * cosine);
              if (staying) {
                x1 = moved(x, x1, position + j, from);
                y1 = moved(y, y1, position + j, from);
              }
              HSTORE(k + j, x1);
              HSTORE(k + CELLS + j, y1);
            }
          }
        }
  }
}

/* ---- scores ---- */

/* Queries times the keys of a group of cells, halves or floats. `head` is the numbers of a head. */
FORCE void dots(int halves, const uint16_t *half, const float *whole, const float *q, size_t q_stride, int n, int head, float scale, float *s, size_t s_stride) {
#define KEY(d) (halves ? HLOAD(half + (d) * CELLS + part) : LOAD(whole + (d) * CELLS + part))
  const int sums = head / 32 * 32;
  UNROLL for (int part = 0; part < CELLS; part += W) {
    vf u[4], sum[4], first[4];
    if (sums) {
      UNROLL for (int i = 0; i < 4; i++) {
        UNROLL for (int j = i; j < i + 8; j += 4) {
          UNROLL for (int c = 0; c < n; c++) {
            const float *p = q + c * q_stride + j;
            vf s0 = KEY(j) * SET(p[0]), s1 = KEY(j + 8) * SET(p[8]), s2 = KEY(j + 16) * SET(p[16]), s3 = KEY(j + 24) * SET(p[24]);
            _Pragma("GCC unroll 4") for (int d = 32; d < sums; d += 32) {
              s0 = FMA(KEY(j + d), SET(p[d]), s0);
              s1 = FMA(KEY(j + d + 8), SET(p[d + 8]), s1);
              s2 = FMA(KEY(j + d + 16), SET(p[d + 16]), s2);
              s3 = FMA(KEY(j + d + 24), SET(p[d + 24]), s3);
            }
            vf t = (s0 + s2) + (s1 + s3);
            if (j == i) u[c] = t; else u[c] = u[c] + t;
          }
        }
        UNROLL for (int c = 0; c < n; c++) {
          if (i == 0) sum[c] = u[c];
          else if (i == 1) first[c] = sum[c] + u[c];
          else if (i == 2) sum[c] = u[c];
          else sum[c] = first[c] + (sum[c] + u[c]);
        }
      }
    } else {
      UNROLL for (int c = 0; c < n; c++) sum[c] = SET(0);
    }
    UNROLL for (int c = 0; c < n; c++) {
      if (sums < head) { /* what is left over is summed in f64 */
        float product[W], total[W];
        double wide[W];
        STORE(total, sum[c]);
        for (int k = 0; k < W; k++) wide[k] = total[k];
        for (int i = sums; i < head; i++) {
          STORE(product, KEY(i) * SET(q[c * q_stride + i]));
          for (int k = 0; k < W; k++) wide[k] += (double) product[k];
        }
        for (int k = 0; k < W; k++) total[k] = (float) wide[k];
        sum[c] = LOAD(total);
      }
      STORE(s + c * s_stride + part, sum[c] * SET(scale));
    }
  }
#undef KEY
}
/* One query, keys as halves. */
static void score_one(const trc_model *m, const uint16_t *keys, const float *q, float *s) {
  if (m->head == 64) dots(1, keys, NULL, q, 0, 1, 64, m->score_scale, s, 0);
  else if (m->head == 128) dots(1, keys, NULL, q, 0, 1, 128, m->score_scale, s, 0);
  else dots(1, keys, NULL, q, 0, 1, m->head, m->score_scale, s, 0);
}
/* k queries, keys as floats. */
static void score_many(const trc_model *m, const float *keys, const float *q, size_t stride, int k, float *s, size_t room) {
  int i = 0;
  if (TOGETHER == 4 && m->head == 64)
    for (; i + 4 <= k; i += 4) dots(0, NULL, keys, q + i * stride, stride, 4, 64, m->score_scale, s + i * room, room);
  for (; i < k; i++)
    if (m->head == 64) dots(0, NULL, keys, q + i * stride, 0, 1, 64, m->score_scale, s + i * room, 0);
    else dots(0, NULL, keys, q + i * stride, 0, 1, m->head, m->score_scale, s + i * room, 0);
}

/* The groups of `unit` cells that runs touch, each once: runs may end and begin in one group. */
#define EACH_GROUP(r, unit, cell) \
  for (int run_ = 0, done_ = 0; run_ < (r)->count; run_++) \
    for (int cell = ((r)->from[run_] & -(unit)) > done_ ? ((r)->from[run_] & -(unit)) : done_; cell < (r)->to[run_]; cell += (unit), done_ = cell)

#ifndef CLIMB
/* Scores of which some exceed all before: the greatest so far at each. Those that are greater than
 * what came before get their flag and a factor. */
FORCE vf climb(vf x, float *greatest, float *rescale, uint8_t *flags, int flag) {
  float score[W], until[W], change[W];
  STORE(score, x);
  for (int i = 0; i < W; i++) {
    change[i] = 0;
    if (score[i] > *greatest) {
      change[i] = *greatest - score[i];
      *greatest = score[i];
      flags[i] |= (uint8_t) flag;
    }
    until[i] = *greatest;
  }
  STORE(rescale, exp_attention(LOAD(change)));
  return LOAD(until);
}
#endif

FORCE int all_finite(const float *s, const runs *r) {
  vf zero = SET(0);
  EACH_GROUP(r, W, cell) zero = FMA(LOAD(s + cell), SET(0), zero);
  return !any_infinite(zero);
}

static float exp_of_one(float x) {
  float y[W];
  STORE(y, exp_attention(SET(x)));
  return x == x ? y[0] : x;
}

/* What `weigh` does, where a score is infinite or no number. */
static void weigh_any(float *s, float *rescale, const int32_t *position, int last, const runs *r, uint8_t *flags, int flag) {
  float greatest = -INFINITY;
  EACH_GROUP(r, W, group)
    for (int cell = group; cell < group + W; cell++) {
      if (position[cell] > last) {
        s[cell] = 0;
      } else if (s[cell] > greatest) {
        rescale[cell] = exp_of_one(greatest - s[cell]);
        flags[cell] |= (uint8_t) flag;
        greatest = s[cell];
        s[cell] = 1;
      } else {
        s[cell] = exp_of_one(s[cell] - greatest);
      }
    }
}

/* Scores become weights relative to the greatest so far. Where that changes, the cell is flagged,
 * and `rescale` has the factor for what was summed before. */
static void weigh(float *s, float *rescale, const int32_t *position, int last, const runs *r, uint8_t *flags, int flag) {
  float greatest = -INFINITY;
  if (__builtin_expect(!all_finite(s, r), 0)) {
    weigh_any(s, rescale, position, last, r, flags, flag);
    return;
  }
  EACH_GROUP(r, W, cell) {
    vf x = seen(LOAD(s + cell), position + cell, last), now = SET(greatest);
    if (__builtin_expect(any_greater(x, now), 0)) now = climb(x, &greatest, rescale + cell, flags + cell, flag);
    STORE(s + cell, exp_attention(x - now));
  }
}

static void clear_flags(trc_lanes *a, const runs *r) {
  EACH_GROUP(r, CELLS, cell) memset(a->flags + cell, 0, CELLS);
}

/* ---- values ---- */

/* Weighted sums of `vectors` vectors of values, n at once; those of index i start at v + at[i]. A
 * cell that is not seen has the weight 0. */
FORCE void sum(const uint16_t *v, size_t stride, const int *at, int n, int vectors, int bit, const float *weights, const float *rescale, size_t w_stride, const runs *r, const uint8_t *flags, float *const *target, int alone, const next *soon) {
  vf a[4][CHUNK / W], total[4];
  UNROLL for (int i = 0; i < n; i++) {
    total[i] = SET(0);
    UNROLL for (int d = 0; d < vectors; d++) a[i][d] = SET(0);
  }
  for (int run = 0; run < r->count; run++) {
    const uint16_t *p = v + (size_t) r->from[run] * stride;
    for (int cell = r->from[run]; cell < r->to[run]; cell++, p += stride) {
      if (__builtin_expect(flags[cell], 0)) {
        UNROLL for (int i = 0; i < n; i++)
          if (flags[cell] >> (bit + i) & 1) {
            vf f = SET(rescale[i * w_stride + cell]);
            UNROLL for (int d = 0; d < vectors; d++) a[i][d] = ROUND(a[i][d] * f);
            total[i] = total[i] * f;
          }
      }
      UNROLL for (int i = 0; i < n; i++) {
        vf w = SET(weights[i * w_stride + cell]);
        if (soon) {
          const char *k = soon->keys[i] + (size_t) cell * 128, *u = soon->values[i] + (size_t) cell * soon->stride;
          if (alone) { __builtin_prefetch(k, 0, 2); __builtin_prefetch(k + 64, 0, 2); }
          __builtin_prefetch(u, 0, 3); __builtin_prefetch(u + 64, 0, 3);
        }
        UNROLL for (int d = 0; d < vectors; d++) a[i][d] = ROUND(FMA(HLOAD(p + at[i] + d * W), w, a[i][d]));
        total[i] = total[i] + w;
      }
    }
  }
  UNROLL for (int i = 0; i < n; i++) {
    vf inverse = SET(1.0f) / total[i];
    UNROLL for (int d = 0; d < vectors; d++) STORE(target[i] + d * W, a[i][d] * inverse);
  }
}

/* The sums of a head of any size, in chunks of 64 numbers and one of what is left. */
static void sum_head(const trc_model *m, const uint16_t *v, int bit, const float *weights, const float *rescale, const runs *r, const uint8_t *flags, float *target) {
  const int zero[4] = {0};
  size_t stride = value_stride(m);
  float padded[MAX_HEAD];
  float *to = m->head == m->padded_head ? target : padded;
  for (int d = 0; d < m->padded_head; d += CHUNK, v += CHUNK) {
    float *const part[4] = {to + d};
    switch (m->padded_head - d) {
      case 16: sum(v, stride, zero, 1, 16 / W, bit, weights, rescale, 0, r, flags, part, 0, NULL); break;
      case 32: sum(v, stride, zero, 1, 32 / W, bit, weights, rescale, 0, r, flags, part, 0, NULL); break;
      case 48: sum(v, stride, zero, 1, 48 / W, bit, weights, rescale, 0, r, flags, part, 0, NULL); break;
      default: sum(v, stride, zero, 1, 64 / W, bit, weights, rescale, 0, r, flags, part, 0, NULL);
    }
  }
  if (to == padded) memcpy(target, padded, (size_t) m->head * sizeof *target);
}

/* ---- attention ---- */

/* n heads, from h on, of one query of a lane. */
FORCE void heads_of_one(trc_lanes *a, int layer_index, int lane, int column, int position, const runs *r, int h, int n) {
  const trc_model *m = a->m;
  int sharing = m->shape.heads / m->shape.shared_heads;
  size_t room = (size_t) a->window + CELLS;
  const float *q = a->query_key_value + (size_t) column * m->row;
  float *target[4];
  int at[4];
  clear_flags(a, r);
  for (int i = 0; i < n; i++) {
    int shared = (h + i) / sharing;
    at[i] = shared * m->padded_head;
    target[i] = a->attended + (size_t) column * m->shape.embedding + (size_t) (h + i) * m->head;
    EACH_GROUP(r, CELLS, cell) {
      const uint16_t *keys = key_at(a, lane, layer_index, shared, cell);
      for (int line = 0; line < m->head * CELLS; line += 32) __builtin_prefetch(keys + KEYS_AHEAD + line);
      score_one(m, keys, q + (h + i) * m->head, a->scores + i * room + cell);
    }
  }
  for (int i = 0; i < n; i++) weigh(a->scores + i * room, a->rescale + i * room, a->position, position, r, a->flags, 1 << i);
  const uint16_t *v = values_of(a, lane, layer_index);
  if (TOGETHER == 4 && n == 4 && m->head == CHUNK) {
    int alone = a->lanes == 1; /* one lane alone waits for weights, many wait for their values */
    next soon = {.stride = 128};
    for (int i = 0; i < n; i++) {
      const char *w = (const char *) m->layers[layer_index].gate_up.w + (size_t) (h + i) * a->window * 256;
      soon.keys[i] = w;
      soon.values[i] = alone ? w + (size_t) a->window * 128 : (const char *) (v + at[i] + VALUES_AHEAD);
    }
    if (!alone) soon.stride = value_stride(m) * sizeof *v;
    sum(v, value_stride(m), at, 4, CHUNK / W, 0, a->scores, a->rescale, room, r, a->flags, target, alone, &soon);
  } else {
    for (int i = 0; i < n; i++) sum_head(m, v + at[i], i, a->scores + i * room, a->rescale + i * room, r, a->flags, target[i]);
  }
}
static void attend_one(trc_lanes *a, int layer_index, int lane, int column, int position, const runs *r) {
  int h = 0;
  if (TOGETHER == 4) for (; h + 4 <= a->m->shape.heads; h += 4) heads_of_one(a, layer_index, lane, column, position, r, h, 4);
  for (; h < a->m->shape.heads; h++) heads_of_one(a, layer_index, lane, column, position, r, h, 1);
}

/* n queries of one lane, at the columns column, column + lanes, ...; visible: of each step. */
static void attend_many(trc_lanes *a, int layer_index, int lane, int column, int n, int position, const runs *visible) {
  const trc_model *m = a->m;
  const int zero[4] = {0};
  int sharing = m->shape.heads / m->shape.shared_heads, e = m->shape.embedding;
  size_t room = (size_t) a->window + CELLS, stride = (size_t) m->row * a->lanes;
  /* A weight of 0 hides a cell from an earlier query only while all values are finite. */
  int four = TOGETHER == 4 && m->head == CHUNK && !a->infinite;
  for (int q0 = 0; q0 < n; q0 += a->queries) {
    int k = n - q0 < a->queries ? n - q0 : a->queries;
    int c0 = column + q0 * a->lanes;
    const runs *r = &visible[q0 + k - 1];
    for (int h = 0; h < m->shape.heads; h++) {
      const float *q = a->query_key_value + (size_t) c0 * m->row + (size_t) h * m->head;
      EACH_GROUP(r, CELLS, cell) {
        const uint16_t *key = key_at(a, lane, layer_index, h / sharing, cell);
        for (int i = 0; i < m->head * CELLS; i += W) STORE(a->key_group + i, HLOAD(key + i));
        score_many(m, a->key_group, q, stride, k, a->scores + cell, room);
      }
      const uint16_t *v = values_of(a, lane, layer_index) + h / sharing * m->padded_head;
      for (int i = 0; i < k;) {
        int together = four && k - i >= 4 ? 4 : 1;
        const runs *seen_by_last = &visible[q0 + i + together - 1];
        float *target[4], *s = a->scores + i * room, *f = a->rescale + i * room;
        clear_flags(a, seen_by_last);
        for (int j = 0; j < together; j++) {
          target[j] = a->attended + (size_t) (c0 + (i + j) * a->lanes) * e + (size_t) h * m->head;
          weigh(s + j * room, f + j * room, a->position, position + q0 + i + j, seen_by_last, a->flags, 1 << j);
        }
        if (together == 4) sum(v, value_stride(m), zero, 4, CHUNK / W, 0, s, f, room, seen_by_last, a->flags, target, 0, NULL);
        else sum_head(m, v, 0, s, f, seen_by_last, a->flags, target[0]);
        i += together;
      }
    }
  }
}
