/** A block's plain bytes to its payload and back: tokenise, predict, code, or fall back. */
@NullMarked
package io.trc.block;

import org.jspecify.annotations.NullMarked;
