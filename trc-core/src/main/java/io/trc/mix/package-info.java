/**
 * A context mixer: binary decisions predicted from what the text itself has shown so far, and from
 * a language model where there is one. Integers only, so that it is the same everywhere. No block
 * is coded by it yet.
 */
@NullMarked
package io.trc.mix;

import org.jspecify.annotations.NullMarked;
