package io.trc.kernels;

import java.net.URL;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The native libraries that this artifact carries. {@code src/main/c} has their source, {@code
 * build} makes them.
 *
 * <pre>{@code
 * KernelsBinary binary = KernelsBinary.ofThisSystem();
 * if (binary != null) {
 *   try (InputStream in = binary.resource().openStream()) { ... }
 * }
 * }</pre>
 *
 * @param name the name of the library's file
 * @param resource where it is
 */
public record KernelsBinary(String name, URL resource) {
  private static final Map<String, String> FILES =
      Map.of(
          "linux-x86_64", "linux-x86_64/libtrckernels.so",
          "linux-aarch64", "linux-aarch64/libtrckernels.so");

  /** The library for the operating system and the processor that the JVM runs on, or null. */
  public static @Nullable KernelsBinary ofThisSystem() {
    return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
  }

  /** The library for a system, by Java's names, or null if there is none. */
  static @Nullable KernelsBinary of(String system, String processor) {
    String arch = processor.equals("amd64") ? "x86_64" : processor;
    String file = FILES.get(system.toLowerCase(Locale.ROOT) + "-" + arch);
    URL resource = file == null ? null : KernelsBinary.class.getResource(file);
    return resource == null
        ? null
        : new KernelsBinary(file.substring(file.indexOf('/') + 1), resource);
  }
}
