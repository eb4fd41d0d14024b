/* A tile of columns on its way through the layers: NUMERICS.md, "Evaluation". */

/* The sums run in f64, one number after the other: eight columns at once hide the latency. */
static void norm(const trc_lanes *a, const float *x, int n, const float *weight, float *y) {
  const int length = a->m->shape.embedding;
  for (int c0 = 0; c0 < n; c0 += 8) {
    int k = n - c0 < 8 ? n - c0 : 8;
    double *t = a->squares, total[8] = {0};
    for (int c = 0; c < k; c++) for (int i = 0; i < length; i += W) squares(x + (size_t) (c0 + c) * length + i, t + (size_t) c * length + i);
    if (k == 8) {
      double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
      for (int i = 0; i < length; i++) {
        const double *p = t + i;
        s0 += p[0]; s1 += p[length]; s2 += p[2 * length]; s3 += p[3 * length];
        s4 += p[4 * length]; s5 += p[5 * length]; s6 += p[6 * length]; s7 += p[7 * length];
      }
      total[0] = s0; total[1] = s1; total[2] = s2; total[3] = s3; total[4] = s4; total[5] = s5; total[6] = s6; total[7] = s7;
    } else {
      for (int c = 0; c < k; c++) { double s = 0; for (int i = 0; i < length; i++) s += t[(size_t) c * length + i]; total[c] = s; }
    }
    for (int c = 0; c < k; c++) {
      float mean = (float) (total[c] / length);
      vf scale = SET(1.0f / __builtin_sqrtf(mean + a->m->shape.epsilon));
      const float *from = x + (size_t) (c0 + c) * length;
      float *to = y + (size_t) (c0 + c) * length;
      for (int i = 0; i < length; i += W) STORE(to + i, LOAD(from + i) * scale * LOAD(weight + i));
    }
  }
}

/* v(x) without its branch for |n| > 126, of which it tells. */
FORCE vf silu_exps(vf x, int *rare) {
  vf z = FMA(x, SET(0x1.715476p0f), SET(0x1.8p23f)), n = z - SET(0x1.8p23f), m = SET(0) - n;
  vf b = FMA(m, SET(0x1.7f7d1cp-20f), FMA(m, SET(0x1.62e4p-1f), x));
  vf k = SHIFTED_SUM(z, 23, 0x3f800000);
  vf u = b * b;
  vf j = FMA(FMA(FMA(SET(0x1.0e4020p-7f), b, SET(0x1.573e2ep-5f)), u, FMA(SET(0x1.555e66p-3f), b, SET(0x1.fffdb6p-2f))), u, SET(0x1.ffffecp-1f) * b);
  *rare |= any_greater(ABS(n), SET(126));
  return FMA(j, k, k);
}

/* silu(gate) * up into the first half of x; up is its second half. */
static void gate(float *x, int length) {
  for (int i = 0; i < length; i += W) {
    int rare = 0;
    vf v = LOAD(x + i), up = LOAD(x + length + i), e = silu_exps(SET(0) - v, &rare);
    if (__builtin_expect(rare, 0)) {
      float t[W];
      for (int j = 0; j < W; j++) t[j] = silu_exp(0 - x[i + j]);
      e = LOAD(t);
    }
    STORE(x + i, v / (SET(1.0f) + e) * up);
  }
}

static void add(float *x, const float *y, size_t n) {
  for (size_t i = 0; i < n; i += W) STORE(x + i, LOAD(y + i) + LOAD(x + i));
}

static void embed(const trc_model *m, int token, float *x) {
  int blocks = m->shape.embedding / BLOCK;
  const int8_t *w = m->embedding + (size_t) token * m->shape.embedding;
  const uint16_t *scale = m->embedding_scale + (size_t) token * blocks;
  for (int b = 0; b < blocks; b++) {
    float d = half_to_float(scale[b]);
    for (int j = 0; j < BLOCK; j++) x[b * BLOCK + j] = d * (float) w[b * BLOCK + j];
  }
}

static void attend(trc_lanes *a, int layer_index, int first, int from, int n) {
  const trc_model *m = a->m;
  const int e = m->shape.embedding, keys = e, values = e + m->shared_length;
  const int lanes = a->lanes, first_step = from / lanes;
  for (int c = 0; c < n; c++) {
    int step = (from + c) / lanes;
    float *row = a->query_key_value + (size_t) c * m->row;
    turn_heads(row, values, m->head, a->angles + (size_t) (first + step) * m->head);
    remember(a, (from + c) % lanes, layer_index, a->cell[step], row + keys, row + values);
    for (int j = 0; j < e; j += W) STORE(row + j, ROUND(LOAD(row + j)));
  }
  for (int c = 0; c < n && c < lanes; c++) {
    int lane = (from + c) % lanes, step = (from + c) / lanes;
    int queries = (n - c + lanes - 1) / lanes;
    const runs *visible = a->visible + (step - first_step);
    if (n > lanes) attend_many(a, layer_index, lane, c, queries, first + step, visible);
    else attend_one(a, layer_index, lane, c, first + step, visible);
  }
}

/* Columns from..from + n of a call, whose first step is at the position `first`. */
static void forward(trc_lanes *a, const int32_t *tokens, int first, int from, int n) {
  const trc_model *m = a->m;
  const int e = m->shape.embedding, f = m->shape.feed_forward;
  for (int c = 0; c < n; c++) embed(m, tokens[c], a->stream + (size_t) c * e);
  for (int i = 0; i < m->shape.layers; i++) {
    const layer *l = &m->layers[i];
    norm(a, a->stream, n, l->attention_norm, a->normed);
    for (int c = 0; c < n; c++) quantise(a->normed + (size_t) c * e, &a->narrow, c);
    multiply(&l->query_key_value, &a->narrow, 0, n, a->query_key_value, m->row);
    attend(a, i, first, from, n);
    for (int c = 0; c < n; c++) quantise(a->attended + (size_t) c * e, &a->narrow, c);
    multiply(&l->attention_output, &a->narrow, 0, n, a->normed, e);
    add(a->stream, a->normed, (size_t) n * e);
    norm(a, a->stream, n, l->feed_norm, a->normed);
    for (int c = 0; c < n; c++) quantise(a->normed + (size_t) c * e, &a->narrow, c);
    multiply(&l->gate_up, &a->narrow, 0, n, a->gate_up, (size_t) 2 * f);
    for (int c = 0; c < n; c++) {
      gate(a->gate_up + (size_t) c * 2 * f, f);
      quantise(a->gate_up + (size_t) c * 2 * f, &a->wide, c);
    }
    multiply(&l->down, &a->wide, 0, n, a->normed, e);
    add(a->stream, a->normed, (size_t) n * e);
  }
  norm(a, a->stream, n, m->output_norm, a->normed);
  for (int c = 0; c < n; c++) quantise(a->normed + (size_t) c * e, &a->final, from + c);
}

static void output(trc_lanes *a, int from, int n) {
  multiply(&a->m->output, &a->final, from, n, a->logits, a->m->logits_row);
}
