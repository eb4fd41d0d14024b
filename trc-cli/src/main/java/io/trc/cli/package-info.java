/** The trc command: files, pipes and terminals around the codec. */
@NullMarked
package io.trc.cli;

import org.jspecify.annotations.NullMarked;
