/* Which token lies in which cell. All lanes march in step, so one order is that of all of them. */
#include "internal.h"
#include <string.h>

void forget_all(trc_lanes *a) {
  for (int i = 0; i < a->window; i++) a->position[i] = FREE_CELL;
  /* What cells held is not seen, but is multiplied by zero where runs are merged. */
  if (a->infinite) memset(a->values, 0, (size_t) a->lanes * a->m->shape.layers * a->value_layer * sizeof *a->values);
  a->length = a->lowest = 0;
  a->failed = a->infinite = a->merged = 0;
}

int append_cell(trc_lanes *a) {
  while (a->position[a->lowest] != FREE_CELL) a->lowest++;
  a->position[a->lowest] = a->length++;
  return a->lowest++;
}

void drop_cells(trc_lanes *a, int from, int tokens) {
  for (int i = 0; i < a->window; i++) {
    int p = a->position[i];
    if (p != FREE_CELL && p >= from) a->position[i] = p < from + tokens ? FREE_CELL : p - tokens;
  }
  a->length -= tokens;
  a->lowest = 0;
}

void see(trc_lanes *a, int position, runs *r) {
  r->count = 0;
  for (int cell = 0; cell < a->window;) {
    if (a->position[cell] > position) { cell++; continue; }
    int from = cell;
    while (cell < a->window && a->position[cell] <= position) cell++;
    if (r->count < MAX_RUNS) r->from[r->count++] = from;
    else a->merged = 1; /* the SlidingWindow of the format never leads here */
    r->to[r->count - 1] = cell;
  }
}
