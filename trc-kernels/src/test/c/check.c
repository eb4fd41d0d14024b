/* Random models, windows and calls: every path gives the same logits, in batches and in single
 * steps, in lanes and alone; wrong calls are refused; the caller's rounding upwards and flushing to
 * zero does not matter, and stays. Built by trc-kernels/check with sanitizers. Arguments: the first
 * seed, the number of them. What is printed is the same on all machines. */
#include "trckernels.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __aarch64__
/* Halves of another format, zero for subnormals, upwards, zero for subnormal halves. */
static const unsigned odd_mode = 1u << 26 | 1u << 24 | 1u << 22 | 1u << 19;
static void set_mode(unsigned mode) { __builtin_aarch64_set_fpcr(mode); }
static unsigned mode(void) { return __builtin_aarch64_get_fpcr(); }
#else
#include <xmmintrin.h>
/* Zero for subnormals, upwards. */
static const unsigned odd_mode = 0x1f80 | 0x4000 | 0x8040;
static void set_mode(unsigned mode) { _mm_setcsr(mode); }
static unsigned mode(void) { return _mm_getcsr() & ~63u; }
#endif

static uint32_t state;
static uint32_t random_bits(void) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}
static int below(int n) { return (int) (random_bits() % (uint32_t) n); }

#define EXPECT(condition) do { if (!(condition)) { printf("seed %u: %s:%d: %s\n", seed, __FILE__, __LINE__, #condition); exit(1); } } while (0)

enum { PATHS = 4, STEPS = 150 };
static const int path_ids[PATHS] = {TRC_AVX2, TRC_AVXVNNI, TRC_AVX512, TRC_NEON};

static void matrix(uint8_t *p, int type, long blocks) {
  for (long b = 0; b < blocks; b++) {
    uint16_t scale = (uint16_t) ((type == TRC_Q8_0 ? 0x1800 : 0x2400) | (random_bits() & 0x83ff));
    memcpy(p, &scale, 2);
    int rest = type == TRC_Q8_0 ? 32 : 20;
    for (int i = 0; i < rest; i++) p[2 + i] = (uint8_t) (random_bits() >> 24);
    p += 2 + rest;
  }
}

static void put(unsigned seed, trc_model **models, int tensor, int layer, long rows, long columns, int f32) {
  int type = f32 ? TRC_F32 : below(3) ? TRC_Q8_0 : TRC_Q5_0;
  long bytes = f32 ? 4 * columns : rows * (columns / 32) * (type == TRC_Q8_0 ? 34 : 22);
  uint8_t *data = malloc((size_t) bytes);
  if (f32) for (int i = 0; i < columns; i++) { float x = 1 + (float) below(1000) * 1e-3f; memcpy(data + 4 * i, &x, 4); }
  else matrix(data, type, rows * (columns / 32));
  for (int p = 0; p < PATHS; p++)
    if (models[p]) {
      EXPECT(trc_model_put(models[p], tensor, layer, type, data, bytes - 1) == TRC_ARGUMENT);
      EXPECT(trc_model_put(models[p], tensor, layer, 1, data, bytes) == TRC_UNSUPPORTED);
      EXPECT(trc_model_put(models[p], tensor, layer, type, data, bytes) == TRC_OK);
      EXPECT(trc_model_put(models[p], tensor, layer, type, data, bytes) == TRC_ARGUMENT);
    }
  free(data);
}

static uint64_t hash(const float *x, size_t count) {
  uint64_t h = 0xcbf29ce484222325;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, x + i, 4);
    h = (h ^ bits) * 0x100000001b3;
  }
  return h;
}

static void check(unsigned seed) {
  state = seed * 2654435761u + 1;
  static const int heads_of[] = {16, 18, 22, 32, 34, 48, 64, 64, 64, 80, 96, 128, 144, 256};
  int head = heads_of[below(14)], shared = 1 + below(3), heads = shared * (1 + below(3));
  while (head * heads % 32) heads += shared;
  trc_shape s = {300 + below(100), head * heads, 1 + below(3), heads, shared, 32 * (1 + below(12)), 1e-5f, 10000};
  trc_model *models[PATHS] = {0};
  int some = 0;
  for (int p = 0; p < PATHS; p++) {
    int code = trc_model_open(&s, path_ids[p], &models[p]);
    EXPECT(code == (trc_has(path_ids[p]) ? TRC_OK : TRC_UNSUPPORTED));
    some += code == TRC_OK;
    trc_lanes *none;
    if (!code) EXPECT(trc_model_finish(models[p]) == TRC_MODEL && trc_lanes_open(models[p], 1, 16, 1, &none) == TRC_ARGUMENT);
  }
  EXPECT(some > 0);
  int e = s.embedding, length = head * shared;
  put(seed, models, TRC_EMBEDDING, 0, s.vocabulary, e, 0);
  put(seed, models, TRC_OUTPUT_NORM, 0, 1, e, 1);
  if (below(2)) put(seed, models, TRC_OUTPUT, 0, s.vocabulary, e, 0);
  if (below(2)) put(seed, models, TRC_ROPE_DIVISORS, 0, 1, head / 2, 1);
  for (int l = 0; l < s.layers; l++) {
    put(seed, models, TRC_ATTENTION_NORM, l, 1, e, 1);
    put(seed, models, TRC_QUERY, l, e, e, 0);
    put(seed, models, TRC_KEY, l, length, e, 0);
    put(seed, models, TRC_VALUE, l, length, e, 0);
    put(seed, models, TRC_ATTENTION_OUTPUT, l, e, e, 0);
    put(seed, models, TRC_FEED_NORM, l, 1, e, 1);
    put(seed, models, TRC_GATE, l, s.feed_forward, e, 0);
    put(seed, models, TRC_UP, l, s.feed_forward, e, 0);
    put(seed, models, TRC_DOWN, l, e, s.feed_forward, 0);
  }
  for (int p = 0; p < PATHS; p++) if (models[p]) EXPECT(trc_model_finish(models[p]) == TRC_OK && trc_model_finish(models[p]) == TRC_ARGUMENT);

  int window = 16 << below(4), lanes = 1 + below(9), part = window / 4 - 1;
  int32_t tokens[STEPS * 9];
  for (int i = 0; i < STEPS * lanes; i++) tokens[i] = below(s.vocabulary);
  float *wanted = malloc((size_t) STEPS * lanes * s.vocabulary * 4);
  size_t row = (size_t) s.vocabulary * 4;
  int first = 1;
  for (int p = 0; p < PATHS; p++)
    for (int way = 0; models[p] && way < 3; way++) {
      int max_steps = way == 0 ? 1 : way == 1 ? 1 + below(20) : 40;
      trc_lanes *a;
      EXPECT(trc_lanes_open(models[p], lanes, window, max_steps, &a) == TRC_OK);
      EXPECT(trc_lanes_logits(a, 0) == NULL);
      for (int at = 0, held = 0; at < STEPS;) {
        if (held == window) {
          EXPECT(trc_lanes_evaluate(a, tokens, lanes, 1) == TRC_ARGUMENT);
          EXPECT(trc_lanes_drop(a, 4, window) == TRC_ARGUMENT);
          EXPECT(trc_lanes_drop(a, 4, part) == TRC_OK);
          held -= part;
        }
        int left = part - (held > 4 ? held - 4 : 0) % part + (held < 4 ? 4 - held : 0);
        int k = STEPS - at < max_steps ? STEPS - at : max_steps;
        if (k > left) k = left;
        EXPECT(trc_lanes_evaluate(a, tokens, k * lanes + 1, k) == TRC_ARGUMENT);
        EXPECT(trc_lanes_evaluate(a, tokens + at * lanes, k * lanes, k) == TRC_OK);
        EXPECT(trc_lanes_logits(a, k * lanes) == NULL && trc_lanes_logits(a, -1) == NULL);
        for (int c = k * lanes - 1; c >= 0; c--) {
          const float *x = trc_lanes_logits(a, c);
          float *y = wanted + (size_t) (at * lanes + c) * s.vocabulary;
          if (first) memcpy(y, x, row);
          EXPECT(!memcmp(x, y, row));
        }
        at += k;
        held += k;
      }
      first = 0;
      int32_t wrong[9] = {0};
      trc_lanes_clear(a);
      wrong[lanes - 1] = s.vocabulary;
      EXPECT(trc_lanes_evaluate(a, wrong, lanes, 1) == TRC_ARGUMENT);
      wrong[lanes - 1] = -1;
      EXPECT(trc_lanes_evaluate(a, wrong, lanes, 1) == TRC_ARGUMENT);
      EXPECT(trc_lanes_evaluate(a, tokens, 0, 0) == TRC_ARGUMENT);
      trc_lanes_close(a);
    }
  int bad[][3] = {{0, 16, 1}, {33, 16, 1}, {1, 8, 1}, {1, 24, 1}, {1, 1 << 17, 1}, {1, 16, 0}, {1, 16, 513}};
  for (int i = 0; i < 7; i++)
    for (int p = 0; p < PATHS; p++)
      if (models[p]) EXPECT(trc_lanes_bytes(models[p], bad[i][0], bad[i][1], bad[i][2]) == TRC_ARGUMENT);
  for (int p = 0; p < PATHS; p++) trc_model_close(models[p]);
  EXPECT(mode() == odd_mode);
  printf("seed %u: heads of %d (%d, %d shared), feed %d, %d layers, window %d, %d lanes: %016llx\n", seed, head, heads, shared, s.feed_forward, s.layers, window, lanes, (unsigned long long) hash(wanted, (size_t) STEPS * lanes * s.vocabulary));
  fflush(stdout);
  free(wanted);
}

int main(int count, char **arguments) {
  unsigned from = count > 1 ? (unsigned) atoi(arguments[1]) : 1, n = count > 2 ? (unsigned) atoi(arguments[2]) : 20;
  trc_shape none = {0}, odd = {300, 62, 1, 2, 2, 32, 1e-5f, 10000}, huge = {1 << 30, 64, 1, 2, 2, 32, 1e-5f, 10000};
  unsigned seed = 0;
  set_mode(odd_mode);
  EXPECT(trc_model_bytes(NULL, TRC_AVX2) == TRC_ARGUMENT && trc_model_bytes(&none, TRC_AVX2) == TRC_ARGUMENT);
  EXPECT(trc_model_bytes(&odd, TRC_AVX2) == TRC_ARGUMENT && trc_model_bytes(&huge, TRC_AVX2) == TRC_UNSUPPORTED);
  EXPECT(trc_has(0) == 0 && trc_has(PATHS + 1) == 0);
  for (int p = 0; p < PATHS; p++) if (trc_has(path_ids[p])) fprintf(stderr, "path %d\n", path_ids[p]);
  for (seed = from; seed < from + n; seed++) check(seed);
  return 0;
}
