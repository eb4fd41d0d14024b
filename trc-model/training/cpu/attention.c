/* Causal attention of one head over one window.
 *
 * The way back works on transposed scores, S^T = K Q^T, so that P^T and dS^T come out as left
 * operands and, by pairing two rows, as right operands too: nothing is transposed in the inner
 * loops. */
#include <math.h>

#include "pass.h"

#define MASKED -1e30f

static void row_norms(const bf16 *q, const bf16 *k, int blocks, int context, float *most_q,
                      float *most_k) {
    *most_q = *most_k = 0;
    for (int r = 0; r < context; r++) {
        vec a = {0}, b = {0};
        for (int c = 0; c < HEAD_BLOCKS; c++)
            for (int h = 0; h < SIDE; h += 16) {
                vec x = load_bf16(q + row_at(blocks, r, c) + h),
                    y = load_bf16(k + row_at(blocks, r, c) + h);
                a += x * x;
                b += y * y;
            }
        *most_q = fmaxf(*most_q, sum_of(a));
        *most_k = fmaxf(*most_k, sum_of(b));
    }
}

void attend(struct pass *p, const bf16 *qkv, bf16 *out, float *log_sum) {
    const struct shape *s = &p->model->shape;
    const int d = s->embedding / SIDE, wide = 3 * d, steps = s->context / SIDE;
    const bf16 *q = qkv, *k = q + d * BLOCK, *v = k + d * BLOCK;
    const float scale = LOG2_E / sqrtf(HEAD);
    float b[BLOCK] __attribute__((aligned(64)));
    pack_b_transposed(k, wide, steps, HEAD_BLOCKS, p->key_t);
    pack_b(v, wide, steps, HEAD_BLOCKS, p->value);
    float most_q, most_k;
    row_norms(q, k, wide, s->context, &most_q, &most_k);
    /* 2^score cannot overflow where the scores are surely small; else the largest is found first */
    bool find_largest = !(sqrtf(most_q * most_k) * scale < 80);
    for (int i = 0; i < steps; i++) {
        vec sum[SIDE];
        float largest[SIDE];
        for (int r = 0; r < SIDE; r++) {
            sum[r] = all(0);
            largest[r] = find_largest ? MASKED : 0;
        }
        for (int round = !find_largest; round < 2; round++)
            for (int j = 0; j <= i; j++) {
                product(q + block_at(wide, i * SIDE, 0), p->key_t + j * HEAD_BLOCKS * BLOCK,
                        HEAD_BLOCKS, b, SIDE, false);
                for (int r = 0; j == i && r < SIDE; r++)
                    for (int c = r + 1; c < SIDE; c++) b[r * SIDE + c] = MASKED;
                for (int r = 0; r < SIDE; r++) {
                    vec x0 = load(b + r * SIDE), x1 = load(b + r * SIDE + 16);
                    if (round == 0) {
                        largest[r] = fmaxf(largest[r], largest_of(larger(x0, x1)) * scale);
                    } else {
                        x0 = exp2_of(x0 * scale - largest[r]);
                        x1 = exp2_of(x1 * scale - largest[r]);
                        sum[r] += x0 + x1;
                        store_row(p->p + j * BLOCK + r * SIDE, x0, x1);
                    }
                }
            }
        float inverse[SIDE];
        for (int r = 0; r < SIDE; r++) {
            float z = sum_of(sum[r]);
            inverse[r] = 1 / z;
            log_sum[i * SIDE + r] = largest[r] + log2f(z);
        }
        for (int c = 0; c < HEAD_BLOCKS; c++) {
            product(p->p, p->value + (long)c * steps * BLOCK, i + 1, b, SIDE, false);
            bf16 *to = out + block_at(d, i * SIDE, c);
            for (int r = 0; r < SIDE; r++)
                store_row(to + r * SIDE, load(b + r * SIDE) * inverse[r],
                          load(b + r * SIDE + 16) * inverse[r]);
        }
    }
}

/* Sum of out * d_out over the head, for each token: what the softmax's way back subtracts. */
static void row_products(struct pass *p, const bf16 *out, const bf16 *d_out) {
    const int d = p->model->shape.embedding / SIDE;
    for (int r = 0; r < p->model->shape.context; r++) {
        vec sum = {0};
        for (int c = 0; c < HEAD_BLOCKS; c++) {
            const bf16 *x = out + row_at(d, r, c), *y = d_out + row_at(d, r, c);
            sum += load_bf16(x) * load_bf16(y) + load_bf16(x + 16) * load_bf16(y + 16);
        }
        p->row_product[r] = sum_of(sum);
    }
}

/* Keys' and values' gradients of the tokens of block j, from P^T and dS^T of the later tokens. */
static void keys_back(struct pass *p, int j, bf16 *d_qkv, bf16 *right_qkv, int steps, int step,
                      int column) {
    const struct shape *s = &p->model->shape;
    const int d = s->embedding / SIDE, wide = 3 * d, window = s->context / SIDE;
    const float scale = 1 / sqrtf(HEAD);
    float b[BLOCK] __attribute__((aligned(64)));
    for (int c = 0; c < HEAD_BLOCKS; c++) {
        product(p->p_t + j * BLOCK, p->d_out + ((long)c * window + j) * BLOCK, window - j, b, SIDE,
                false);
        bf16 *plain = d_qkv + block_at(wide, j * SIDE, 2 * d + c);
        bf16 *right = right_qkv + ((long)(column + 2 * d + c) * steps + step + j) * BLOCK;
        for (int r = 0; r < SIDE; r += 2) {
            const float *x = b + r * SIDE;
            two_rows(plain, right, r, load(x), load(x + 16), load(x + 32), load(x + 48));
        }
        product(p->s_t + j * BLOCK, p->query + ((long)c * window + j) * BLOCK, window - j, b, SIDE,
                false);
        plain = d_qkv + block_at(wide, j * SIDE, d + c);
        right = right_qkv + ((long)(column + d + c) * steps + step + j) * BLOCK;
        for (int r = 0; r < SIDE; r += 2) {
            vec x[4];
            for (int h = 0; h < 4; h++) x[h] = load(b + r * SIDE + h * 16) * scale;
            rotate(p->model, x, x + 1, j * SIDE + r, c, -1);
            rotate(p->model, x + 2, x + 3, j * SIDE + r + 1, c, -1);
            two_rows(plain, right, r, x[0], x[1], x[2], x[3]);
        }
    }
}

/* Queries' gradients of the tokens of block i; they come out transposed. */
static void queries_back(struct pass *p, int i, bf16 *d_qkv, bf16 *right_qkv, int steps, int step,
                         int column) {
    const struct shape *s = &p->model->shape;
    const int wide = 3 * s->embedding / SIDE, window = s->context / SIDE;
    const float scale = 1 / sqrtf(HEAD);
    float b[BLOCK] __attribute__((aligned(64)));
    for (int c = 0; c < HEAD_BLOCKS; c++) {
        product(p->key_left + (long)c * window * BLOCK, p->s + (long)i * window * BLOCK, i + 1, b,
                SIDE, false);
        bf16 *plain = d_qkv + block_at(wide, i * SIDE, c);
        bf16 *right = right_qkv + ((long)(column + c) * steps + step + i) * BLOCK;
        for (int half = 0; half < SIDE; half += 16) {
            veci x[16], y[16]; /* columns 0 to 15 and 16 to 31 of sixteen tokens */
            for (int r = 0; r < 16; r++) {
                x[r] = (veci)(load(b + r * SIDE + half) * scale);
                y[r] = (veci)(load(b + (r + 16) * SIDE + half) * scale);
            }
            transpose(x);
            transpose(y);
            for (int r = 0; r < 16; r += 2) {
                vec a0 = (vec)x[r], a1 = (vec)y[r], b0 = (vec)x[r + 1], b1 = (vec)y[r + 1];
                rotate(p->model, &a0, &a1, i * SIDE + half + r, c, -1);
                rotate(p->model, &b0, &b1, i * SIDE + half + r + 1, c, -1);
                two_rows(plain, right, half + r, a0, a1, b0, b1);
            }
        }
    }
}

void attend_back(struct pass *p, const bf16 *qkv, const bf16 *out, const bf16 *d_out,
                 const float *log_sum, bf16 *d_qkv, bf16 *right_qkv, int steps, int step,
                 int column) {
    const struct shape *s = &p->model->shape;
    const int d = s->embedding / SIDE, wide = 3 * d, window = s->context / SIDE;
    const bf16 *q = qkv, *k = q + d * BLOCK, *v = k + d * BLOCK;
    const float scale = LOG2_E / sqrtf(HEAD);
    float b[BLOCK] __attribute__((aligned(64))), b2[BLOCK] __attribute__((aligned(64)));
    pack_b_transposed(q, wide, window, HEAD_BLOCKS, p->query_t);
    pack_b_transposed(d_out, d, window, HEAD_BLOCKS, p->d_out_t);
    pack_b(q, wide, window, HEAD_BLOCKS, p->query);
    pack_b(d_out, d, window, HEAD_BLOCKS, p->d_out);
    pack_a_transposed(k, wide, window, HEAD_BLOCKS, window, p->key_left);
    row_products(p, out, d_out);
    for (int j = 0; j < window; j++) {
        for (int i = j; i < window; i++) {
            product(k + block_at(wide, j * SIDE, 0), p->query_t + i * HEAD_BLOCKS * BLOCK,
                    HEAD_BLOCKS, b, SIDE, false);
            product(v + block_at(wide, j * SIDE, 0), p->d_out_t + i * HEAD_BLOCKS * BLOCK,
                    HEAD_BLOCKS, b2, SIDE, false);
            for (int r = 1; i == j && r < SIDE; r++)
                for (int c = 0; c < r; c++) b[r * SIDE + c] = MASKED;
            vec log0 = load(log_sum + i * SIDE), log1 = load(log_sum + i * SIDE + 16);
            vec sub0 = load(p->row_product + i * SIDE), sub1 = load(p->row_product + i * SIDE + 16);
            bf16 *p_t = p->p_t + i * BLOCK, *s_t = p->s_t + i * BLOCK;
            bf16 *s_right = p->s + ((long)i * window + j) * BLOCK;
            for (int r = 0; r < SIDE; r += 2) {
                const float *x = b + r * SIDE, *y = b2 + r * SIDE;
                vec p00 = exp2_of(load(x) * scale - log0),
                    p01 = exp2_of(load(x + 16) * scale - log1);
                vec p10 = exp2_of(load(x + 32) * scale - log0),
                    p11 = exp2_of(load(x + 48) * scale - log1);
                store_row(p_t + r * SIDE, p00, p01);
                store_row(p_t + r * SIDE + SIDE, p10, p11);
                two_rows(s_t, s_right, r, p00 * (load(y) - sub0), p01 * (load(y + 16) - sub1),
                         p10 * (load(y + 32) - sub0), p11 * (load(y + 48) - sub1));
            }
        }
        keys_back(p, j, d_qkv, right_qkv, steps, step, column);
    }
    for (int i = 0; i < window; i++) queries_back(p, i, d_qkv, right_qkv, steps, step, column);
}
