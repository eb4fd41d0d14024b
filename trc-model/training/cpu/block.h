/* Matrices in blocks of 32 x 32, and the product of blocks that all else is made of.
 *
 * A matrix of bf16 or float lies block by block, row of blocks after row of blocks, each block row
 * by row: [rows/32][columns/32][32][32]. A product reads its operands from packed runs of blocks
 * along k, the dimension it sums over: A, the left one: plain blocks, one for each step of 32 along
 * k; B, the right one: blocks of [2 halves of the columns][16 pairs of k][16 columns][2 of the
 * pair], which is what AMX tiles and avx512_bf16 dot products take. */
#ifndef TRC_BLOCK_H
#define TRC_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include "vector.h"

enum { SIDE = 32, BLOCK = SIDE * SIDE };

enum kernel { PLAIN, BF16, AMX };

/* The quickest kernel that this program was compiled with and this machine runs. */
enum kernel best_kernel(void);
void use_kernel(enum kernel);
/* To be called by every thread before its first product: AMX has to be set up. */
void prepare_thread(void);

/* Where row and column block stand in a matrix of so many blocks a row. */
INLINE long block_at(int blocks, int row, int column) {
    return ((long)(row / SIDE) * blocks + column) * BLOCK;
}
INLINE long row_at(int blocks, int row, int column) {
    return block_at(blocks, row, column) + row % SIDE * SIDE;
}

/* One block: c (+)= a b over so many steps; the rows of c are `stride` floats apart. */
void product(const bf16 *a, const bf16 *b, int steps, float *c, long stride, bool add);

/* c (+)= a b: `rows` of a, which has `a_blocks` a row and is summed over k_blocks of them; b
 * packed, c_blocks wide. c is an array of rows with a stride, or, with stride SIDE, in blocks. */
void multiply(const bf16 *a, int a_blocks, int rows, const bf16 *b, int k_blocks, int c_blocks,
              float *c, long stride, bool add);

/* Packing of rows x columns blocks out of a matrix of `blocks` a row. */
void pack_b(const bf16 *s, int blocks, int rows, int columns, bf16 *d);            /* B = s */
void pack_b_transposed(const bf16 *s, int blocks, int rows, int columns, bf16 *d); /* B = s^T */
/* A = s^T; the steps of a row of A are `steps` blocks long */
void pack_a_transposed(const bf16 *s, int blocks, int rows, int columns, int steps, bf16 *d);

void to_bf16(const float *s, bf16 *d, long n); /* n a multiple of 32 */

/* Memory for n elements, zero, on large pages where the system has them; ends the program if there
 * is none. It lives as long as the program. */
void *zeros(size_t n, size_t size);
#define NEW(type, n) ((type *)zeros((size_t)(n), sizeof(type)))

/* Ends the program with a message. */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
