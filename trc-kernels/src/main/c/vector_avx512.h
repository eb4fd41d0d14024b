/* Vectors of 16 floats: AVX-512 with byte products (VNNI). */
#include <immintrin.h>
#define W 16
#define OFFSET 128 /* weights are unsigned bytes, 128 too great */
#define TOGETHER 4 /* heads or queries whose sums are in registers together */
#define COLUMNS 2  /* columns that share a load of weights */

typedef __m512 vf;
typedef __m512i vw;
#define LOAD(p) _mm512_loadu_ps(p)
#define STORE(p, v) _mm512_storeu_ps(p, v)
#define SET(x) _mm512_set1_ps(x)
#define FMA(a, b, c) _mm512_fmadd_ps(a, b, c)
#define HLOAD(p) _mm512_cvtph_ps(_mm256_loadu_si256((const void *) (p)))
#define HSTORE(p, v) _mm256_storeu_si256((void *) (p), _mm512_cvtps_ph(v, 8))
#define ROUND(v) _mm512_cvtph_ps(_mm512_cvtps_ph(v, 8))
#define EVEN(v) _mm512_moveldup_ps(v)
#define ODD(v) _mm512_movehdup_ps(v)
#define MAXF(a, b) _mm512_max_ps(a, b)
#define ABS(a) _mm512_abs_ps(a)
#define WLOAD(p) _mm512_load_si512((const void *) (p))
/* An operation on the bits of floats as integers. */
#define SHIFTED_SUM(z, bits, term) _mm512_castsi512_ps(_mm512_add_epi32(_mm512_slli_epi32(_mm512_castps_si512(z), bits), _mm512_set1_epi32(term)))

/* Of numbers that are not negative; not a number is the greatest. */
#define GREATER(a, b) _mm512_castsi512_ps(_mm512_max_epi32(_mm512_castps_si512(a), _mm512_castps_si512(b)))
FORCE float greatest_of(vf a) { return float_of((uint32_t) _mm512_reduce_max_epi32(_mm512_castps_si512(a))); }

FORCE int any_greater(vf x, vf y) { return _mm512_cmp_ps_mask(x, y, _CMP_GT_OQ) != 0; }

/* Four products of each row; aux: -128 times the sum of the four activations. */
FORCE vf dot4(vw w, const int32_t *x, const int32_t *aux, int wide) {
  (void) wide;
  return _mm512_cvtepi32_ps(_mm512_dpbusd_epi32(_mm512_set1_epi32(*aux), w, _mm512_set1_epi32(*x)));
}

/* 32 numbers times `inverse`, rounded to bytes; what dot4 wants beside them. */
FORCE void bytes32(const float *x, float inverse, int32_t *q, int32_t *aux) {
  vf i = SET(inverse);
  __m128i a = _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(LOAD(x) * i)), b = _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(LOAD(x + 16) * i));
  __m256i v = _mm256_set_m128i(b, a);
  _mm256_storeu_si256((void *) q, v);
  __m256i sum = _mm256_dpbusd_epi32(_mm256_setzero_si256(), _mm256_set1_epi8(1), v);
  _mm256_storeu_si256((void *) aux, _mm256_sub_epi32(_mm256_setzero_si256(), _mm256_slli_epi32(sum, 7)));
}

FORCE void squares(const float *x, double *t) {
  vf v = LOAD(x);
  v = v * v;
  _mm512_storeu_pd(t, _mm512_cvtps_pd(_mm512_castps512_ps256(v)));
  _mm512_storeu_pd(t + 8, _mm512_cvtps_pd(_mm512_extractf32x8_ps(v, 1)));
}

FORCE __m512d exp_half(__m512d x) {
  __m512d scale = _mm512_set1_pd(EXP_SCALE), shift = _mm512_set1_pd(EXP_SHIFT);
  __m512d z = _mm512_fmadd_pd(scale, x, shift);
  __m512d r = _mm512_fmsub_pd(scale, x, _mm512_sub_pd(z, shift));
  __m512i k = _mm512_castpd_si512(z);
  __m512i t0 = _mm512_load_si512(EXP2), t1 = _mm512_load_si512(EXP2 + 8), t2 = _mm512_load_si512(EXP2 + 16), t3 = _mm512_load_si512(EXP2 + 24);
  __m512i t = _mm512_mask_blend_epi64(_mm512_test_epi64_mask(k, _mm512_set1_epi64(16)), _mm512_permutex2var_epi64(t0, k, t1), _mm512_permutex2var_epi64(t2, k, t3));
  __m512d power = _mm512_castsi512_pd(_mm512_add_epi64(t, _mm512_slli_epi64(k, 47)));
  __m512d low = _mm512_fmadd_pd(_mm512_set1_pd(EXP_2), r, _mm512_set1_pd(1));
  __m512d high = _mm512_fmadd_pd(_mm512_set1_pd(EXP_0), r, _mm512_set1_pd(EXP_1));
  return _mm512_mul_pd(_mm512_fmadd_pd(high, _mm512_mul_pd(r, r), low), power);
}

/* exp of attention, for numbers up to 0; 0 for NaN. Between the two bounds of NUMERICS.md the
 * rounding to float gives 2^-149 of itself. */
FORCE vf exp_attention(vf x) {
  __mmask16 ok = _mm512_cmp_ps_mask(x, SET(-0x1.9fe368p6f), _CMP_GE_OQ);
  __m512d a = _mm512_cvtps_pd(_mm512_castps512_ps256(x)), b = _mm512_cvtps_pd(_mm512_extractf32x8_ps(x, 1));
  __m512 y = _mm512_castps256_ps512(_mm512_cvtpd_ps(exp_half(a)));
  y = _mm512_insertf32x8(y, _mm512_cvtpd_ps(exp_half(b)), 1);
  return _mm512_maskz_mov_ps(ok, y);
}

/* x where the position is at most `last`, elsewhere minus infinity. */
FORCE vf seen(vf x, const int32_t *position, int last) {
  __mmask16 ok = _mm512_cmple_epi32_mask(_mm512_loadu_si512(position), _mm512_set1_epi32(last));
  return _mm512_mask_blend_ps(ok, SET(-INFINITY), x);
}

/* `after` where the position is at least `from`, elsewhere `before`. */
FORCE vf moved(vf before, vf after, const int32_t *position, int from) {
  __mmask16 ok = _mm512_cmpge_epi32_mask(_mm512_loadu_si512(position), _mm512_set1_epi32(from));
  return _mm512_mask_blend_ps(ok, before, after);
}

#define CLIMB /* a quicker one than that of attention.h */
/* Scores of which some exceed all before: the greatest so far at each, by doubling steps. Those
 * that are greater than what came before get their flag and a factor. */
FORCE vf climb(vf x, float *greatest, float *rescale, uint8_t *flags, int flag) {
  const __m512i one = _mm512_setr_epi32(0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
  vf start = SET(*greatest), until = MAXF(x, start);
  until = MAXF(until, _mm512_mask_permutexvar_ps(until, 0xfffe, one, until));
  until = MAXF(until, _mm512_castsi512_ps(_mm512_mask_alignr_epi32(_mm512_castps_si512(until), 0xfffc, _mm512_castps_si512(until), _mm512_castps_si512(until), 14)));
  until = MAXF(until, _mm512_castsi512_ps(_mm512_mask_alignr_epi32(_mm512_castps_si512(until), 0xfff0, _mm512_castps_si512(until), _mm512_castps_si512(until), 12)));
  until = MAXF(until, _mm512_castsi512_ps(_mm512_mask_alignr_epi32(_mm512_castps_si512(until), 0xff00, _mm512_castps_si512(until), _mm512_castps_si512(until), 8)));
  vf before = _mm512_mask_permutexvar_ps(start, 0xfffe, one, until);
  __mmask16 fresh = _mm512_cmp_ps_mask(x, before, _CMP_GT_OQ);
  STORE(rescale, exp_attention(before - x));
  __m128i *f = (void *) flags;
  _mm_storeu_si128(f, _mm_or_si128(_mm_loadu_si128(f), _mm_maskz_set1_epi8(fresh, (char) flag)));
  *greatest = _mm512_cvtss_f32(_mm512_permutexvar_ps(_mm512_set1_epi32(15), until));
  return until;
}

/* Whether a number is infinite, or none, once it is a half. */
FORCE int any_infinite(vf halves) { return _mm512_cmp_ps_mask(ABS(halves), SET(65504), _CMP_NLE_UQ) != 0; }
