/* The layers, forth and back, and what a pass needs. */
#include <math.h>
#include <string.h>

#include "pass.h"

void new_pass(struct pass *p, const struct model *m) {
    enum { ABOUT = 1024 };
    const struct shape *s = &m->shape;
    const long d = s->embedding, f = s->feed_forward, c = s->context;
    const long n = c > ABOUT ? c : ABOUT / c * c;
    p->model = m;
    p->most = (int)n;
    p->gradient = NEW(float, m->count);
    p->ids = NEW(uint16_t, n);
    p->targets = NEW(uint16_t, n);
    p->losses = NEW(float, n);
    p->layer = NEW(struct trace, s->layers);
    for (int l = 0; l < s->layers; l++) {
        p->layer[l] = (struct trace){.normed = NEW(bf16, n * d),
                                     .qkv = NEW(bf16, n * 3 * d),
                                     .attended = NEW(bf16, n * d),
                                     .feed_normed = NEW(bf16, n * d),
                                     .gate_up = NEW(bf16, n * 2 * f),
                                     .scale = NEW(float, n),
                                     .feed_scale = NEW(float, n),
                                     .log_sum = NEW(float, n * s->heads)};
    }
    p->x = NEW(float, n *d);
    p->dx = NEW(float, n *d);
    p->rows = NEW(float, ROWS *d);
    p->scale = NEW(float, n);
    p->target_logit = NEW(float, n);
    p->sum = NEW(float, n);
    p->hidden = NEW(bf16, n * d);
    p->dx_bf16 = NEW(bf16, n * d);
    p->wide_rows = NEW(bf16, ROWS * 2 * f);
    p->d_qkv = NEW(bf16, c * 3 * d);
    p->d_attended = NEW(bf16, n * d);
    p->left = NEW(bf16, n * d);
    p->right = NEW(bf16, n * d);
    p->right_act = NEW(bf16, n * f);
    p->right_gate_up = NEW(bf16, n * 2 * f);
    p->right_qkv = NEW(bf16, n * 3 * d);
    bf16 **of_a_head[] = {&p->key_t, &p->value, &p->query_t, &p->d_out_t,
                          &p->query, &p->d_out, &p->key_left};
    for (int i = 0; i < 7; i++) *of_a_head[i] = NEW(bf16, c * HEAD);
    p->p_t = NEW(bf16, c * SIDE);
    p->s_t = NEW(bf16, c * SIDE);
    p->p = NEW(bf16, c * SIDE);
    p->s = NEW(bf16, c * c);
    p->row_product = NEW(float, c);
    p->hidden_t = NEW(bf16, n * d);
    p->hidden_right = NEW(bf16, n * d);
    p->e = NEW(bf16, n * s->vocabulary);
    p->e_right = NEW(bf16, n * 256);
    p->d_hidden_t = NEW(float, n *d);
}

void norm_row(const float *x, int d, bf16 *normed, float *scale) {
    vec squares = {0};
    for (int i = 0; i < d; i += 16) squares += load(x + i) * load(x + i);
    float q = 1.0f / sqrtf(sum_of(squares) / (float)d + NORM_EPSILON);
    *scale = q;
    for (int i = 0; i < d; i += SIDE)
        store_row(normed + i * SIDE, load(x + i) * q, load(x + i + 16) * q);
}

/* dx += the norm's way back of dy; and dx as bf16 into a row in blocks */
static void norm_row_back(const float *dy, int d, const bf16 *normed, float scale, float *dx,
                          bf16 *dx_bf16) {
    vec sum = {0};
    for (int i = 0; i < d; i += SIDE)
        sum += load(dy + i) * load_bf16(normed + i * SIDE) +
               load(dy + i + 16) * load_bf16(normed + i * SIDE + 16);
    float mean = sum_of(sum) / (float)d;
    for (int i = 0; i < d; i += SIDE) {
        const bf16 *y = normed + i * SIDE;
        vec a = load(dx + i) + (load(dy + i) - load_bf16(y) * mean) * scale;
        vec b = load(dx + i + 16) + (load(dy + i + 16) - load_bf16(y + 16) * mean) * scale;
        store(dx + i, a);
        store(dx + i + 16, b);
        store_row(dx_bf16 + i * SIDE, a, b);
    }
}

/* ---- forth ---- */

static void queries_keys_values(struct pass *p, int l, int from) {
    const struct shape *s = &p->model->shape;
    const int d = s->embedding / SIDE, wide = 3 * d;
    struct trace *a = &p->layer[l];
    float b[BLOCK] __attribute__((aligned(64)));
    for (int r = from; r < from + ROWS; r++)
        norm_row(p->x + (long)r * s->embedding, s->embedding, a->normed + row_at(d, r, 0),
                 a->scale + r);
    for (int n = 0; n < wide; n++)
        for (int i = from; i < from + ROWS; i += SIDE) {
            bf16 *to = a->qkv + block_at(wide, i, n);
            product(a->normed + block_at(d, i, 0),
                    p->model->layer[l][QKV].right + (long)n * d * BLOCK, d, b, SIDE, false);
            for (int r = 0; r < SIDE; r++) {
                vec x = load(b + r * SIDE), y = load(b + r * SIDE + 16);
                if (n < 2 * d) rotate(p->model, &x, &y, i % s->context + r, n % HEAD_BLOCKS, 1);
                store_row(to + r * SIDE, x, y);
            }
        }
}

static void feed_forward(struct pass *p, int l, int from) {
    const struct shape *s = &p->model->shape;
    const int d = s->embedding / SIDE, f = s->feed_forward / SIDE;
    struct trace *a = &p->layer[l];
    float b[BLOCK] __attribute__((aligned(64)));
    float *x = p->x + (long)from * s->embedding;
    for (int r = 0; r < ROWS; r++)
        norm_row(x + (long)r * s->embedding, s->embedding, a->feed_normed + row_at(d, from + r, 0),
                 a->feed_scale + from + r);
    for (int n = 0; n < 2 * f; n++)
        for (int i = 0; i < ROWS; i += SIDE) {
            bf16 *gate_up = a->gate_up + block_at(2 * f, from + i, n);
            bf16 *act = p->wide_rows + block_at(f, i, n / 2) + n % 2 * 16;
            product(a->feed_normed + block_at(d, from + i, 0),
                    p->model->layer[l][GATE_UP].right + (long)n * d * BLOCK, d, b, SIDE, false);
            for (int r = 0; r < SIDE; r++) {
                vec g = load(b + r * SIDE), u = load(b + r * SIDE + 16);
                store_row(gate_up + r * SIDE, g, u);
                store_bf16(act + r * SIDE, g * sigmoid(g) * u);
            }
        }
    multiply(p->wide_rows, f, ROWS, p->model->layer[l][DOWN].transposed, f, d, x, s->embedding,
             true);
}

void forward(struct pass *p, int tokens) {
    const struct shape *s = &p->model->shape;
    const int d = s->embedding / SIDE;
    const float *embedding = p->model->weight + embedding_at(s);
    for (int m = 0; m < tokens; m++)
        memcpy(p->x + (long)m * s->embedding, embedding + (long)p->ids[m] * s->embedding,
               (size_t)s->embedding * sizeof(float));
    for (int l = 0; l < s->layers; l++) {
        struct trace *a = &p->layer[l];
        for (int m = 0; m < tokens; m += ROWS) queries_keys_values(p, l, m);
        for (int w = 0; w < tokens / s->context; w++)
            for (int h = 0; h < s->heads; h++)
                attend(p, a->qkv + block_at(3 * d, w * s->context, h * HEAD_BLOCKS),
                       a->attended + block_at(d, w * s->context, h * HEAD_BLOCKS),
                       a->log_sum + ((long)w * s->heads + h) * s->context);
        for (int m = 0; m < tokens; m += ROWS) {
            multiply(a->attended + block_at(d, m, 0), d, ROWS, p->model->layer[l][OUT].transposed,
                     d, d, p->x + (long)m * s->embedding, s->embedding, true);
            feed_forward(p, l, m);
        }
    }
}

/* ---- back ---- */

/* The gradient of a matrix: p->left (d x tokens) times a right operand (tokens x columns). */
static void matrix_gradient(struct pass *p, int l, enum matrix k, const bf16 *right, int steps) {
    enum { CHUNK = 8 };
    const struct shape *s = &p->model->shape;
    const int d = s->embedding / SIDE, columns = columns_of(s, k) / SIDE;
    float *gradient = p->gradient + matrix_at(s, l, k);
    for (int n = 0; n < columns; n++)
        for (int from = 0; from < steps; from += CHUNK)
            for (int r = 0; r < d; r++)
                product(p->left + ((long)r * steps + from) * BLOCK,
                        right + ((long)n * steps + from) * BLOCK,
                        steps - from < CHUNK ? steps - from : CHUNK,
                        gradient + ((long)r * columns + n) * BLOCK, SIDE, p->add || from);
}

static void feed_forward_back(struct pass *p, int l, int from, int steps) {
    const struct shape *s = &p->model->shape;
    const int d = s->embedding / SIDE, f = s->feed_forward / SIDE;
    struct trace *a = &p->layer[l];
    float b[BLOCK] __attribute__((aligned(64)));
    for (int n = 0; n < f; n++)
        for (int i = 0; i < ROWS; i += SIDE) {
            int step = (from + i) / SIDE;
            product(p->dx_bf16 + block_at(d, from + i, 0),
                    p->model->layer[l][DOWN].right + (long)n * d * BLOCK, d, b, SIDE, false);
            for (int half = 0; half < 2; half++) {
                const bf16 *gate_up = a->gate_up + block_at(2 * f, from + i, 2 * n + half);
                bf16 *plain = p->wide_rows + block_at(2 * f, i, 2 * n + half);
                bf16 *right = p->right_gate_up + ((2L * n + half) * steps + step) * BLOCK;
                bf16 *right_act =
                    p->right_act + ((long)n * steps + step) * BLOCK + half * BLOCK / 2;
                for (int r = 0; r < SIDE; r += 2) {
                    vec act[2], d_gate[2], d_up[2];
                    for (int e = 0; e < 2; e++) {
                        vec g = load_bf16(gate_up + (r + e) * SIDE),
                            u = load_bf16(gate_up + (r + e) * SIDE + 16);
                        vec dy = load(b + (r + e) * SIDE + half * 16), sig = sigmoid(g),
                            silu = g * sig;
                        act[e] = silu * u;
                        d_up[e] = dy * silu;
                        d_gate[e] = dy * u * (sig + silu * (1.0f - sig));
                    }
                    two_rows(plain, right, r, d_gate[0], d_up[0], d_gate[1], d_up[1]);
                    store_pairs(right_act + r * 16, act[0], act[1]);
                }
            }
        }
    multiply(p->wide_rows, 2 * f, ROWS, p->model->layer[l][GATE_UP].transposed, 2 * f, d, p->rows,
             s->embedding, false);
    for (int r = 0; r < ROWS; r++)
        norm_row_back(p->rows + (long)r * s->embedding, s->embedding,
                      a->feed_normed + row_at(d, from + r, 0), a->feed_scale[from + r],
                      p->dx + (long)(from + r) * s->embedding, p->dx_bf16 + row_at(d, from + r, 0));
}

static void attention_back(struct pass *p, int l, int tokens) {
    const struct shape *s = &p->model->shape;
    const int d = s->embedding / SIDE, wide = 3 * d, steps = tokens / SIDE;
    struct trace *a = &p->layer[l];
    float b[BLOCK] __attribute__((aligned(64)));
    for (int n = 0; n < d; n++)
        for (int i = 0; i < tokens; i += SIDE) {
            bf16 *to = p->d_attended + block_at(d, i, n);
            product(p->dx_bf16 + block_at(d, i, 0),
                    p->model->layer[l][OUT].right + (long)n * d * BLOCK, d, b, SIDE, false);
            to_bf16(b, to, BLOCK);
        }
    for (int w = 0; w < tokens; w += s->context) {
        for (int h = 0; h < s->heads; h++) {
            int column = h * HEAD_BLOCKS;
            attend_back(p, a->qkv + block_at(wide, w, column), a->attended + block_at(d, w, column),
                        p->d_attended + block_at(d, w, column),
                        a->log_sum + ((long)(w / s->context) * s->heads + h) * s->context,
                        p->d_qkv + (long)column * BLOCK, p->right_qkv, steps, w / SIDE, column);
        }
        for (int m = 0; m < s->context; m += ROWS) {
            multiply(p->d_qkv + block_at(wide, m, 0), wide, ROWS,
                     p->model->layer[l][QKV].transposed, wide, d, p->rows, s->embedding, false);
            for (int r = 0, t = w + m; r < ROWS; r++, t++)
                norm_row_back(p->rows + (long)r * s->embedding, s->embedding,
                              a->normed + row_at(d, t, 0), a->scale[t],
                              p->dx + (long)t * s->embedding, p->dx_bf16 + row_at(d, t, 0));
        }
    }
}

void backward(struct pass *p, int tokens) {
    const struct shape *s = &p->model->shape;
    const int d = s->embedding / SIDE, steps = tokens / SIDE;
    for (int l = s->layers - 1; l >= 0; l--) {
        struct trace *a = &p->layer[l];
        pack_a_transposed(p->dx_bf16, d, steps, d, steps, p->left);
        for (int m = 0; m < tokens; m += ROWS) feed_forward_back(p, l, m, steps);
        matrix_gradient(p, l, DOWN, p->right_act, steps);
        pack_a_transposed(a->feed_normed, d, steps, d, steps, p->left);
        matrix_gradient(p, l, GATE_UP, p->right_gate_up, steps);
        pack_a_transposed(p->dx_bf16, d, steps, d, steps, p->left);
        pack_b(a->attended, d, steps, d, p->right);
        matrix_gradient(p, l, OUT, p->right, steps);
        attention_back(p, l, tokens);
        pack_a_transposed(a->normed, d, steps, d, steps, p->left);
        matrix_gradient(p, l, QKV, p->right_qkv, steps);
    }
    float *embedding = p->gradient + embedding_at(s);
    for (int m = 0; m < tokens; m++) {
        float *g = embedding + (long)p->ids[m] * s->embedding, *dx = p->dx + (long)m * s->embedding;
        for (int i = 0; i < s->embedding; i += 16) store(g + i, load(g + i) + load(dx + i));
    }
}

void run_pass(struct pass *p, int tokens, float factor, bool gradients) {
    forward(p, tokens);
    output_losses(p, tokens, factor, gradients);
    if (gradients) {
        backward(p, tokens);
        p->add = true;
    }
}
