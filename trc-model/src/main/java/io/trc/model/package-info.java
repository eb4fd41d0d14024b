/** The language models that TRC carries with it. */
@NullMarked
package io.trc.model;

import org.jspecify.annotations.NullMarked;
