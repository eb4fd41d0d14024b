/** Tests of the trc command. */
@NullMarked
package io.trc.cli;

import org.jspecify.annotations.NullMarked;
