/** A range coder. */
@NullMarked
package io.trc.entropy.range;

import org.jspecify.annotations.NullMarked;
