/** Streams, options, models and errors: everything that a user of TRC needs. */
@NullMarked
package io.trc;

import org.jspecify.annotations.NullMarked;
