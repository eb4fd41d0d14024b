/** The .trc byte format: header, blocks, index, footer. Knows nothing of models. */
@NullMarked
package io.trc.container;

import org.jspecify.annotations.NullMarked;
