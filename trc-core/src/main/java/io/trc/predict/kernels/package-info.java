/**
 * Language models evaluated by TRC's own native kernels, with vector instructions: to the same bits
 * as {@link io.trc.predict.portable}, which is the engine wherever they cannot be used.
 */
@NullMarked
package io.trc.predict.kernels;

import org.jspecify.annotations.NullMarked;
