/* Which paths the processor and the system have. */
#include "internal.h"

#ifdef __aarch64__
#include <sys/auxv.h>

int32_t trc_has(int32_t path) {
  const unsigned long byte_products = 1ul << 20; /* HWCAP_ASIMDDP */
  return path == TRC_NEON && (getauxval(AT_HWCAP) & byte_products) != 0;
}

const kernels *path_of(int32_t path) { return trc_has(path) ? &kernels_neon : NULL; }
#else
#include <cpuid.h>

static uint64_t saved_by_system(void) {
  uint32_t low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t) high << 32 | low;
}

int32_t trc_has(int32_t path) {
  uint32_t a, b, c, d, most, features, more;
  const uint32_t osxsave = 1u << 27, avx = 1u << 28, fma = 1u << 12, f16c = 1u << 29;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return 0;
  uint32_t needed = osxsave | avx | fma | f16c;
  if ((c & needed) != needed) return 0;
  uint64_t saved = saved_by_system();
  if ((saved & 6) != 6) return 0; /* xmm, ymm */
  if (!__get_cpuid_count(7, 0, &most, &features, &more, &d)) return 0;
  if (!(features & 1u << 5)) return 0; /* AVX2 */
  switch (path) {
    case TRC_AVX2: return 1;
    case TRC_AVXVNNI: return most >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & 1u << 4);
    case TRC_AVX512:
      needed = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31; /* F, DQ, BW, VL */
      return (features & needed) == needed && (more & 1u << 11) && (saved & 0xe6) == 0xe6;
    default: return 0;
  }
}

const kernels *path_of(int32_t path) {
  if (!trc_has(path)) return NULL;
  return path == TRC_AVX512 ? &kernels_avx512 : path == TRC_AVXVNNI ? &kernels_avxvnni : &kernels_avx2;
}
#endif
