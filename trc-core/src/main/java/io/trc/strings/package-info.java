/** Bare messages: short strings as a code of few bytes each, by a model or a dictionary. */
@NullMarked
package io.trc.strings;

import org.jspecify.annotations.NullMarked;
