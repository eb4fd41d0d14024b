/** Small programs that a newcomer can copy. */
@NullMarked
package io.trc.sample;

import org.jspecify.annotations.NullMarked;
