/** Language models: vocabulary, lanes, and distributions over the next token. */
@NullMarked
package io.trc.predict;

import org.jspecify.annotations.NullMarked;
