/* The path of NEON with byte products. */
#include "internal.h"
#include <string.h>

#include "functions.h"
#include "vector_neon.h"
#include "products.h"
#include "attention.h"
#include "layers.h"

const kernels kernels_neon = {W, OFFSET, forward, output, turn, angles, theta_scale};
