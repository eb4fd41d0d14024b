/* Norm, output matrix and cross entropy, forth and back in one go over the vocabulary.
 *
 * e = 2^(logit - logit of the target), so that the loss is log(sum of e) and no logit is kept
 * twice: with the sums known at the end, dX = (E^T e) / sum - row of the target, dE = e (x / sum) -
 * x at the target. Logits are computed transposed, vocabulary x tokens, which makes e a left
 * operand. */
#include <math.h>
#include <string.h>

#include "pass.h"

enum { PANEL = 256 }; /* vocabulary rows whose e are kept as right operand at a time */

/* The normed, scaled hidden states, and the logit of each token's target. */
static void hidden_states(struct pass *p, int tokens) {
    const struct shape *s = &p->model->shape;
    const int d = s->embedding / SIDE;
    const float *gain = p->model->weight + output_norm_at(s);
    for (int m = 0; m < tokens; m++) {
        const float *x = p->x + (long)m * s->embedding;
        bf16 *h = p->hidden + row_at(d, m, 0);
        const bf16 *target = p->model->output + row_at(d, p->targets[m], 0);
        norm_row(x, s->embedding, h, p->scale + m);
        vec logit = {0};
        float q = p->scale[m];
        for (int i = 0; i < s->embedding; i += SIDE) {
            bf16 *y = h + i * SIDE;
            const bf16 *e = target + i * SIDE;
            store_row(y, load(x + i) * q * load(gain + i),
                      load(x + i + 16) * q * load(gain + i + 16));
            logit += load_bf16(y) * load_bf16(e) + load_bf16(y + 16) * load_bf16(e + 16);
        }
        p->target_logit[m] = sum_of(logit) * LOG2_E;
        p->sum[m] = 0;
    }
}

/* e of a panel of the vocabulary for 32 tokens, added to their sums. */
static void panel_of_e(struct pass *p, int j, int steps, int from, int rows, bool keep) {
    const struct shape *s = &p->model->shape;
    const int d = s->embedding / SIDE;
    const vec limit =
        all(100.f); /* where a logit is so far above the target's, no sum must overflow */
    float b[BLOCK] __attribute__((aligned(64)));
    vec sum0 = load(p->sum + j * SIDE), sum1 = load(p->sum + j * SIDE + 16);
    vec sub0 = load(p->target_logit + j * SIDE), sub1 = load(p->target_logit + j * SIDE + 16);
    for (int i = 0; i < rows; i += SIDE) {
        bf16 *plain = p->e + ((long)(from + i) / SIDE * steps + j) * BLOCK;
        bf16 *right = p->e_right + ((long)j * (PANEL / SIDE) + i / SIDE) * BLOCK;
        product(p->model->output + block_at(d, from + i, 0), p->hidden_t + (long)j * d * BLOCK, d,
                b, SIDE, false);
        for (int r = 0; r < SIDE; r += 2) {
            const float *x = b + r * SIDE;
            vec e00 = exp2_of(smaller(load(x) * LOG2_E - sub0, limit));
            vec e01 = exp2_of(smaller(load(x + 16) * LOG2_E - sub1, limit));
            vec e10 = exp2_of(smaller(load(x + 32) * LOG2_E - sub0, limit));
            vec e11 = exp2_of(smaller(load(x + 48) * LOG2_E - sub1, limit));
            sum0 += e00 + e10;
            sum1 += e01 + e11;
            if (keep) two_rows(plain, right, r, e00, e01, e10, e11);
        }
    }
    store(p->sum + j * SIDE, sum0);
    store(p->sum + j * SIDE + 16, sum1);
}

/* dx of 32 tokens, the norm's gain's gradient, and hidden / sum * factor for the output's gradient.
 */
static void hidden_back(struct pass *p, int j, float factor) {
    const struct shape *s = &p->model->shape;
    const int d = s->embedding / SIDE;
    const float *gain = p->model->weight + output_norm_at(s);
    float *d_gain = p->gradient + output_norm_at(s);
    for (int block = 0; block < d; block++) { /* E^T e came out transposed */
        const float *from = p->d_hidden_t + ((long)j * d + block) * BLOCK;
        for (int x = 0; x < SIDE; x += 16)
            for (int y = 0; y < SIDE; y += 16) {
                veci z[16];
                for (int i = 0; i < 16; i++) z[i] = (veci)load(from + (x + i) * SIDE + y);
                transpose(z);
                for (int i = 0; i < 16; i++)
                    store(p->rows + (long)(y + i) * s->embedding + block * SIDE + x, (vec)z[i]);
            }
    }
    for (int r = 0; r < SIDE; r++) {
        long m = j * SIDE + r;
        const float *x = p->x + m * s->embedding;
        float q = factor / p->sum[m], scale = p->scale[m];
        float *g = p->rows + (long)r * s->embedding, *dx = p->dx + m * s->embedding;
        const bf16 *target = p->model->output + row_at(d, p->targets[m], 0);
        const bf16 *hidden = p->hidden + row_at(d, (int)m, 0);
        bf16 *share = p->d_attended + row_at(d, (int)m, 0),
             *dx_bf16 = p->dx_bf16 + row_at(d, (int)m, 0);
        vec sum = {0};
        for (int i = 0; i < s->embedding; i += 16) {
            vec normed = load(x + i) * scale;
            vec dy = load(g + i) * q - load_bf16(target + i / SIDE * BLOCK + i % SIDE) * factor;
            store(d_gain + i, load(d_gain + i) + dy * normed);
            dy *= load(gain + i);
            store(g + i, dy);
            sum += dy * normed;
        }
        float mean = sum_of(sum) / (float)s->embedding * scale;
        for (int i = 0; i < s->embedding; i += SIDE) {
            vec a = (load(g + i) - load(x + i) * mean) * scale;
            vec b = (load(g + i + 16) - load(x + i + 16) * mean) * scale;
            store(dx + i, a);
            store(dx + i + 16, b);
            store_row(dx_bf16 + i * SIDE, a, b);
            store_row(share + i * SIDE, load_bf16(hidden + i * SIDE) * q,
                      load_bf16(hidden + i * SIDE + 16) * q);
        }
    }
}

static void output_gradient(struct pass *p, int tokens, float factor) {
    enum { CHUNK = 8 };
    const struct shape *s = &p->model->shape;
    const int d = s->embedding / SIDE, steps = tokens / SIDE;
    float *gradient = p->gradient + output_at(s);
    pack_b(p->d_attended, d, steps, d, p->hidden_right);
    for (int v = 0; v < s->vocabulary; v += SIDE)
        for (int k = 0; k < steps; k += CHUNK)
            for (int c = 0; c < d; c++)
                product(p->e + ((long)v / SIDE * steps + k) * BLOCK,
                        p->hidden_right + ((long)c * steps + k) * BLOCK,
                        steps - k < CHUNK ? steps - k : CHUNK,
                        gradient + (long)v * s->embedding + c * SIDE, s->embedding, p->add || k);
    for (int m = 0; m < tokens; m++) {
        float *g = gradient + (long)p->targets[m] * s->embedding;
        const bf16 *h = p->hidden + row_at(d, m, 0);
        for (int i = 0; i < s->embedding; i += 16)
            store(g + i, load(g + i) - load_bf16(h + i / SIDE * BLOCK + i % SIDE) * factor);
    }
}

void output_losses(struct pass *p, int tokens, float factor, bool gradients) {
    const struct shape *s = &p->model->shape;
    const int d = s->embedding / SIDE, steps = tokens / SIDE, vocabulary = s->vocabulary;
    hidden_states(p, tokens);
    pack_b_transposed(p->hidden, d, steps, d, p->hidden_t);
    for (int v = 0; v < vocabulary; v += PANEL) {
        int rows = vocabulary - v < PANEL ? vocabulary - v : PANEL;
        for (int j = 0; j < steps; j++) panel_of_e(p, j, steps, v, rows, gradients);
        for (int j = 0; gradients && j < steps; j++)
            for (int c = 0; c < d; c++)
                product(p->model->output_transposed +
                            ((long)c * (vocabulary / SIDE) + v / SIDE) * BLOCK,
                        p->e_right + (long)j * (PANEL / SIDE) * BLOCK, rows / SIDE,
                        p->d_hidden_t + ((long)j * d + c) * BLOCK, SIDE, v > 0);
    }
    for (int m = 0; m < tokens; m++) p->losses[m] = logf(p->sum[m]);
    if (!gradients) return;
    if (!p->add) {
        /* these two are only ever added to */
        memset(p->gradient + output_norm_at(s), 0, (size_t)s->embedding * sizeof(float));
        if (s->untied)
            memset(p->gradient + embedding_at(s), 0,
                   (size_t)vocabulary * (size_t)s->embedding * sizeof(float));
    }
    for (int j = 0; j < steps; j++) hidden_back(p, j, factor);
    output_gradient(p, tokens, factor);
}
