/* Vectors of 8 floats: AVX2, FMA and F16C; with AVXVNNI defined, byte products as well. */
#include <immintrin.h>
#define W 8
#define TOGETHER 1 /* heads or queries whose sums are in registers together */
#define COLUMNS 1  /* columns that share a load of weights */

typedef __m256 vf;
typedef __m256i vw;
#define LOAD(p) _mm256_loadu_ps(p)
#define STORE(p, v) _mm256_storeu_ps(p, v)
#define SET(x) _mm256_set1_ps(x)
#define FMA(a, b, c) _mm256_fmadd_ps(a, b, c)
#define HLOAD(p) _mm256_cvtph_ps(_mm_loadu_si128((const void *) (p)))
#define HSTORE(p, v) _mm_storeu_si128((void *) (p), _mm256_cvtps_ph(v, 8))
#define ROUND(v) _mm256_cvtph_ps(_mm256_cvtps_ph(v, 8))
#define EVEN(v) _mm256_moveldup_ps(v)
#define ODD(v) _mm256_movehdup_ps(v)
#define ABS(a) _mm256_andnot_ps(SET(-0.0f), a)
#define WLOAD(p) _mm256_load_si256((const void *) (p))
/* An operation on the bits of floats as integers. */
#define SHIFTED_SUM(z, bits, term) _mm256_castsi256_ps(_mm256_add_epi32(_mm256_slli_epi32(_mm256_castps_si256(z), bits), _mm256_set1_epi32(term)))

/* Of numbers that are not negative; not a number is the greatest. */
#define GREATER(a, b) _mm256_castsi256_ps(_mm256_max_epi32(_mm256_castps_si256(a), _mm256_castps_si256(b)))
FORCE float greatest_of(vf a) {
  __m128i b = _mm_max_epi32(_mm256_castsi256_si128(_mm256_castps_si256(a)), _mm256_extracti128_si256(_mm256_castps_si256(a), 1));
  b = _mm_max_epi32(b, _mm_shuffle_epi32(b, 0x4e));
  b = _mm_max_epi32(b, _mm_shuffle_epi32(b, 0xb1));
  return _mm_cvtss_f32(_mm_castsi128_ps(b));
}

FORCE int any_greater(vf x, vf y) { return _mm256_movemask_ps(_mm256_cmp_ps(x, y, _CMP_GT_OQ)) != 0; }

#ifdef AVXVNNI
#define OFFSET 128 /* weights are unsigned bytes, 128 too great */
/* Four products of each row; aux: -128 times the sum of the four activations. */
FORCE vf dot4(vw w, const int32_t *x, const int32_t *aux, int wide) {
  (void) wide;
  return _mm256_cvtepi32_ps(_mm256_dpbusd_avx_epi32(_mm256_set1_epi32(*aux), w, _mm256_set1_epi32(*x)));
}
#else
#define OFFSET 0
/* Four products of each row; aux: the magnitudes of the activations. A weight of -128 has no
 * opposite, so where there are such the weights give the magnitudes. Pairs fit: 2 * 128 * 127. */
FORCE vf dot4(vw w, const int32_t *x, const int32_t *aux, int wide) {
  __m256i pairs = wide ? _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(_mm256_set1_epi32(*x), w))
                       : _mm256_maddubs_epi16(_mm256_set1_epi32(*aux), _mm256_sign_epi8(w, _mm256_set1_epi32(*x)));
  return _mm256_cvtepi32_ps(_mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}
#endif

/* 32 numbers times `inverse`, rounded to bytes; what dot4 wants beside them. */
FORCE void bytes32(const float *x, float inverse, int32_t *q, int32_t *aux) {
  vf i = SET(inverse);
  __m256i a = _mm256_packs_epi32(_mm256_cvtps_epi32(LOAD(x) * i), _mm256_cvtps_epi32(LOAD(x + 8) * i));
  __m256i b = _mm256_packs_epi32(_mm256_cvtps_epi32(LOAD(x + 16) * i), _mm256_cvtps_epi32(LOAD(x + 24) * i));
  __m256i v = _mm256_permutevar8x32_epi32(_mm256_packs_epi16(a, b), _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
  _mm256_storeu_si256((void *) q, v);
#ifdef AVXVNNI
  __m256i sum = _mm256_dpbusd_avx_epi32(_mm256_setzero_si256(), _mm256_set1_epi8(1), v);
  _mm256_storeu_si256((void *) aux, _mm256_sub_epi32(_mm256_setzero_si256(), _mm256_slli_epi32(sum, 7)));
#else
  _mm256_storeu_si256((void *) aux, _mm256_abs_epi8(v));
#endif
}

FORCE void squares(const float *x, double *t) {
  vf v = LOAD(x);
  v = v * v;
  _mm256_storeu_pd(t, _mm256_cvtps_pd(_mm256_castps256_ps128(v)));
  _mm256_storeu_pd(t + 4, _mm256_cvtps_pd(_mm256_extractf128_ps(v, 1)));
}

FORCE __m256d exp_half(__m256d x) {
  __m256d scale = _mm256_set1_pd(EXP_SCALE), shift = _mm256_set1_pd(EXP_SHIFT);
  __m256d z = _mm256_fmadd_pd(scale, x, shift);
  __m256d r = _mm256_fmsub_pd(scale, x, _mm256_sub_pd(z, shift));
  __m256i k = _mm256_castpd_si256(z);
  __m256i t = _mm256_i64gather_epi64((const long long *) EXP2, _mm256_and_si256(k, _mm256_set1_epi64x(31)), 8);
  __m256d power = _mm256_castsi256_pd(_mm256_add_epi64(t, _mm256_slli_epi64(k, 47)));
  __m256d low = _mm256_fmadd_pd(_mm256_set1_pd(EXP_2), r, _mm256_set1_pd(1));
  __m256d high = _mm256_fmadd_pd(_mm256_set1_pd(EXP_0), r, _mm256_set1_pd(EXP_1));
  return _mm256_mul_pd(_mm256_fmadd_pd(high, _mm256_mul_pd(r, r), low), power);
}

/* exp of attention, for numbers up to 0; 0 for NaN. Between the two bounds of NUMERICS.md the
 * rounding to float gives 2^-149 of itself. */
FORCE vf exp_attention(vf x) {
  vf ok = _mm256_cmp_ps(x, SET(-0x1.9fe368p6f), _CMP_GE_OQ);
  __m256d a = _mm256_cvtps_pd(_mm256_castps256_ps128(x)), b = _mm256_cvtps_pd(_mm256_extractf128_ps(x, 1));
  return _mm256_and_ps(ok, _mm256_set_m128(_mm256_cvtpd_ps(exp_half(b)), _mm256_cvtpd_ps(exp_half(a))));
}

/* x where the position is at most `last`, elsewhere minus infinity. */
FORCE vf seen(vf x, const int32_t *position, int last) {
  __m256i hidden = _mm256_cmpgt_epi32(_mm256_loadu_si256((const void *) position), _mm256_set1_epi32(last));
  return _mm256_blendv_ps(x, SET(-INFINITY), _mm256_castsi256_ps(hidden));
}

/* `after` where the position is at least `from`, elsewhere `before`. */
FORCE vf moved(vf before, vf after, const int32_t *position, int from) {
  __m256i stays = _mm256_cmpgt_epi32(_mm256_set1_epi32(from), _mm256_loadu_si256((const void *) position));
  return _mm256_blendv_ps(after, before, _mm256_castsi256_ps(stays));
}

/* Whether a number is infinite, or none, once it is a half. */
FORCE int any_infinite(vf halves) { return _mm256_movemask_ps(_mm256_cmp_ps(ABS(halves), SET(65504), _CMP_NLE_UQ)) != 0; }
