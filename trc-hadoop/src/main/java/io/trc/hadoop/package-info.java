/**
 * A splittable codec for Hadoop, MapReduce and Spark: {@link io.trc.hadoop.TrcCodec}, which they
 * find by themselves for files that end in {@code .trc}, and {@link io.trc.hadoop.TrcProgress} for
 * tasks that may work for long on one block.
 */
@NullMarked
package io.trc.hadoop;

import org.jspecify.annotations.NullMarked;
