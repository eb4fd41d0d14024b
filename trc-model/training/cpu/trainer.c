#include "trainer.h"

#include <math.h>
#include <string.h>

enum { EMBEDDING_ROWS = 512, TOP = 1 }; /* rows of the embedding in an item of work */

struct trainer *new_trainer(struct model *m, int threads) {
    struct trainer *t = NEW(struct trainer, 1);
    t->model = m;
    t->pool = new_pool(threads);
    t->pass = NEW(struct pass, threads);
    t->scratch = NEW(float *, threads);
    for (int i = 0; i < threads; i++) new_pass(&t->pass[i], m);
    const struct shape *s = &m->shape;
    long items = (long)s->layers * MATRICES * (s->embedding / SIDE) +
                 2L * s->vocabulary / EMBEDDING_ROWS + 8;
    t->squares = NEW(double, items);
    return t;
}

/* ---- losses and gradients ---- */

struct batch {
    struct trainer *trainer;
    const uint16_t *windows;
    int count;
    bool gradients;
    float *losses;
    double *sums; /* one for each thread */
};

static void read_windows(struct pass *p, const uint16_t *windows, int count) {
    int context = p->model->shape.context;
    for (int i = 0; i < count; i++, windows += context + 1) {
        memcpy(p->ids + (long)i * context, windows, (size_t)context * sizeof *windows);
        memcpy(p->targets + (long)i * context, windows + 1, (size_t)context * sizeof *windows);
    }
}

/* A thread's share: always the same windows in the same order, so that sums do not vary. */
static void pass_windows(void *context, int thread) {
    struct batch *b = context;
    struct pass *p = &b->trainer->pass[thread];
    int length = p->model->shape.context, threads = threads_of(b->trainer->pool);
    int from = (int)((long)b->count * thread / threads),
        to = (int)((long)b->count * (thread + 1) / threads);
    p->add = false;
    b->sums[thread] = 0;
    if (b->gradients && from == to) memset(p->gradient, 0, (size_t)p->model->count * sizeof(float));
    for (int at = from; at < to; at += p->most / length) {
        int n = to - at < p->most / length ? to - at : p->most / length;
        read_windows(p, b->windows + (long)at * (length + 1), n);
        run_pass(p, n * length, 1.0f / ((float)b->count * (float)length), b->gradients);
        for (int m = 0; m < n * length; m++) b->sums[thread] += p->losses[m];
        if (b->losses)
            memcpy(b->losses + (long)at * length, p->losses,
                   (size_t)n * (size_t)length * sizeof(float));
    }
}

static double pass_all(struct trainer *t, const uint16_t *windows, int count, bool with_gradients,
                       float *losses) {
    double sums[1024], sum = 0;
    struct batch b = {t, windows, count, with_gradients, losses, sums};
    run(t->pool, pass_windows, &b);
    for (int i = 0; i < threads_of(t->pool); i++) sum += sums[i];
    return sum / ((double)count * t->model->shape.context);
}

void token_losses(struct trainer *t, const uint16_t *windows, int count, float *losses) {
    pass_all(t, windows, count, false, losses);
}

/* Adds up the threads' gradients of `n` parameters into the first's. */
static void add_up(struct trainer *t, long from, long n) {
    float *sum = t->pass[0].gradient + from;
    for (int i = 1; i < threads_of(t->pool); i++) {
        const float *other = t->pass[i].gradient + from;
        for (long j = 0; j < n; j += 16) store(sum + j, load(sum + j) + load(other + j));
    }
}

static double sum_of_squares(const float *x, long n) {
    double sum = 0;
    for (long i = 0; i < n; i += 16) sum += sum_of(load(x + i) * load(x + i));
    return sum;
}

/* A row of blocks of a matrix. Where a norm's gain g was multiplied into the packed matrix, W' =
 * diag(g) W, the passes gave dW': dg is the sum over each row of dW' W, and dW is diag(g) dW'. */
static double reduce_rows(struct trainer *t, int l, enum matrix k, int row) {
    const struct shape *s = &t->model->shape;
    int blocks = columns_of(s, k) / SIDE;
    long at = matrix_at(s, l, k) + (long)row * blocks * BLOCK;
    float *gradient = t->pass[0].gradient;
    add_up(t, at, (long)blocks * BLOCK);
    if (k != QKV && k != GATE_UP) return 0;
    long norm = norm_at(s, l, k == QKV ? ATTENTION_NORM : FEED_NORM) + (long)row * SIDE;
    for (int r = 0; r < SIDE; r++) {
        vec sum = {0};
        float gain = t->model->weight[norm + r];
        for (int n = 0; n < blocks; n++)
            for (int half = 0; half < SIDE; half += 16) {
                long i = at + (long)n * BLOCK + r * SIDE + half;
                sum += load(gradient + i) * load(t->model->weight + i);
                store(gradient + i, load(gradient + i) * gain);
            }
        gradient[norm + r] = sum_of(sum);
    }
    return sum_of_squares(gradient + norm, SIDE);
}

static int matrix_items(const struct shape *s) {
    return s->layers * MATRICES * (s->embedding / SIDE);
}
static int table_items(const struct shape *s) {
    long rows = (s->untied ? 2L : 1L) * s->vocabulary; /* embedding and output lie side by side */
    return (int)((rows + EMBEDDING_ROWS - 1) / EMBEDDING_ROWS);
}

/* Where a table's item begins and how many parameters it has. */
static long table_item(const struct shape *s, int item, long *n) {
    long rows = (s->untied ? 2L : 1L) * s->vocabulary, from = (long)item * EMBEDDING_ROWS;
    *n = (rows - from < EMBEDDING_ROWS ? rows - from : EMBEDDING_ROWS) * s->embedding;
    return embedding_at(s) + from * s->embedding;
}

static void reduce(void *context, int thread) {
    (void)thread;
    struct trainer *t = context;
    const struct shape *s = &t->model->shape;
    int matrices = matrix_items(s), tables = table_items(s), rows = s->embedding / SIDE;
    for (int i; (i = next_item(t->pool)) < matrices + tables + TOP;) {
        if (i < matrices) {
            t->squares[i] = reduce_rows(t, i / rows / MATRICES, i / rows % MATRICES, i % rows);
            continue;
        }
        long n = s->embedding, at = output_norm_at(s);
        if (i < matrices + tables) at = table_item(s, i - matrices, &n);
        add_up(t, at, n);
        t->squares[i] = sum_of_squares(t->pass[0].gradient + at, n);
    }
}

double gradients(struct trainer *t, const uint16_t *windows, int count) {
    double loss = pass_all(t, windows, count, true, NULL);
    run(t->pool, reduce, t);
    return loss;
}

/* ---- the optimisers ---- */

struct update {
    struct trainer *trainer;
    const struct rates *rates;
    float clip;
};

static void adamw(const struct update *u, long from, long n, double decay) {
    const float beta1 = 0.9f, beta2 = 0.95f, epsilon = 1e-8f;
    const struct model *m = u->trainer->model;
    const float step = (float)(u->rates->rate / (1 - pow(beta1, (double)u->rates->number)));
    const float unbias = (float)(1 / sqrt(1 - pow(beta2, (double)u->rates->number)));
    const float keep = (float)(1 - u->rates->rate * decay), clip = u->clip;
    float *weight = m->weight + from, *first = m->first + from, *second = m->second + from;
    const float *gradient = u->trainer->pass[0].gradient + from;
    for (long i = 0; i < n; i++) {
        float g = gradient[i] * clip;
        first[i] = beta1 * first[i] + (1 - beta1) * g;
        second[i] = beta2 * second[i] + (1 - beta2) * g * g;
        weight[i] = weight[i] * keep - step * first[i] / (sqrtf(second[i]) * unbias + epsilon);
    }
}

/* A matrix of the model as it was trained: part of one that is kept. */
struct factor {
    enum matrix matrix;
    int first, of; /* which of the `of` equal parts side by side */
    int half;      /* or, from 0: which half of each block of columns */
    bool inputs_down;
};

static const struct factor factors[] = {{GATE_UP, 0, 1, 0, true}, {GATE_UP, 0, 1, 1, true},
                                        {DOWN, 0, 1, -1, false},  {QKV, 0, 3, -1, true},
                                        {QKV, 1, 3, -1, true},    {QKV, 2, 3, -1, true},
                                        {OUT, 0, 1, -1, false}};
enum { FACTORS = sizeof factors / sizeof *factors };

/* Where 16 columns from c of row r of the factor are in the kept matrix. */
static long factor_at(const struct factor *f, int blocks, int r, int c) {
    if (f->half >= 0) return row_at(blocks, r, c / 16) + f->half * 16;
    return row_at(blocks, r, f->first * (blocks / f->of) + c / SIDE) + c % SIDE;
}

/* Newton-Schulz: five steps that bring the singular values of x (d x columns, in blocks) near 1.
 * x = a x + (b s + c s s) x with s = x x^T. */
static void orthogonalise(float *x, int d, int columns, float *s, float *s2, bf16 *x_low,
                          bf16 *s_low, bf16 *packed) {
    const float a = 3.4445f, b = -4.7750f, c = 2.0315f;
    const int rows = d / SIDE, wide = columns / SIDE;
    const long n = (long)d * columns, square = (long)d * d;
    for (int round = 0; round < 5; round++) {
        to_bf16(x, x_low, n);
        pack_b_transposed(x_low, wide, rows, wide, packed);
        multiply(x_low, wide, d, packed, wide, rows, s, SIDE, false);
        to_bf16(s, s_low, square);
        pack_b(s_low, rows, rows, rows, packed);
        multiply(s_low, rows, d, packed, rows, rows, s2, SIDE, false);
        for (long i = 0; i < square; i++) s2[i] = b * s[i] + c * s2[i];
        to_bf16(s2, s_low, square);
        pack_b(x_low, wide, rows, wide, packed);
        for (long i = 0; i < n; i++) x[i] *= a;
        multiply(s_low, rows, d, packed, rows, wide, x, SIDE, true);
    }
}

static void muon(const struct update *u, int thread, int layer, const struct factor *f) {
    struct trainer *t = u->trainer;
    const struct shape *s = &t->model->shape;
    const int d = s->embedding, blocks = columns_of(s, f->matrix) / SIDE;
    const int columns = f->half >= 0 ? s->feed_forward : columns_of(s, f->matrix) / f->of;
    const long most = (long)d * (s->feed_forward > d ? s->feed_forward : d), square = (long)d * d;
    if (!t->scratch[thread]) t->scratch[thread] = NEW(float, 2 * most + 2 * square + square);
    float *x = t->scratch[thread], *product_ = x + most, *product2 = product_ + square;
    bf16 *x_low = (bf16 *)(product2 + square), *packed = x_low + most, *s_low = packed + most;

    const long from = matrix_at(s, layer, f->matrix);
    float *weight = t->model->weight + from, *momentum = t->model->first + from;
    const float *gradient = t->pass[0].gradient + from;
    const float keep = (float)u->rates->momentum;
    double squares = 0;
    for (int r = 0; r < d; r++)
        for (int c = 0; c < columns; c += 16) {
            long at = factor_at(f, blocks, r, c);
            vec g = load(gradient + at), v = load(momentum + at) * keep + g * (1 - keep);
            vec nesterov = v * keep + g * (1 - keep);
            store(momentum + at, v);
            store(x + row_at(columns / SIDE, r, c / SIDE) + c % SIDE, nesterov);
            squares += sum_of(nesterov * nesterov);
        }
    const float inverse = (float)(1 / (sqrt(squares) + 1e-12));
    for (long i = 0; i < (long)d * columns; i++) x[i] *= inverse;
    orthogonalise(x, d, columns, product_, product2, x_low, s_low, packed);

    const double outputs = f->inputs_down ? columns : d, inputs = f->inputs_down ? d : columns;
    const double rate = u->rates->matrix_rate;
    const float step = (float)(rate * sqrt(outputs > inputs ? outputs / inputs : 1));
    const float shrink = (float)(1 - rate * u->rates->matrix_decay);
    for (int r = 0; r < d; r++)
        for (int c = 0; c < columns; c += 16) {
            float *w = weight + factor_at(f, blocks, r, c);
            store(w, load(w) * shrink -
                         load(x + row_at(columns / SIDE, r, c / SIDE) + c % SIDE) * step);
        }
}

static void update(void *context, int thread) {
    struct update *u = context;
    const struct shape *s = &u->trainer->model->shape;
    int matrices = s->layers * FACTORS, tables = table_items(s);
    for (int i; (i = next_item(u->trainer->pool)) < matrices + tables + TOP;) {
        if (i < matrices) {
            muon(u, thread, i % s->layers, &factors[i / s->layers]); /* the largest come first */
        } else if (i < matrices + tables) {
            long n, at = table_item(s, i - matrices, &n);
            adamw(u, at, n, u->rates->decay);
        } else {
            adamw(u, output_norm_at(s), s->embedding, 0);
            for (int l = 0; l < s->layers; l++)
                adamw(u, norm_at(s, l, ATTENTION_NORM), (long)NORMS * s->embedding, 0);
        }
    }
}

static void pack(void *context, int thread) {
    (void)thread;
    struct trainer *t = context;
    const struct shape *s = &t->model->shape;
    int matrices = s->layers * MATRICES,
        tables = (s->vocabulary + EMBEDDING_ROWS - 1) / EMBEDDING_ROWS;
    for (int i; (i = next_item(t->pool)) < matrices + tables;) {
        int from = (i - matrices) * EMBEDDING_ROWS;
        if (i < matrices) pack_matrix(t->model, i / MATRICES, i % MATRICES);
        else
            pack_output(t->model, from,
                        s->vocabulary - from < EMBEDDING_ROWS ? s->vocabulary - from
                                                              : EMBEDDING_ROWS);
    }
}

void pack_weights(struct trainer *t) { run(t->pool, pack, t); }

double train_step(struct trainer *t, const uint16_t *windows, int count,
                  const struct rates *rates) {
    double loss = gradients(t, windows, count), squares = 0;
    const struct shape *s = &t->model->shape;
    for (int i = 0; i < matrix_items(s) + table_items(s) + TOP; i++) squares += t->squares[i];
    double norm = sqrt(squares); /* of the gradients that AdamW takes: clipped to 1 */
    struct update u = {t, rates, norm > 1 ? (float)(1 / (norm + 1e-6)) : 1};
    run(t->pool, update, &u);
    pack_weights(t);
    return loss;
}
