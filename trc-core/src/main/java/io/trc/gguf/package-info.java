/** GGUF files: what their header says, whether it can be trusted, and the tokens of the model. */
@NullMarked
package io.trc.gguf;

import org.jspecify.annotations.NullMarked;
