/** Models as users have them: where their files lie, and which engine evaluates them. */
@NullMarked
package io.trc.models;

import org.jspecify.annotations.NullMarked;
