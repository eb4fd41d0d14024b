/** Entropy coders over integer frequencies. Knows nothing of tokens or models. */
@NullMarked
package io.trc.entropy;

import org.jspecify.annotations.NullMarked;
