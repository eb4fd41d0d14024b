package io.trc;

import java.util.Locale;

/**
 * What evaluates a model.
 *
 * <p>The system property {@code trc.engine} ({@code auto}, {@code kernels}, {@code native} or
 * {@code portable}) names the one that is used where {@link TrcOptions.Builder#engine} says
 * nothing.
 */
public enum TrcEngine {
  /**
   * The quickest one whose archives open anywhere: kernels, or native llama.cpp, if its library
   * loads here and its logits for a canary are those of the Java engine, else Java; for models that
   * only llama.cpp can run, llama.cpp. A reader takes the quickest one that computes what the
   * archive needs.
   */
  AUTO,

  /** TRC's own native code, on x86-64 Linux with AVX2; for the same models as Java. */
  KERNELS,

  /** llama.cpp, by its native library. */
  NATIVE,

  /** Java alone: the same bits on every machine, slowly. */
  PORTABLE;

  /** The name of the system property. */
  public static final String PROPERTY = "trc.engine";

  /**
   * The engine of a name, in any case.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static TrcEngine of(String name) {
    for (TrcEngine engine : values()) {
      if (engine.toString().equals(name.toLowerCase(Locale.ROOT))) {
        return engine;
      }
    }
    throw new IllegalArgumentException(
        "no engine is called '" + name + "'; there are auto, kernels, native and portable");
  }

  /** The one that the system property names, or {@link #AUTO}. */
  static TrcEngine preferred() {
    return of(System.getProperty(PROPERTY, "auto"));
  }

  /** The name, in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
