/* The way of some windows through the model and back: what one thread needs for it. */
#ifndef TRC_PASS_H
#define TRC_PASS_H

#include "model.h"

enum {
    ROWS = 64
}; /* tokens that go through a product together, while their rows are in the cache */

/* What the way back needs of a layer, for each token; matrices in blocks. */
struct trace {
    bf16 *normed, *qkv, *attended, *feed_normed, *gate_up;
    float *scale, *feed_scale; /* 1 / root mean square of what was normed */
    float *log_sum;            /* [window][head][context]: log2 of the attention's sums */
};

struct pass {
    const struct model *model;
    int most; /* tokens that fit: whole windows */
    float *gradient;
    bool add; /* whether there are gradients to add to */
    uint16_t *ids, *targets;
    float *losses; /* nats of each target */
    struct trace *layer;

    float *x, *dx, *rows, *scale, *target_logit, *sum;
    bf16 *hidden, *dx_bf16, *wide_rows, *d_qkv, *d_attended;
    bf16 *left, *right, *right_act, *right_gate_up,
        *right_qkv; /* packed operands of the gradients */
    /* of one head's attention, one window */
    bf16 *key_t, *value, *query_t, *d_out_t, *query, *d_out, *key_left, *p_t, *s_t, *s, *p;
    float *row_product;
    /* of the output */
    bf16 *hidden_t, *hidden_right, *e, *e_right;
    float *d_hidden_t;
};

/* A pass for windows of the model's context, as many as make about a thousand tokens. */
void new_pass(struct pass *, const struct model *);

/* Loss of each token of the first `tokens` ids; with `gradients`, those of the sum of the losses
 * times `factor` are put into, or added to, the pass's gradient: with respect to the packed
 * weights. */
void run_pass(struct pass *, int tokens, float factor, bool gradients);

/* The parts of it, in their order. */
void forward(struct pass *, int tokens);
void output_losses(struct pass *, int tokens, float factor, bool gradients);
void backward(struct pass *, int tokens);

/* One head over one window: from queries, keys, values (in blocks of a matrix 3d wide, beginning
 * with the head's first) to what it attends to. */
void attend(struct pass *, const bf16 *qkv, bf16 *out, float *log_sum);
/* Back: gradients of queries, keys, values, in blocks, and packed as right operand with `steps`
 * blocks of tokens, of which the window's first is `step`; `column` is the head's first block
 * column. */
void attend_back(struct pass *, const bf16 *qkv, const bf16 *out, const bf16 *d_out,
                 const float *log_sum, bf16 *d_qkv, bf16 *right_qkv, int steps, int step,
                 int column);

/* x / root mean square of x: the row of a matrix in blocks, and the factor. */
void norm_row(const float *x, int d, bf16 *normed, float *scale);

/* Turns 32 columns, from one of a head's two blocks, by the position t; back with sign -1. */
INLINE void rotate(const struct model *m, vec *a, vec *b, int t, int half, float sign) {
    const float *c = m->cosine + t * HEAD + half * SIDE, *s = m->sine + t * HEAD + half * SIDE;
    *a = *a * load(c) + swapped(*a) * (load(s) * sign);
    *b = *b * load(c + 16) + swapped(*b) * (load(s + 16) * sign);
}

/* Two rows of 32, r and r + 1 (r even), into a plain block and into a right operand's block. */
INLINE void two_rows(bf16 *plain, bf16 *right, int r, vec a0, vec a1, vec b0, vec b1) {
    store_row(plain + r * SIDE, a0, a1);
    store_row(plain + r * SIDE + SIDE, b0, b1);
    store_pairs(right + r * 16, a0, b0);
    store_pairs(right + BLOCK / 2 + r * 16, a1, b1);
}

#endif
