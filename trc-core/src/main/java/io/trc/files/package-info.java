/** Files of the user's: where they lie, and how they are written so that nothing is lost. */
@NullMarked
package io.trc.files;

import org.jspecify.annotations.NullMarked;
