#include "block.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#ifdef TRC_AMX
#include <sys/syscall.h>
#include <unistd.h>
#endif

/* ---- the product of blocks ---- */

static enum kernel kernel = PLAIN;

#ifdef TRC_AMX
/* Linux grants the tiles' registers to a process that asks for them. */
static bool amx_granted(void) {
    enum { ARCH_REQ_XCOMP_PERM = 0x1023, TILE_DATA = 18 };
    unsigned a, b, c, d;
    __asm__ volatile("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(7), "c"(0));
    bool bf16_products = d >> 22 & 1, tiles = d >> 24 & 1;
    return bf16_products && tiles && syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, TILE_DATA) == 0;
}
#endif

enum kernel best_kernel(void) {
#ifdef TRC_AMX
    if (amx_granted()) return AMX;
#endif
#ifdef TRC_BF16_VECTORS
    return BF16;
#else
    return PLAIN;
#endif
}

void use_kernel(enum kernel wanted) {
    if (wanted > best_kernel()) die("this machine has no such kernel");
    kernel = wanted;
}

void prepare_thread(void) {
#ifdef TRC_AMX
    if (kernel != AMX) return;
    struct {
        uint8_t palette, start, reserved[14];
        uint16_t row_bytes[16];
        uint8_t rows[16];
    } tiles = {.palette = 1};
    for (int i = 0; i < 8; i++) {
        tiles.row_bytes[i] = 64;
        tiles.rows[i] = 16;
    }
    _tile_loadconfig(&tiles);
#endif
}

#ifdef TRC_AMX
/* Four tiles of 16 x 16 hold the block. */
static void product_amx(const bf16 *a, const bf16 *b, int steps, float *c, long stride, bool add) {
    __asm__ volatile("" ::: "memory"); /* the tile loads do not tell the compiler that they read */
    long row = stride * 4;
    float *low = c + 16 * stride;
    if (add) {
        _tile_loadd(0, c, row);
        _tile_loadd(1, c + 16, row);
        _tile_loadd(2, low, row);
        _tile_loadd(3, low + 16, row);
    } else {
        _tile_zero(0);
        _tile_zero(1);
        _tile_zero(2);
        _tile_zero(3);
    }
    for (int k = 0; k < steps; k++, a += BLOCK, b += BLOCK) {
        _tile_loadd(4, a, 64);
        _tile_loadd(6, b, 64);
        _tile_dpbf16ps(0, 4, 6);
        _tile_loadd(7, b + BLOCK / 2, 64);
        _tile_dpbf16ps(1, 4, 7);
        _tile_loadd(5, a + BLOCK / 2, 64);
        _tile_dpbf16ps(2, 5, 6);
        _tile_dpbf16ps(3, 5, 7);
    }
    _tile_stored(0, c, row);
    _tile_stored(1, c + 16, row);
    _tile_stored(2, low, row);
    _tile_stored(3, low + 16, row);
    __asm__ volatile("" ::: "memory");
}
#endif

#ifdef TRC_BF16_VECTORS
/* Eight rows of the block at a time stay in registers. */
static void product_bf16(const bf16 *a, const bf16 *b, int steps, float *c, long stride, bool add) {
    for (int top = 0; top < SIDE; top += 8) {
        __m512 s[8][2];
        for (int r = 0; r < 8; r++)
            for (int j = 0; j < 2; j++)
                s[r][j] =
                    add ? _mm512_loadu_ps(c + (top + r) * stride + j * 16) : _mm512_setzero_ps();
        const bf16 *p = a + top * SIDE, *q = b;
        for (int k = 0; k < steps; k++, p += BLOCK, q += BLOCK)
            for (int pair = 0; pair < 16; pair++) {
                __m512bh b0 = (__m512bh)_mm512_loadu_si512(q + pair * 32);
                __m512bh b1 = (__m512bh)_mm512_loadu_si512(q + BLOCK / 2 + pair * 32);
                for (int r = 0; r < 8; r++) {
                    int both;
                    memcpy(&both, p + r * SIDE + pair * 2, sizeof both);
                    __m512bh x = (__m512bh)_mm512_set1_epi32(both);
                    s[r][0] = _mm512_dpbf16_ps(s[r][0], x, b0);
                    s[r][1] = _mm512_dpbf16_ps(s[r][1], x, b1);
                }
            }
        for (int r = 0; r < 8; r++)
            for (int j = 0; j < 2; j++) _mm512_storeu_ps(c + (top + r) * stride + j * 16, s[r][j]);
    }
}
#endif

/* For any machine: four rows and half of the columns at a time, in vectors of eight floats. */
static void product_plain(const bf16 *a, const bf16 *b, int steps, float *c, long stride,
                          bool add) {
    typedef float v8 __attribute__((vector_size(32)));
    typedef uint32_t u8 __attribute__((vector_size(32)));
    typedef float v8_in_memory __attribute__((vector_size(32), aligned(4), may_alias));
    typedef uint32_t u8_in_memory __attribute__((vector_size(32), aligned(2), may_alias));
    for (int top = 0; top < SIDE; top += 4)
        for (int left = 0; left < SIDE; left += 16) {
            v8 s[4][2] = {{{0}}};
            for (int r = 0; add && r < 4; r++)
                for (int j = 0; j < 2; j++)
                    s[r][j] = *(v8_in_memory *)(c + (top + r) * stride + left + j * 8);
            const bf16 *p = a + top * SIDE, *q = b + (left ? BLOCK / 2 : 0);
            for (int k = 0; k < steps; k++, p += BLOCK, q += BLOCK)
                for (int pair = 0; pair < 16; pair++) {
                    u8 x0 = *(const u8_in_memory *)(q + pair * 32);
                    u8 x1 = *(const u8_in_memory *)(q + pair * 32 + 16);
                    v8 first0 = (v8)(x0 << 16), second0 = (v8)(x0 & 0xffff0000u);
                    v8 first1 = (v8)(x1 << 16), second1 = (v8)(x1 & 0xffff0000u);
                    for (int r = 0; r < 4; r++) {
                        const bf16 *e = p + r * SIDE + pair * 2;
                        float first = to_float(e[0]), second = to_float(e[1]);
                        s[r][0] += first0 * first;
                        s[r][1] += first1 * first;
                        s[r][0] += second0 * second;
                        s[r][1] += second1 * second;
                    }
                }
            for (int r = 0; r < 4; r++)
                for (int j = 0; j < 2; j++)
                    *(v8_in_memory *)(c + (top + r) * stride + left + j * 8) = s[r][j];
        }
}

void product(const bf16 *a, const bf16 *b, int steps, float *c, long stride, bool add) {
#ifdef TRC_AMX
    if (kernel == AMX) {
        product_amx(a, b, steps, c, stride, add);
        return;
    }
#endif
#ifdef TRC_BF16_VECTORS
    if (kernel == BF16) {
        product_bf16(a, b, steps, c, stride, add);
        return;
    }
#endif
    product_plain(a, b, steps, c, stride, add);
}

void multiply(const bf16 *a, int a_blocks, int rows, const bf16 *b, int k_blocks, int c_blocks,
              float *c, long stride, bool add) {
    enum { CHUNK = 8 }; /* steps of b that stay in the nearest cache while the rows go by */
    long down = stride == SIDE ? (long)c_blocks * SIDE : stride,
         right = stride == SIDE ? BLOCK : SIDE;
    for (int k = 0; k < k_blocks; k += CHUNK) {
        int steps = k_blocks - k < CHUNK ? k_blocks - k : CHUNK;
        for (int n = 0; n < c_blocks; n++)
            for (int m = 0; m < rows; m += SIDE)
                product(a + block_at(a_blocks, m, k), b + ((long)n * k_blocks + k) * BLOCK, steps,
                        c + m * down + n * right, stride, add || k);
    }
}

/* ---- packing ---- */

void pack_b(const bf16 *s, int blocks, int rows, int columns, bf16 *d) {
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++) {
            const bf16 *from = s + ((long)r * blocks + c) * BLOCK;
            bf16 *to = d + ((long)c * rows + r) * BLOCK;
            for (int k = 0; k < 16; k++, from += 2 * SIDE, to += 32) {
                *(veci_in_memory *)to = pairs(from, from + SIDE);
                *(veci_in_memory *)(to + BLOCK / 2) = pairs(from + 16, from + SIDE + 16);
            }
        }
}

void pack_b_transposed(const bf16 *s, int blocks, int rows, int columns, bf16 *d) {
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++)
            for (int half = 0; half < 2; half++) {
                const bf16 *from = s + ((long)r * blocks + c) * BLOCK + half * BLOCK / 2;
                bf16 *to = d + ((long)r * columns + c) * BLOCK + half * BLOCK / 2;
                veci row[16]; /* of pairs along k */
                for (int i = 0; i < 16; i++) row[i] = *(const veci_in_memory *)(from + i * SIDE);
                transpose(row);
                for (int i = 0; i < 16; i++) *(veci_in_memory *)(to + i * 32) = row[i];
            }
}

void pack_a_transposed(const bf16 *s, int blocks, int rows, int columns, int steps, bf16 *d) {
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++)
            for (int half = 0; half < 2; half++) {
                const bf16 *from = s + ((long)r * blocks + c) * BLOCK + half * 16;
                bf16 *to = d + ((long)c * steps + r) * BLOCK + half * BLOCK / 2;
                veci row[16];
                for (int i = 0; i < 16; i++)
                    row[i] = pairs(from + i * 2 * SIDE, from + i * 2 * SIDE + SIDE);
                transpose(row);
                for (int i = 0; i < 16; i++) *(veci_in_memory *)(to + i * SIDE) = row[i];
            }
}

void to_bf16(const float *s, bf16 *d, long n) {
    for (long i = 0; i < n; i += 32) store_row(d + i, load(s + i), load(s + i + 16));
}

/* ---- memory, the end ---- */

void *zeros(size_t n, size_t size) {
    const size_t page = 2 << 20;
    if (n > SIZE_MAX / 2 / size) die("%zu elements are too many", n);
    size_t bytes = (n * size + page - 1) / page * page;
    void *memory = aligned_alloc(page, bytes ? bytes : page);
    if (!memory) die("no memory for %zu bytes", bytes);
#ifdef MADV_HUGEPAGE
    madvise(memory, bytes, MADV_HUGEPAGE); /* advice: where it fails, small pages serve */
#endif
    memset(memory, 0, bytes);
    return memory;
}

void die(const char *format, ...) {
    va_list rest;
    va_start(rest, format);
    fputs("trc-train: ", stderr);
    vfprintf(stderr, format, rest);
    fputc('\n', stderr);
    va_end(rest);
    exit(1);
}
