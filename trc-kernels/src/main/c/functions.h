/* exp, sin, cos and pow as glibc computes them, silu as ggml does: NUMERICS.md, "Functions". The
 * algorithms and tables of the first four are those of ARM's optimized-routines (MIT licence). */
#define FORCE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 64")
#define INFINITY __builtin_inff()
#define NOT_A_NUMBER __builtin_nanf("")
#define MAX_FLOAT 0x1.fffffep127f
#define fma __builtin_fma
#define fmaf __builtin_fmaf

static const uint64_t EXP2[32] __attribute__((aligned(64))) = {
  0x3ff0000000000000, 0x3fefd9b0d3158574, 0x3fefb5586cf9890f, 0x3fef9301d0125b51,
  0x3fef72b83c7d517b, 0x3fef54873168b9aa, 0x3fef387a6e756238, 0x3fef1e9df51fdee1,
  0x3fef06fe0a31b715, 0x3feef1a7373aa9cb, 0x3feedea64c123422, 0x3feece086061892d,
  0x3feebfdad5362a27, 0x3feeb42b569d4f82, 0x3feeab07dd485429, 0x3feea47eb03a5585,
  0x3feea09e667f3bcd, 0x3fee9f75e8ec5f74, 0x3feea11473eb0187, 0x3feea589994cce13,
  0x3feeace5422aa0db, 0x3feeb737b0cdc5e5, 0x3feec49182a3f090, 0x3feed503b23e255d,
  0x3feee89f995ad3ad, 0x3feeff76f2fb5e47, 0x3fef199bdd85529c, 0x3fef3720dcef9069,
  0x3fef5818dcfba487, 0x3fef7c97337b9b5f, 0x3fefa4afa2a490da, 0x3fefd0765b6e4540};
#define EXP_SHIFT 0x1.8p52
#define EXP_SCALE 0x1.71547652b82fep+5 /* 32 / ln 2 */
#define EXP_0 0x1.c6af84b912394p-20
#define EXP_1 0x1.ebfce50fac4f3p-13
#define EXP_2 0x1.62e42ff0c52d6p-6
static const double COS[5] = {0x1p0, -0x1.ffffffd0c621cp-2, 0x1.55553e1068f19p-5, -0x1.6c087e89a359dp-10, 0x1.99343027bf8c3p-16};
static const uint32_t FOUR_OVER_PI[24] = {
  0xa2, 0xa2f9, 0xa2f983, 0xa2f9836e, 0xf9836e4e, 0x836e4e44, 0x6e4e4415, 0x4e441529,
  0x441529fc, 0x1529fc27, 0x29fc2757, 0xfc2757d1, 0x2757d1f5, 0x57d1f534, 0xd1f534dd, 0xf534ddc0,
  0x34ddc0db, 0xddc0db62, 0xc0db6295, 0xdb629599, 0x6295993c, 0x95993c43, 0x993c4390, 0x3c439041};
/* 1/c and log2 c, for c near the middle of each sixteenth */
static const double LOG2[32] = {
  0x1.661ec79f8f3bep+0, -0x1.efec65b963019p-2, 0x1.571ed4aaf883dp+0, -0x1.b0b6832d4fca4p-2,
  0x1.49539f0f010b0p+0, -0x1.7418b0a1fb77bp-2, 0x1.3c995b0b80385p+0, -0x1.39de91a6dcf7bp-2,
  0x1.30d190c8864a5p+0, -0x1.01d9bf3f2b631p-2, 0x1.25e227b0b8ea0p+0, -0x1.97c1d1b3b7af0p-3,
  0x1.1bb4a4a1a343fp+0, -0x1.2f9e393af3c9fp-3, 0x1.12358f08ae5bap+0, -0x1.960cbbf788d5cp-4,
  0x1.0953f419900a7p+0, -0x1.a6f9db6475fcep-5, 0x1.0000000000000p+0, 0x0.0p+0,
  0x1.e608cfd9a47acp-1, 0x1.338ca9f24f53dp-4, 0x1.ca4b31f026aa0p-1, 0x1.476a9543891bap-3,
  0x1.b2036576afce6p-1, 0x1.e840b4ac4e4d2p-3, 0x1.9c2d163a1aa2dp-1, 0x1.40645f0c6651cp-2,
  0x1.886e6037841edp-1, 0x1.88e9c2c1b9ff8p-2, 0x1.767dcf5534862p-1, 0x1.ce0a44eb17bccp-2};

FORCE uint32_t bits_of(float x) { uint32_t b; memcpy(&b, &x, 4); return b; }
FORCE float float_of(uint32_t b) { float x; memcpy(&x, &b, 4); return x; }
FORCE uint64_t bits_of_double(double x) { uint64_t b; memcpy(&b, &x, 8); return b; }
FORCE double double_of(uint64_t b) { double x; memcpy(&x, &b, 8); return x; }

static float half_to_float(uint16_t h) {
  uint32_t sign = (uint32_t) (h & 0x8000) << 16, e = h >> 10 & 0x1f, f = h & 0x3ff;
  if (e == 0x1f) return float_of(sign | 0x7f800000 | f << 13);
  if (e == 0) { float v = (float) f * 0x1p-24f; return sign ? -v : v; }
  return float_of(sign | (e + 112) << 23 | f << 13);
}

static void polynomials(double x, double x2, double sign, float *cosine, float *sine) {
  double x3 = x * x2, x4 = x2 * x2;
  double s = fma(x3, -0x1.555545995a603p-3, x);
  double c = fma(x4, sign * COS[2], fma(x2, sign * COS[1], sign * COS[0]));
  *sine = (float) fma(fma(-0x1.994eb3774cf24p-13, x2, 0x1.1107605230bc4p-7), x2 * x3, s);
  *cosine = (float) fma(fma(sign * COS[4], x2, sign * COS[3]), x2 * x4, c);
}

static void cos_sin(float value, float *cosine, float *sine) {
  uint32_t bits = bits_of(value), top = bits >> 20 & 0x7ff;
  double x = value;
  int n, signed_n;
  if (top <= 0x397) { *cosine = 1; *sine = value; return; }                       /* |x| < 2^-12 */
  if (top <= 0x3f3) { polynomials(x, x * x, 1, cosine, sine); return; }           /* |x| < 0.75 */
  if (top > 0x7f7) { *cosine = *sine = value - value; return; }
  if (top <= 0x42e) {                                                             /* |x| < 120 */
    n = ((int) (x * 0x1.45f306dc9c883p+23) + 0x800000) >> 24;
    x = fma(-(double) n, 0x1.921fb54442d18p+0, x);
    signed_n = n;
  } else {
    const uint32_t *f = FOUR_OVER_PI + (bits >> 26 & 15);
    uint64_t m = (uint64_t) ((bits & 0x7fffff) | 0x800000) << (bits >> 23 & 7) & 0xffffffff;
    uint64_t product = ((m * f[8]) >> 32 | (m * f[0]) << 32) + m * f[4];
    uint64_t q = (product + ((uint64_t) 1 << 61)) >> 62;
    x = (double) (int64_t) (product - (q << 62)) * 0x1.921fb54442d18p-62;
    n = (int) q;
    signed_n = n + (int) (bits >> 31);
  }
  double s = (signed_n & 3) == 0 || (signed_n & 3) == 3 ? x : -x;
  if (n & 1) { float *t = cosine; cosine = sine; sine = t; }
  polynomials(s, x * x, signed_n & 2 ? -1 : 1, cosine, sine);
}

/* For x from 1 to 1e9 and y from -1/8 to 0. */
static float power(float x, float y) {
  if (x == 1) return 1;
  uint32_t bits = bits_of(x), offset = bits - 0x3f330000, exponent = offset & 0xff800000;
  int i = offset >> 19 & 15;
  double r = fma((double) float_of(bits - exponent), LOG2[2 * i], -1.0);
  double whole = LOG2[2 * i + 1] + ((int32_t) exponent >> 23), r2 = r * r;
  double upper = fma(0x1.27616c9496e0bp-2, r, -0x1.71969a075c67ap-2);
  double middle = fma(0x1.ec70a6ca7baddp-2, r, -0x1.7154748bef6c8p-1);
  double lower = fma(r2, middle, fma(r, 0x1.71547652ab82bp+0, whole));
  double exact = y * fma(upper, r2 * r2, lower);
  double shifted = exact + 0x1.8p47;
  uint64_t k = bits_of_double(shifted);
  r = exact - (shifted - 0x1.8p47);
  double scale = double_of(EXP2[k & 31] + (k << 47));
  double c = fma(0x1.c6af84b912394p-5, r, 0x1.ebfce50fac4f3p-3);
  return (float) (fma(c, r * r, fma(0x1.62e42ff0c52d6p-1, r, 1.0)) * scale);
}

/* v(x) whole. */
static float silu_exp(float x) {
  float z = fmaf(x, 0x1.715476p0f, 0x1.8p23f), n = z - 0x1.8p23f;
  float b = fmaf(-n, 0x1.7f7d1cp-20f, fmaf(-n, 0x1.62e4p-1f, x));
  uint32_t e = bits_of(z) << 23;
  float k = float_of(e + 0x3f800000), u = b * b;
  float j = fmaf(fmaf(fmaf(0x1.0e4020p-7f, b, 0x1.573e2ep-5f), u, fmaf(0x1.555e66p-3f, b, 0x1.fffdb6p-2f)), u, 0x1.ffffecp-1f * b);
  float magnitude = __builtin_fabsf(n);
  if (!(magnitude > 126)) return fmaf(j, k, k);
  uint32_t g = n <= 0 ? 0x82000000 : 0;
  float s1 = float_of(g + 0x7f000000);
  if (magnitude > 192) return s1 * s1;
  float s2 = float_of(e - g);
  return fmaf(s2, j, s2) * s1;
}
