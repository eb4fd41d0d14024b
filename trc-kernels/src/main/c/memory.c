/* Blocks of memory from the system. */
#define _GNU_SOURCE
#include "internal.h"
#include <sys/mman.h>

#define HUGE_PAGE ((size_t) 1 << 21)

void *take(size_t bytes) {
  /* Large blocks begin where a huge page may: half the time of a step would be page walks. */
  size_t spare = bytes >= HUGE_PAGE ? HUGE_PAGE - 4096 : 0;
  uint8_t *p = mmap(NULL, bytes + spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) return NULL;
  if (!spare) return p;
  size_t before = -(uintptr_t) p & (HUGE_PAGE - 1), after = spare - before;
  if (before) munmap(p, before);
  p += before;
  if (after) munmap(p + bytes, after);
  madvise(p, bytes, MADV_HUGEPAGE);
  return p;
}

void give_back(void *block, size_t bytes) {
  ALLOW(block, bytes);
  munmap(block, bytes);
}
