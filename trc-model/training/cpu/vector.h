/* Vectors of 16 floats, and bf16: the upper half of a float.
 *
 * Written with the compiler's own vectors, which every target has; intrinsics stand where AVX-512
 * is compiled in (-march=native on such a machine) and does better. */
#ifndef TRC_VECTOR_H
#define TRC_VECTOR_H

#include <stdint.h>
#if defined(__AVX512F__) || defined(__AMX_TILE__)
#include <immintrin.h>
#endif
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512VL__) &&                      \
    defined(__AVX512BF16__)
#define TRC_BF16_VECTORS 1
#endif
#if defined(__AMX_BF16__) && defined(__AMX_TILE__) && defined(__x86_64__) && defined(__linux__)
#define TRC_AMX 1
#endif

#define INLINE static inline __attribute__((always_inline))

typedef uint16_t bf16;
typedef float vec __attribute__((vector_size(64)));
typedef int32_t veci __attribute__((vector_size(64)));
typedef uint32_t vecu __attribute__((vector_size(64)));
typedef uint16_t half_vec __attribute__((vector_size(32)));
/* the same where they lie in memory, at any address */
typedef float vec_in_memory __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t veci_in_memory __attribute__((vector_size(64), aligned(2), may_alias));
typedef uint16_t half_in_memory __attribute__((vector_size(32), aligned(2), may_alias));

#define LOG2_E 1.44269504f

INLINE vec load(const float *p) { return *(const vec_in_memory *)p; }
INLINE void store(float *p, vec x) { *(vec_in_memory *)p = x; }
INLINE vec all(float x) { return (vec){0} + x; }

INLINE vec load_bf16(const bf16 *p) {
    return (vec)(__builtin_convertvector(*(const half_in_memory *)p, vecu) << 16);
}

/* rounded to the nearest, halves to even; in the low half of each element */
INLINE vecu rounded(vec x) {
    vecu u = (vecu)x;
    return (u + 0x7fff + ((u >> 16) & 1)) >> 16;
}

INLINE void store_bf16(bf16 *p, vec x) {
#ifdef TRC_BF16_VECTORS
    *(half_in_memory *)p = (half_vec)_mm512_cvtneps_pbh((__m512)x);
#else
    *(half_in_memory *)p = __builtin_convertvector(rounded(x), half_vec);
#endif
}

/* 32 in a row: a, then b */
INLINE void store_row(bf16 *p, vec a, vec b) {
#ifdef TRC_BF16_VECTORS
    *(veci_in_memory *)p = (veci)_mm512_cvtne2ps_pbh((__m512)b, (__m512)a);
#else
    store_bf16(p, a);
    store_bf16(p + 16, b);
#endif
}

/* 16 pairs (a[i], b[i]) */
INLINE void store_pairs(bf16 *p, vec a, vec b) {
#ifdef TRC_BF16_VECTORS
    const __m512i order =
        _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6,
                         21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    __m512i row = (__m512i)_mm512_cvtne2ps_pbh((__m512)b, (__m512)a);
    *(veci_in_memory *)p = (veci)_mm512_permutexvar_epi16(order, row);
#else
    *(veci_in_memory *)p = (veci)(rounded(a) | rounded(b) << 16);
#endif
}

/* 16 pairs (a[i], b[i]) of two rows */
INLINE veci pairs(const bf16 *a, const bf16 *b) {
    return (veci)(__builtin_convertvector(*(const half_in_memory *)a, vecu) |
                  __builtin_convertvector(*(const half_in_memory *)b, vecu) << 16);
}

INLINE float to_float(bf16 x) {
    union {
        uint32_t bits;
        float value;
    } both = {.bits = (uint32_t)x << 16};
    return both.value;
}

INLINE vec larger(vec a, vec b) {
#ifdef __AVX512F__
    return (vec)_mm512_max_ps((__m512)a, (__m512)b);
#else
    veci yes = a > b;
    return (vec)(((veci)a & yes) | ((veci)b & ~yes));
#endif
}

INLINE vec smaller(vec a, vec b) { return -larger(-a, -b); }

INLINE float sum_of(vec x) {
    float s = 0;
    for (int i = 0; i < 16; i++) s += x[i];
    return s;
}

INLINE float largest_of(vec x) {
    float s = x[0];
    for (int i = 1; i < 16; i++) s = x[i] > s ? x[i] : s;
    return s;
}

/* 2^x for x in [-126, 127], clamped to it; relative error about 2e-7 */
INLINE vec exp2_of(vec x) {
    const float shift = 12582912.f; /* 1.5 * 2^23: adding it rounds to a whole number */
    x = smaller(larger(x, all(-126.f)), all(127.f));
    vec whole = (x + shift) - shift, f = x - whole;
    vec p = all(1.3400432e-3f);
    p = p * f + 9.6714778e-3f;
    p = p * f + 5.5503286e-2f;
    p = p * f + 2.4022107e-1f;
    p = p * f + 6.9314720e-1f;
    p = p * f + 1.0f;
    return (vec)((veci)p + (__builtin_convertvector(whole, veci) << 23));
}

INLINE vec sigmoid(vec x) { return 1.0f / (1.0f + exp2_of(x * -LOG2_E)); }

/* neighbours change places: (x1, x0, x3, x2, ...) */
INLINE vec swapped(vec x) {
    return __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
}

/* transposes 16 x 16 elements of 32 bits, one row a vector */
INLINE void transpose(veci *rows) {
#ifdef __AVX512F__
    __m512i t[16], *q = (__m512i *)rows;
    for (int i = 0; i < 8; i++) {
        t[2 * i] = _mm512_unpacklo_epi32(q[2 * i], q[2 * i + 1]);
        t[2 * i + 1] = _mm512_unpackhi_epi32(q[2 * i], q[2 * i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        q[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
        q[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
        q[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
        q[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    for (int j = 0; j < 4; j++) {
        t[j] = _mm512_shuffle_i32x4(q[j], q[4 + j], 0x88);
        t[4 + j] = _mm512_shuffle_i32x4(q[j], q[4 + j], 0xdd);
        t[8 + j] = _mm512_shuffle_i32x4(q[8 + j], q[12 + j], 0x88);
        t[12 + j] = _mm512_shuffle_i32x4(q[8 + j], q[12 + j], 0xdd);
    }
    for (int j = 0; j < 4; j++) {
        q[j] = _mm512_shuffle_i32x4(t[j], t[8 + j], 0x88);
        q[8 + j] = _mm512_shuffle_i32x4(t[j], t[8 + j], 0xdd);
        q[4 + j] = _mm512_shuffle_i32x4(t[4 + j], t[12 + j], 0x88);
        q[12 + j] = _mm512_shuffle_i32x4(t[4 + j], t[12 + j], 0xdd);
    }
#else
    for (int i = 0; i < 16; i++)
        for (int j = 0; j < i; j++) {
            int32_t x = rows[i][j];
            rows[i][j] = rows[j][i];
            rows[j][i] = x;
        }
#endif
}

#endif
