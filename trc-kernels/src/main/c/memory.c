/* Blocks of memory from the system. */
#define _GNU_SOURCE
#include "internal.h"
#include <sys/mman.h>

#define PAGE ((size_t) 1 << 16) /* the largest of any system */
#define HUGE_PAGE ((size_t) 1 << 21)

static size_t pages(size_t bytes) { return (bytes + PAGE - 1) / PAGE * PAGE; }

void *take(size_t bytes) {
  /* Large blocks begin where a huge page may: half the time of a step would be page walks. */
  size_t whole = pages(bytes), spare = bytes >= HUGE_PAGE ? HUGE_PAGE : 0;
  uint8_t *p = mmap(NULL, whole + spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) return NULL;
  if (!spare) return p;
  size_t before = -(uintptr_t) p & (HUGE_PAGE - 1);
  if (before) munmap(p, before);
  p += before;
  munmap(p + whole, spare - before);
  madvise(p, whole, MADV_HUGEPAGE);
  return p;
}

void give_back(void *block, size_t bytes) {
  ALLOW(block, bytes);
  munmap(block, pages(bytes));
}
