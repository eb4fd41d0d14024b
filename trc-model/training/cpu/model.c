#include "model.h"

#include <math.h>
#include <string.h>

static long layer_size(const struct shape *s) {
    long d = s->embedding;
    return d * (4 * d + 3L * s->feed_forward) + NORMS * d;
}

long matrix_at(const struct shape *s, int layer, enum matrix k) {
    long at = layer * layer_size(s);
    for (int before = 0; before < (int)k; before++)
        at += (long)s->embedding * columns_of(s, before);
    return at;
}

long norm_at(const struct shape *s, int layer, enum norm which) {
    return (layer + 1) * layer_size(s) - (long)(NORMS - which) * s->embedding;
}

long embedding_at(const struct shape *s) { return s->layers * layer_size(s); }

long output_at(const struct shape *s) {
    return embedding_at(s) + (s->untied ? (long)s->vocabulary * s->embedding : 0);
}

long output_norm_at(const struct shape *s) {
    return output_at(s) + (long)s->vocabulary * s->embedding;
}

struct model *new_model(struct shape s) {
    /* generous limits: they keep every size below within a long */
    if (s.vocabulary < SIDE || s.vocabulary > 65536 || s.vocabulary % SIDE)
        die("the vocabulary must be a multiple of %d, at most 65536: %d", SIDE, s.vocabulary);
    if (s.heads < 1 || s.heads > 256 || s.embedding != s.heads * HEAD)
        die("the embedding must be %d for each of at most 256 heads: %d", HEAD, s.embedding);
    if (s.feed_forward < SIDE || s.feed_forward > 65536 || s.feed_forward % SIDE)
        die("the feed-forward size must be a multiple of %d, at most 65536: %d", SIDE,
            s.feed_forward);
    if (s.context < 64 || s.context > 65536 || s.context % 64)
        die("the context must be a multiple of 64, at most 65536: %d", s.context);
    if (s.layers < 1 || s.layers > 256) die("%d layers are not sensible", s.layers);

    struct model *m = NEW(struct model, 1);
    m->shape = s;
    m->count = output_norm_at(&s) + s.embedding;
    m->weight = NEW(float, m->count);
    m->first = NEW(float, m->count);
    m->second = NEW(float, m->count);
    m->layer = zeros(s.layers, sizeof *m->layer);
    for (int l = 0; l < s.layers; l++)
        for (int k = 0; k < MATRICES; k++) {
            long n = (long)s.embedding * columns_of(&s, k);
            bf16 *copies = NEW(bf16, 3 * n);
            m->layer[l][k] = (struct packed){copies, copies + n, copies + 2 * n};
        }
    m->output = NEW(bf16, 2L * s.vocabulary * s.embedding);
    m->output_transposed = m->output + (long)s.vocabulary * s.embedding;
    m->cosine = NEW(float, 2L * s.context * HEAD);
    m->sine = m->cosine + (long)s.context * HEAD;
    for (int t = 0; t < s.context; t++)
        for (int i = 0; i < HEAD; i++) {
            double angle = t * pow(ROPE_BASE, -2.0 * (i / 2) / HEAD);
            m->cosine[t * HEAD + i] = (float)cos(angle);
            m->sine[t * HEAD + i] = (float)(i % 2 ? sin(angle) : -sin(angle));
        }
    return m;
}

void pack_matrix(const struct model *m, int layer, enum matrix k) {
    const struct shape *s = &m->shape;
    int blocks = columns_of(s, k) / SIDE, rows = s->embedding / SIDE;
    const float *weight = m->weight + matrix_at(s, layer, k);
    const float *gain = k == QKV       ? m->weight + norm_at(s, layer, ATTENTION_NORM)
                        : k == GATE_UP ? m->weight + norm_at(s, layer, FEED_NORM)
                                       : NULL;
    struct packed p = m->layer[layer][k];
    for (int r = 0; r < s->embedding; r++) {
        vec g = all(gain ? gain[r] : 1.0f);
        for (int c = 0; c < blocks; c++) {
            long at = row_at(blocks, r, c);
            store_row(p.plain + at, load(weight + at) * g, load(weight + at + 16) * g);
        }
    }
    pack_b(p.plain, blocks, rows, blocks, p.right);
    pack_b_transposed(p.plain, blocks, rows, blocks, p.transposed);
}

void pack_output(const struct model *m, int from, int rows) {
    const struct shape *s = &m->shape;
    int d = s->embedding / SIDE;
    const float *weight = m->weight + output_at(s); /* row after row, not in blocks */
    for (int v = from; v < from + rows; v++)
        for (int c = 0; c < d; c++) {
            const float *x = weight + (long)v * s->embedding + c * SIDE;
            store_row(m->output + row_at(d, v, c), load(x), load(x + 16));
        }
    pack_a_transposed(m->output + block_at(d, from, 0), d, rows / SIDE, d, s->vocabulary / SIDE,
                      m->output_transposed + (long)from * SIDE);
}

/* ---- the order of the file ---- */

/* A tensor of the file that is part of a matrix in blocks. Turned: its rows are our columns. */
struct part {
    enum matrix matrix;
    bool turned;
    int first, turns; /* column of its first row; rows that stand together, 0: all */
};

static const struct part QUERY = {QKV, true, 0, 0}, KEY = {QKV, true, 1, 0},
                         VALUE = {QKV, true, 2, 0}, ATTENTION_OUT = {OUT, false, 0, 0},
                         GATE = {GATE_UP, true, 0, 16}, UP = {GATE_UP, true, 16, 16},
                         DOWNWARD = {DOWN, false, 0, 0};

static void copy_values(float *blocks, float *file, long n, bool out) {
    if (out) memcpy(file, blocks, (size_t)n * sizeof(float));
    else memcpy(blocks, file, (size_t)n * sizeof(float));
}

static long copy_part(const struct shape *s, int layer, struct part p, float *blocks, float *file,
                      bool out) {
    int wide = columns_of(s, p.matrix), d = s->embedding;
    float *matrix = blocks + matrix_at(s, layer, p.matrix);
    int rows = !p.turned ? d : p.turns ? wide / 2 : d, columns = p.turned ? d : wide;
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++) {
            int row = p.turned ? c : r, column = c;
            if (p.turned) column = p.turns ? r / 16 * 32 + p.first + r % 16 : p.first * d + r;
            float *ours = matrix + row_at(wide / SIDE, row, column / SIDE) + column % SIDE;
            float *theirs = file + (long)r * columns + c;
            if (out) *theirs = *ours;
            else *ours = *theirs;
        }
    return (long)rows * columns;
}

static void copy_all(const struct shape *s, float *blocks, float *file, bool out) {
    long d = s->embedding, table = d * s->vocabulary;
    copy_values(blocks + embedding_at(s), file, table, out);
    file += table;
    copy_values(blocks + output_norm_at(s), file, d, out);
    file += d;
    if (s->untied) {
        copy_values(blocks + output_at(s), file, table, out);
        file += table;
    }
    for (int l = 0; l < s->layers; l++) {
        copy_values(blocks + norm_at(s, l, ATTENTION_NORM), file, d, out);
        file += d;
        file += copy_part(s, l, QUERY, blocks, file, out);
        file += copy_part(s, l, KEY, blocks, file, out);
        file += copy_part(s, l, VALUE, blocks, file, out);
        file += copy_part(s, l, ATTENTION_OUT, blocks, file, out);
        copy_values(blocks + norm_at(s, l, FEED_NORM), file, d, out);
        file += d;
        file += copy_part(s, l, GATE, blocks, file, out);
        file += copy_part(s, l, UP, blocks, file, out);
        file += copy_part(s, l, DOWNWARD, blocks, file, out);
    }
}

void to_file_order(const struct shape *s, const float *blocks, float *file) {
    copy_all(s, (float *)blocks, file, true);
}

void from_file_order(const struct shape *s, const float *file, float *blocks) {
    copy_all(s, blocks, (float *)file, false);
}
