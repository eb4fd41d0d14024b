/* Columns become integers, and are multiplied by matrices: NUMERICS.md, "matrix * column". */
enum {
  SUBTILE = 32, /* columns that share a pass over weights in the first-level cache */
  AHEAD = 4096  /* bytes of weights to fetch ahead */
};

static void quantise(const float *x, const columns *q, int column) {
  const int blocks = q->blocks;
  int32_t *words = q->x + (size_t) column * blocks * 8, *aux = q->aux + (size_t) column * blocks * 8;
  float *scale = q->scale + (size_t) column * blocks;
  for (int b0 = 0; b0 < blocks; b0 += W, x += W * BLOCK) {
    int k = blocks - b0 < W ? blocks - b0 : W;
    float greatest[W] = {0}, inverse[W];
    for (int b = 0; b < k; b++) {
      vf most = SET(0);
      UNROLL for (int i = 0; i < BLOCK; i += W) most = GREATER(most, ABS(LOAD(x + b * BLOCK + i)));
      greatest[b] = greatest_of(most);
    }
    for (int b = 0; b < W; b++) {
      inverse[b] = greatest[b] != 0 ? 127.0f / greatest[b] : 0;
      if (inverse[b] == INFINITY) inverse[b] = 0; /* the scale is 0 as well */
      /* What is no number, or infinity times zero, makes none of every sum. */
      greatest[b] = greatest[b] <= MAX_FLOAT ? greatest[b] / 127.0f : NOT_A_NUMBER;
    }
    STORE(greatest, ROUND(LOAD(greatest)));
    for (int b = 0; b < k; b++) {
      scale[b0 + b] = greatest[b];
      bytes32(x + b * BLOCK, inverse[b], words + 8 * (b0 + b), aux + 8 * (b0 + b));
    }
  }
}

/* C columns times the rows of a group: the eight sums of each row and column in registers. */
FORCE void group_times(const matrix *m, int group, const columns *q, int column, int c_count, int ahead, int wide, float *y, size_t stride) {
  const int blocks = q->blocks;
  const uint8_t *w = m->w + (size_t) group * blocks * BLOCK * W;
  const uint16_t *scale = m->scale + (size_t) group * blocks * W;
  const int32_t *x = q->x + (size_t) column * blocks * 8, *aux = q->aux + (size_t) column * blocks * 8;
  const float *d = q->scale + (size_t) column * blocks;
  vf a[8][COLUMNS];
  UNROLL for (int l = 0; l < 8; l++) for (int c = 0; c < COLUMNS; c++) a[l][c] = SET(0);
  for (int b = 0; b < blocks; b++) {
    vf s = HLOAD(scale), sc[COLUMNS];
    UNROLL for (int c = 0; c < c_count; c++) sc[c] = s * SET(d[b + c * blocks]);
    UNROLL for (int l = 0; l < 8; l++) {
      vw v = WLOAD(w + l * W * 4);
      if (ahead) __builtin_prefetch(w + l * W * 4 + AHEAD);
      UNROLL for (int c = 0; c < c_count; c++) a[l][c] = FMA(sc[c], dot4(v, x + l + c * 8 * blocks, aux + l + c * 8 * blocks, wide), a[l][c]);
    }
    w += BLOCK * W;
    scale += W;
    x += 8;
    aux += 8;
  }
  UNROLL for (int c = 0; c < c_count; c++)
    STORE(y + c * stride, ((a[0][c] + a[4][c]) + (a[2][c] + a[6][c])) + ((a[1][c] + a[5][c]) + (a[3][c] + a[7][c])));
}

FORCE void multiply_as(const matrix *m, const columns *q, int from, int n, int wide, float *y, size_t stride) {
  int subtile = q->blocks > 8 ? SUBTILE / 2 : SUBTILE;
  for (int c0 = 0; c0 < n; c0 += subtile) {
    int k = n - c0 < subtile ? n - c0 : subtile;
    for (int g = 0; g < m->groups; g++) {
      float *t = y + (size_t) g * W;
      int c = 0;
      if (COLUMNS == 2 && k >= 2) {
        group_times(m, g, q, from + c0, COLUMNS, 1, wide, t + c0 * stride, stride);
        for (c = 2; c + 2 <= k; c += 2) group_times(m, g, q, from + c0 + c, COLUMNS, 0, wide, t + (c0 + c) * stride, stride);
      } else {
        group_times(m, g, q, from + c0, 1, 1, wide, t + c0 * stride, stride);
        c = 1;
      }
      for (; c < k; c++) group_times(m, g, q, from + c0 + c, 1, 0, wide, t + (c0 + c) * stride, stride);
    }
  }
}

/* y[column][row], from column `from` of q on; the stride is at least the rows of whole groups. */
static void multiply(const matrix *m, const columns *q, int from, int n, float *y, size_t stride) {
  if (OFFSET == 0 && m->wide) multiply_as(m, q, from, n, 1, y, stride);
  else multiply_as(m, q, from, n, 0, y, stride);
}
