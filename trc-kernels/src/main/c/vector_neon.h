/* Vectors of 4 floats: NEON with byte products. */
#include <arm_neon.h>
#define W 4
#define OFFSET 0
#define TOGETHER 1 /* heads or queries whose sums are in registers together */
#define COLUMNS 2  /* columns that share a load of weights */

typedef float32x4_t vf;
typedef int8x16_t vw;
#define LOAD(p) vld1q_f32(p)
#define STORE(p, v) vst1q_f32(p, v)
#define SET(x) vdupq_n_f32(x)
#define FMA(a, b, c) vfmaq_f32(c, a, b)
#define HLOAD(p) vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p)))
#define HSTORE(p, v) vst1_u16(p, vreinterpret_u16_f16(vcvt_f16_f32(v)))
#define ROUND(v) vcvt_f32_f16(vcvt_f16_f32(v))
#define EVEN(v) vtrn1q_f32(v, v)
#define ODD(v) vtrn2q_f32(v, v)
#define ABS(a) vabsq_f32(a)
#define WLOAD(p) vld1q_s8((const void *) (p))
/* An operation on the bits of floats as integers. */
#define SHIFTED_SUM(z, bits, term) vreinterpretq_f32_s32(vaddq_s32(vshlq_n_s32(vreinterpretq_s32_f32(z), bits), vdupq_n_s32(term)))

/* Of numbers that are not negative; not a number is the greatest. */
#define GREATER(a, b) vreinterpretq_f32_s32(vmaxq_s32(vreinterpretq_s32_f32(a), vreinterpretq_s32_f32(b)))
FORCE float greatest_of(vf a) { return float_of((uint32_t) vmaxvq_s32(vreinterpretq_s32_f32(a))); }

FORCE int any_greater(vf x, vf y) { return vmaxvq_u32(vcgtq_f32(x, y)) != 0; }

/* Four products of each row. */
FORCE vf dot4(vw w, const int32_t *x, const int32_t *aux, int wide) {
  (void) aux;
  (void) wide;
  return vcvtq_f32_s32(vdotq_s32(vdupq_n_s32(0), w, vreinterpretq_s8_s32(vld1q_dup_s32(x))));
}

/* 32 numbers times `inverse`, rounded to bytes; dot4 wants nothing beside them. */
FORCE void bytes32(const float *x, float inverse, int32_t *q, int32_t *aux) {
  (void) aux;
  vf i = SET(inverse);
  int8_t *to = (int8_t *) q;
  UNROLL for (int j = 0; j < BLOCK; j += 16) {
    int16x8_t a = vcombine_s16(vqmovn_s32(vcvtnq_s32_f32(LOAD(x + j) * i)), vqmovn_s32(vcvtnq_s32_f32(LOAD(x + j + 4) * i)));
    int16x8_t b = vcombine_s16(vqmovn_s32(vcvtnq_s32_f32(LOAD(x + j + 8) * i)), vqmovn_s32(vcvtnq_s32_f32(LOAD(x + j + 12) * i)));
    vst1q_s8(to + j, vcombine_s8(vqmovn_s16(a), vqmovn_s16(b)));
  }
}

FORCE void squares(const float *x, double *t) {
  vf v = LOAD(x);
  v = v * v;
  vst1q_f64(t, vcvt_f64_f32(vget_low_f32(v)));
  vst1q_f64(t + 2, vcvt_high_f64_f32(v));
}

FORCE float64x2_t exp_half(float64x2_t x) {
  float64x2_t scale = vdupq_n_f64(EXP_SCALE), shift = vdupq_n_f64(EXP_SHIFT);
  float64x2_t z = vfmaq_f64(shift, scale, x);
  float64x2_t r = vfmaq_f64(-(z - shift), scale, x);
  uint64x2_t k = vreinterpretq_u64_f64(z);
  uint64x2_t t = {EXP2[vgetq_lane_u64(k, 0) & 31], EXP2[vgetq_lane_u64(k, 1) & 31]};
  float64x2_t power = vreinterpretq_f64_u64(vaddq_u64(t, vshlq_n_u64(k, 47)));
  float64x2_t low = vfmaq_f64(vdupq_n_f64(1), vdupq_n_f64(EXP_2), r);
  float64x2_t high = vfmaq_f64(vdupq_n_f64(EXP_1), vdupq_n_f64(EXP_0), r);
  return vfmaq_f64(low, high, r * r) * power;
}

/* exp of attention, for numbers up to 0; 0 for NaN. Between the two bounds of NUMERICS.md the
 * rounding to float gives 2^-149 of itself. */
FORCE vf exp_attention(vf x) {
  uint32x4_t ok = vcgeq_f32(x, SET(-0x1.9fe368p6f));
  float64x2_t a = vcvt_f64_f32(vget_low_f32(x)), b = vcvt_high_f64_f32(x);
  vf y = vcvt_high_f32_f64(vcvt_f32_f64(exp_half(a)), exp_half(b));
  return vreinterpretq_f32_u32(vandq_u32(ok, vreinterpretq_u32_f32(y)));
}

/* x where the position is at most `last`, elsewhere minus infinity. */
FORCE vf seen(vf x, const int32_t *position, int last) {
  return vbslq_f32(vcleq_s32(vld1q_s32(position), vdupq_n_s32(last)), x, SET(-INFINITY));
}

/* `after` where the position is at least `from`, elsewhere `before`. */
FORCE vf moved(vf before, vf after, const int32_t *position, int from) {
  return vbslq_f32(vcgeq_s32(vld1q_s32(position), vdupq_n_s32(from)), after, before);
}

/* Whether a number is infinite, or none, once it is a half. */
FORCE int any_infinite(vf halves) { return vminvq_u32(vcleq_f32(ABS(halves), SET(65504))) == 0; }
