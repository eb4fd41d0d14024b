/** Native libraries that evaluate models with the bits of the portable profile. */
@NullMarked
package io.trc.kernels;

import org.jspecify.annotations.NullMarked;
