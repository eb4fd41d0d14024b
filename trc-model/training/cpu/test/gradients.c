/* The trainer's gradients against finite differences of a model written down a second time: in
 * double precision, one token after the other, without blocks, bf16 or anything else that is quick.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trainer.h"

enum { WINDOWS = 3, DIRECTIONS = 3 };

/* A repeatable random number, about normal. */
static double noise(uint64_t *state) {
    double sum = 0;
    for (int i = 0; i < 12; i++) {
        *state = *state * 6364136223846793005u + 1442695040888963407u;
        sum += (double)(*state >> 11) / 9007199254740992.0;
    }
    return sum - 6;
}

/* ---- the model, from weights in the order of the file ---- */

static void norm(const double *x, const double *gain, int d, double *y) {
    double squares = 0;
    for (int i = 0; i < d; i++) squares += x[i] * x[i];
    for (int i = 0; i < d; i++) y[i] = x[i] / sqrt(squares / d + (double)NORM_EPSILON) * gain[i];
}

static void times(const double *matrix, const double *x, int rows, int columns, double *y) {
    for (int r = 0; r < rows; r++) {
        y[r] = 0;
        for (int c = 0; c < columns; c++) y[r] += matrix[(long)r * columns + c] * x[c];
    }
}

static void turn(double *x, int heads, int position) {
    for (int h = 0; h < heads; h++)
        for (int i = 0; i < HEAD; i += 2) {
            double angle = position * pow(ROPE_BASE, -(double)i / HEAD), *e = x + h * HEAD + i;
            double even = e[0] * cos(angle) - e[1] * sin(angle);
            e[1] = e[0] * sin(angle) + e[1] * cos(angle);
            e[0] = even;
        }
}

static double *numbers(long n) {
    double *x = malloc((size_t)n * sizeof *x);
    if (!x) die("no memory for %ld numbers", n);
    return x;
}

/* Attention of the last of so many positions; keys and values [position][d]. */
static void look_back(const struct shape *s, const double *q, const double *k, const double *v,
                      int positions, double *y) {
    double *p = numbers(positions);
    for (int h = 0; h < s->heads; h++) {
        double sum = 0;
        for (int t = 0; t < positions; t++) {
            p[t] = 0;
            for (int i = h * HEAD; i < (h + 1) * HEAD; i++) p[t] += q[i] * k[t * s->embedding + i];
            sum += p[t] = exp(p[t] / sqrt(HEAD));
        }
        for (int i = h * HEAD; i < (h + 1) * HEAD; i++) {
            y[i] = 0;
            for (int t = 0; t < positions; t++) y[i] += p[t] / sum * v[t * s->embedding + i];
        }
    }
    free(p);
}

/* Mean loss of a window. */
static double reference_loss(const struct shape *s, const double *weights, const uint16_t *window) {
    const int d = s->embedding, f = s->feed_forward, n = s->context;
    const double *embedding = weights, *w = weights + (long)s->vocabulary * d, *output_norm = w;
    w += d;
    const double *output = s->untied ? w : embedding;
    if (s->untied) w += (long)s->vocabulary * d;
    double *x = numbers((long)n * d), *k = numbers((long)n * d), *v = numbers((long)n * d);
    double *h = numbers(d), *q = numbers(d), *y = numbers(d), *gate = numbers(f), *up = numbers(f);
    for (int t = 0; t < n; t++)
        memcpy(x + (long)t * d, embedding + (long)window[t] * d, (size_t)d * sizeof *x);
    for (int l = 0; l < s->layers; l++) {
        const double *attn_norm = w, *wq = w + d, *wk = wq + d * d, *wv = wk + d * d;
        const double *wo = wv + d * d, *feed_norm = wo + d * d, *wg = feed_norm + d;
        const double *wu = wg + (long)d * f, *wd = wu + (long)d * f;
        w = wd + (long)d * f;
        for (int t = 0; t < n; t++) {
            double *row = x + (long)t * d;
            norm(row, attn_norm, d, h);
            times(wq, h, d, d, q);
            times(wk, h, d, d, k + (long)t * d);
            times(wv, h, d, d, v + (long)t * d);
            turn(q, s->heads, t);
            turn(k + (long)t * d, s->heads, t);
            look_back(s, q, k, v, t + 1, y);
            times(wo, y, d, d, h);
            for (int i = 0; i < d; i++) row[i] += h[i];
            norm(row, feed_norm, d, h);
            times(wg, h, f, d, gate);
            times(wu, h, f, d, up);
            for (int i = 0; i < f; i++) gate[i] *= up[i] / (1 + exp(-gate[i]));
            times(wd, gate, d, f, h);
            for (int i = 0; i < d; i++) row[i] += h[i];
        }
    }
    double loss = 0, *logits = numbers(s->vocabulary);
    for (int t = 0; t < n; t++) {
        norm(x + (long)t * d, output_norm, d, h);
        times(output, h, s->vocabulary, d, logits);
        double sum = 0;
        for (int i = 0; i < s->vocabulary; i++) sum += exp(logits[i]);
        loss += log(sum) - logits[window[t + 1]];
    }
    double *all[] = {x, k, v, h, q, y, gate, up, logits};
    for (int i = 0; i < 9; i++) free(all[i]);
    return loss / n;
}

static double reference(const struct shape *s, const double *weights, const uint16_t *windows) {
    double sum = 0;
    for (int i = 0; i < WINDOWS; i++)
        sum += reference_loss(s, weights, windows + (long)i * (s->context + 1));
    return sum / WINDOWS;
}

/* ---- the comparison ---- */

static int failures = 0;

static void compare(const char *what, int number, double expected, double actual,
                    double tolerance) {
    if (fabs(expected - actual) <= tolerance) return;
    printf("%s %d: %g expected, %g computed\n", what, number, expected, actual);
    failures++;
}

/* The derivative along random directions, within each tensor, of the double model and by the
 * gradient. */
static void compare_tensor(const struct shape *s, double *weights, const float *gradient,
                           const uint16_t *windows, long from, long n, int tensor, uint64_t *seed) {
    double *direction = numbers(n), *before = numbers(n), squares = 0;
    memcpy(before, weights + from, (size_t)n * sizeof *before);
    for (long i = 0; i < n; i++) squares += (double)gradient[from + i] * gradient[from + i];
    for (int turn_ = 0; turn_ < DIRECTIONS; turn_++) {
        double computed = 0, length = 0;
        for (long i = 0; i < n; i++) {
            /* half along the gradient, so that its length is seen; half anywhere, so that its way
             * is */
            direction[i] =
                (double)gradient[from + i] / sqrt(squares) + noise(seed) / sqrt((double)n);
            length += direction[i] * direction[i];
        }
        for (long i = 0; i < n; i++) {
            direction[i] /= sqrt(length);
            computed += direction[i] * (double)gradient[from + i];
        }
        const double step = 1e-4;
        double loss[2];
        for (int side = 0; side < 2; side++) {
            for (long i = 0; i < n; i++)
                weights[from + i] = before[i] + (side ? step : -step) * direction[i];
            loss[side] = reference(s, weights, windows);
        }
        memcpy(weights + from, before, (size_t)n * sizeof *before);
        compare("tensor", tensor, (loss[1] - loss[0]) / (2 * step), computed, 0.02 * sqrt(squares));
    }
    free(direction);
    free(before);
}

static void compare_model(struct shape s, int threads) {
    uint64_t seed = 7;
    struct model *m = new_model(s);
    struct trainer *t = new_trainer(m, threads);
    float *file_order = NEW(float, m->count);
    double *weights = numbers(m->count);
    uint16_t windows[WINDOWS * (64 + 1)];
    for (int i = 0; i < WINDOWS * (s.context + 1); i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        windows[i] = (uint16_t)((seed >> 33) % (uint64_t)s.vocabulary);
    }
    /* sizes of the tensors in the order of the file */
    long d = s.embedding, f = s.feed_forward, sizes[3 + 9 * 8], n = 0;
    sizes[n++] = d * s.vocabulary;
    sizes[n++] = d;
    if (s.untied) sizes[n++] = d * s.vocabulary;
    for (int l = 0; l < s.layers; l++) {
        const long layer[] = {d, d * d, d * d, d * d, d * d, d, d * f, d * f, d * f};
        memcpy(sizes + n, layer, sizeof layer);
        n += 9;
    }
    long at = 0;
    for (int i = 0; i < n; at += sizes[i++])
        for (long j = at; j < at + sizes[i]; j++)
            /* large enough that attention and gates are not flat */
            file_order[j] = (float)(sizes[i] == d ? 1 + 0.3 * noise(&seed)
                                                  : 0.6 / sqrt((double)d) * noise(&seed));
    for (long i = 0; i < m->count; i++) weights[i] = file_order[i];
    from_file_order(&s, file_order, m->weight);
    pack_weights(t);
    double loss = gradients(t, windows, WINDOWS);
    compare("loss, threads", threads, reference(&s, weights, windows), loss, 0.003);
    to_file_order(&s, t->pass[0].gradient, file_order);
    at = 0;
    for (int i = 0; i < n; at += sizes[i++])
        compare_tensor(&s, weights, file_order, windows, at, sizes[i], i, &seed);
    free(weights);
}

int main(void) {
    for (enum kernel k = PLAIN; k <= best_kernel(); k++) {
        use_kernel(k);
        for (int untied = 0; untied < 2; untied++)
            compare_model((struct shape){.vocabulary = 96,
                                         .context = 64,
                                         .embedding = 64,
                                         .layers = 2,
                                         .heads = 1,
                                         .feed_forward = 96,
                                         .untied = untied},
                          1 + untied);
        if (k == best_kernel())
            compare_model((struct shape){.vocabulary = 320,
                                         .context = 64,
                                         .embedding = 128,
                                         .layers = 1,
                                         .heads = 2,
                                         .feed_forward = 64,
                                         .untied = true},
                          2);
    }
    printf("%s\n", failures ? "gradients differ" : "gradients agree");
    return failures ? 1 : 0;
}
