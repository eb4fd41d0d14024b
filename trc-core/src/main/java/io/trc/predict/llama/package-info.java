/** Language models evaluated by the native llama.cpp. */
@NullMarked
package io.trc.predict.llama;

import org.jspecify.annotations.NullMarked;
