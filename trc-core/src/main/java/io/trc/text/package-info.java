/** Texts as the codes of their tokens, each token coded by what a model predicted. */
@NullMarked
package io.trc.text;

import org.jspecify.annotations.NullMarked;
