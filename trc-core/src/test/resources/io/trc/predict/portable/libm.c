/* Prints the golden hashes of LibmTest. See README.md. */
#define _GNU_SOURCE
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint64_t hash;

static float floatOf(uint32_t bits) {
  float f;
  memcpy(&f, &bits, 4);
  return f;
}

static void add(float f) {
  uint32_t bits;
  memcpy(&bits, &f, 4);
  hash = (hash ^ bits) * 0x100000001b3ULL;
}

int main(void) {
  hash = 0;
  for (uint64_t bits = 0; bits < 1ULL << 32; bits += 4099) {
    float x = floatOf((uint32_t)bits);
    if (!isnan(x)) add(expf(x));
  }
  printf("expf   0x%016llxL\n", (unsigned long long)hash);
  hash = 0;
  for (uint64_t bits = 0; bits < 1ULL << 32; bits += 4099) {
    float x = floatOf((uint32_t)bits), s, c;
    if (isfinite(x)) {
      sincosf(x, &s, &c);
      add(c);
      add(s);
    }
  }
  printf("cosSin 0x%016llxL\n", (unsigned long long)hash);
  hash = 0;
  for (uint32_t bits = 0x3f800000; bits < 0x4e6e6b28; bits += 200003)
    for (int size = 2; size <= 256; size += 2) add(powf(floatOf(bits), -2.0f / size));
  printf("powf   0x%016llxL\n", (unsigned long long)hash);
  float samples[] = {-1.0f, -0.1f, -17.25f, -87.5f, 1.5f};
  for (int i = 0; i < 5; i++) printf("expf(%g) = %a\n", samples[i], expf(samples[i]));
  printf("powf(10000, -1/32) = %a\n", powf(10000.0f, -1.0f / 32));
  return 0;
}
