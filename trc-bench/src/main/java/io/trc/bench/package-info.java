/** JMH benchmarks of the codec's parts. */
@NullMarked
package io.trc.bench;

import org.jspecify.annotations.NullMarked;
