/** The larger model, found by whoever looks for {@link io.trc.model.EmbeddedModel}s. */
@NullMarked
package io.trc.model.base;

import org.jspecify.annotations.NullMarked;
