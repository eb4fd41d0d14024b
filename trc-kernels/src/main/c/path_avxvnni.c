/* The path of AVX2 with AVX-VNNI. */
#include "internal.h"
#include <string.h>

#define AVXVNNI
#include "functions.h"
#include "vector_avx2.h"
#include "products.h"
#include "attention.h"
#include "layers.h"

const kernels kernels_avxvnni = {W, OFFSET, forward, output, turn, angles, theta_scale};
