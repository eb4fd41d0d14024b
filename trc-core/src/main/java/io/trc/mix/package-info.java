/**
 * A context mixer: binary decisions predicted from what the text itself has shown so far, and from
 * a language model where there is one. Integers only, but for the model's share, whose float
 * operations stand each for itself; so it is the same everywhere.
 */
@NullMarked
package io.trc.mix;

import org.jspecify.annotations.NullMarked;
