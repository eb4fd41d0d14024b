/** The members of a stream: plain bytes to blocks and back, by several threads. */
@NullMarked
package io.trc.member;

import org.jspecify.annotations.NullMarked;
