/**
 * Language models evaluated in plain Java, to the same bits as the native llama.cpp (b4916) gives
 * on x86-64 Linux: {@link io.trc.predict.NumericsProfile#GGML_Q8_AVX2}.
 *
 * <p>Java's float and double operators, {@link Math#fma}, {@link Math#sqrt} and {@link Math#abs}
 * are exact by specification, so what is written here with them, in the order it is written, gives
 * the same bits on every JVM and CPU. The loops over arrays are shaped for C2's automatic
 * vectorisation: every element is independent of its neighbours, so vector width cannot matter.
 */
@NullMarked
package io.trc.predict.portable;

import org.jspecify.annotations.NullMarked;
