/* The path of AVX2, FMA and F16C. */
#include "internal.h"
#include <string.h>

#include "functions.h"
#include "vector_avx2.h"
#include "products.h"
#include "attention.h"
#include "layers.h"

const kernels kernels_avx2 = {W, OFFSET, forward, output, turn, angles, theta_scale};
