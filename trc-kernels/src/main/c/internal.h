/* What the parts of the library share. */
#ifndef INTERNAL_H
#define INTERNAL_H
#include "trckernels.h"
#include <stddef.h>

enum {
  BLOCK = 32,       /* weights that share a scale */
  CELLS = 16,       /* cells of a group: keys lie [group][dimension][cell] */
  MAX_HEAD = 256,
  TILE = 128,       /* columns that go through the layers together */
  LOGIT_TILE = 16,  /* columns whose logits are computed together */
  MAX_RUNS = 8,
  MAX_LANES = 32,
  MAX_STEPS = 512,
  MIN_WINDOW = 16,
  MAX_WINDOW = 1 << 16,
  MAX_LAYERS = 512,
  FREE_CELL = 0x7fffffff
};

/* Floats behind rows that vectors may read beyond their end. */
#define SLACK 16

/* Rows in groups of as many as a vector has floats: w[group][block][8][row][4] with four weights of
 * a row side by side, scale[group][block][row]. Rows that fill up the last group are zero. */
typedef struct {
  int rows, groups, blocks;
  int wide; /* whether a weight is -128 */
  uint8_t *w;
  uint16_t *scale;
} matrix;

typedef struct {
  float *attention_norm, *feed_norm;
  matrix query_key_value, attention_output, gate_up, down;
  uint32_t put; /* a bit for each tensor that was put */
} layer;

typedef struct kernels kernels;

struct trc_model {
  trc_shape shape;
  const kernels *k;
  size_t bytes;
  int head, padded_head;       /* numbers of a head; the same rounded up to whole vectors */
  int shared_length;           /* numbers of a key */
  int row;                     /* floats from one column's query, key and value to the next's */
  int logits_row;
  int finished;
  uint32_t put;
  float theta_scale, score_scale;
  int8_t *embedding;           /* row by row */
  uint16_t *embedding_scale;
  float *output_norm, *divisors;
  matrix output;
  layer *layers;
};

/* Columns as blocks of 32 integers that share a scale, four integers a word; beside each word what
 * the products of the path want. */
typedef struct {
  int32_t *x, *aux;
  float *scale;
  int blocks;
} columns;

/* Runs of cells, ascending. Between the cells of a run there may be some that are not seen, if
 * there would be too many runs. */
typedef struct { int count, from[MAX_RUNS], to[MAX_RUNS]; } runs;

struct trc_lanes {
  const trc_model *m;
  size_t bytes;
  int lanes, window, max_steps;
  int length;        /* tokens of each lane */
  int computed;      /* columns of the last call */
  int lowest;        /* no cell below is free */
  int angles_known;  /* positions whose angles were computed */
  int queries;       /* queries of a lane that share the conversion of keys */
  int failed;
  int infinite;      /* a value may be infinite or no number: weights of zero do not hide it */
  int merged;        /* runs hold cells that are not seen */
  int32_t *position; /* of the token in each cell */
  float *angles;     /* [position][head]: cos, sin of each pair */
  uint16_t *keys, *values; /* [lane][layer], then as `key_at` and `value_at` say */
  size_t key_layer, value_layer; /* halves of one lane in one layer */
  /* a tile on its way */
  float *stream, *normed, *query_key_value, *gate_up, *attended;
  columns narrow, wide, final; /* final: all columns of a call */
  runs *visible; /* of each step of the tile */
  int *cell;     /* of each step of the call */
  float *scores, *rescale, *key_group;
  double *squares;
  uint8_t *flags;
  float *logits;
  int logits_from, logits_count;
};

/* A path. */
struct kernels {
  int width;  /* floats of a vector */
  int offset; /* what is added to weights, to be unsigned */
  void (*forward)(trc_lanes *, const int32_t *tokens, int first, int from, int n);
  void (*output)(trc_lanes *, int from, int n);
  void (*turn)(trc_lanes *, int from, const float *angles);
  void (*angles)(const trc_model *, float distance, float *target);
  float (*theta_scale)(float base, int head);
};

extern const kernels kernels_avx2, kernels_avxvnni, kernels_avx512, kernels_neon;

/* cpu.c: the path if it can be used here, or NULL */
const kernels *path_of(int32_t path);

/* memory.c: zeros, or NULL */
void *take(size_t bytes);
void give_back(void *block, size_t bytes);

/* For src/test/c/check.c there are gaps between the parts of a block, and AddressSanitizer watches
 * them. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
enum { GAP = 256 };
#define FORBID(p, bytes) __asan_poison_memory_region(p, bytes)
#define ALLOW(p, bytes) __asan_unpoison_memory_region(p, bytes)
#else
enum { GAP = 0 };
#define FORBID(p, bytes) ((void) 0)
#define ALLOW(p, bytes) ((void) 0)
#endif

/* The next part of a block: only counted where there is no block yet. */
static inline void *part(uint8_t *block, size_t *at, size_t count, size_t size) {
  size_t from = (*at + 63) / 64 * 64 + GAP;
  if (block) FORBID(block + *at, from - *at);
  *at = from + count * size;
  return block ? block + from : NULL;
}
static inline int round_up(int n, int unit) { return (n + unit - 1) / unit * unit; }

/* cells.c */
void forget_all(trc_lanes *);
int append_cell(trc_lanes *);
void drop_cells(trc_lanes *, int from, int tokens);
/* Lists the cells of the tokens up to a position. */
void see(trc_lanes *, int position, runs *);

/* model.c, lanes.c: what api.c calls once arguments are checked */
int64_t model_layout(trc_model *, uint8_t *block);
int32_t put_tensor(trc_model *, int32_t tensor, int32_t layer, int32_t type, const uint8_t *data, int64_t bytes);
int32_t finish_model(trc_model *);
int64_t lanes_layout(trc_lanes *, uint8_t *block);
#endif
