/* The path of AVX-512 with VNNI. */
#include "internal.h"
#include <string.h>

#include "functions.h"
#include "vector_avx512.h"
#include "products.h"
#include "attention.h"
#include "layers.h"

const kernels kernels_avx512 = {W, OFFSET, forward, output, turn, angles, theta_scale};
