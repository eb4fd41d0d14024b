/* The model: LLaMA architecture. Embedding; layers of RMSNorm, rotary causal attention, RMSNorm,
 * SwiGLU; RMSNorm; output matrix, the embedding's own or another.
 *
 * The matrices of a layer are kept with the embedding's dimension as rows: query, key, value in
 * one, gate and up in one (columns in turns of 16), both as [input][output]; attention output and
 * down as [output][input]. So the gradient of each is (rows of the narrow side)^T x (rows of the
 * wide side). The gains of the two norms of a layer are multiplied into the packed copies of the
 * matrices behind them; the optimiser undoes that (see optimiser.c). */
#ifndef TRC_MODEL_H
#define TRC_MODEL_H

#include "block.h"

enum { HEAD = 64, HEAD_BLOCKS = HEAD / SIDE };
#define NORM_EPSILON 1e-5f
#define ROPE_BASE 10000.0

enum matrix { QKV, OUT, GATE_UP, DOWN, MATRICES };
enum norm { ATTENTION_NORM, FEED_NORM, NORMS };

struct shape {
    int vocabulary, context, embedding, layers, heads, feed_forward;
    bool untied;
};

/* A layer's matrix in bf16: as it is, as right operand, and transposed as right operand. */
struct packed {
    bf16 *plain, *right, *transposed;
};

struct model {
    struct shape shape;
    long count;            /* of parameters */
    float *weight;         /* all of them, in blocks */
    float *first, *second; /* the optimiser's: momentum or mean, mean of squares */
    struct packed (*layer)[MATRICES];
    bf16 *output, *output_transposed; /* the output matrix; its transpose as left operand */
    float *cosine, *sine;             /* [context][HEAD]; the sine negative in even columns */
};

/* Checks the shape and makes a model of zeros; ends the program where it cannot be computed. */
struct model *new_model(struct shape);

/* Columns of a matrix; all have `embedding` rows. */
INLINE int columns_of(const struct shape *s, enum matrix k) {
    return k == QKV       ? 3 * s->embedding
           : k == OUT     ? s->embedding
           : k == GATE_UP ? 2 * s->feed_forward
                          : s->feed_forward;
}

/* Where parameters lie. */
long matrix_at(const struct shape *, int layer, enum matrix);
long norm_at(const struct shape *, int layer, enum norm);
long embedding_at(const struct shape *);
long output_at(const struct shape *);
long output_norm_at(const struct shape *);

/* Makes the bf16 copies of a matrix of a layer, or of some rows of the output matrix (from, how
 * many: multiples of 32), from the weights. */
void pack_matrix(const struct model *, int layer, enum matrix);
void pack_output(const struct model *, int from, int rows);

/* Copies parameters (or gradients) between the order in blocks and that of the GGUF file:
 * embedding, output norm, output; of each layer norm, query, key, value, output, norm, gate, up,
 * down; every matrix as [output][input]. */
void to_file_order(const struct shape *, const float *blocks, float *file);
void from_file_order(const struct shape *, const float *file, float *blocks);

#endif
