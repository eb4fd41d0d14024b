/** TRC as a compressor of Apache Commons Compress. */
@NullMarked
package io.trc.compress;

import org.jspecify.annotations.NullMarked;
