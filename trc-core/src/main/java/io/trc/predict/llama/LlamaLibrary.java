package io.trc.predict.llama;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import io.trc.TrcEngineException;
import io.trc.files.Extracted;
import io.trc.files.UserFolders;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The native llama.cpp library, loaded once per process: the one that the system property {@code
 * trc.llama.library} or the environment variable {@code TRC_LLAMA_LIBRARY} names, else the one
 * inside {@code de.kherud:llama} (build b4916) for Linux or macOS on x86-64 or AArch64.
 *
 * <pre>{@code
 * if (!LlamaLibrary.isAvailable()) {
 *   System.err.println(LlamaLibrary.unavailability());
 * }
 * }</pre>
 *
 * <p>The first call of any method loads the library, about 0.1 s. Safe for use by several threads.
 */
public final class LlamaLibrary {
  /** The system property that names a library to use instead of the bundled one. */
  public static final String PROPERTY = "trc.llama.library";

  /** The environment variable that does the same, where the property is not set. */
  public static final String VARIABLE = "TRC_LLAMA_LIBRARY";

  private static final String BUILD = "b4916";

  private static final LlamaLibrary INSTANCE = load(named());

  /** Keeps the library mapped; null if it could not be loaded. */
  private final @Nullable NativeLibrary library;

  private final boolean bundled;
  private final @Nullable TrcEngineException failure;

  private LlamaLibrary(
      @Nullable NativeLibrary library, boolean bundled, @Nullable TrcEngineException failure) {
    this.library = library;
    this.bundled = bundled;
    this.failure = failure;
  }

  /** Whether models can be evaluated natively in this process. */
  public static boolean isAvailable() {
    return INSTANCE.library != null;
  }

  /** Why not, and what to do about it; null if the library is available. */
  public static @Nullable String unavailability() {
    return INSTANCE.failure == null ? null : INSTANCE.failure.getMessage();
  }

  /** Why this library cannot be used, or null if it can. */
  @Nullable TrcEngineException failure() {
    return failure;
  }

  /**
   * Makes sure that the library is there.
   *
   * @throws TrcEngineException if it is not; the message says why and what to do
   */
  static void require() throws TrcEngineException {
    TrcEngineException failure = INSTANCE.failure;
    if (failure != null) {
      throw new TrcEngineException(String.valueOf(failure.getMessage()), failure);
    }
  }

  /** Whether this is the very build whose arithmetic is known. */
  static boolean isBundledForLinuxX64() {
    return INSTANCE.bundled && Platform.isLinux() && isX64();
  }

  /** What the library is, for people. */
  static String description() {
    return "llama.cpp " + (INSTANCE.bundled ? BUILD : "named by " + PROPERTY) + ", native";
  }

  private static String named() {
    String property = System.getProperty(PROPERTY, "");
    return property.isEmpty() ? System.getenv().getOrDefault(VARIABLE, "") : property;
  }

  /** Loads the named library, or the bundled one if the name is empty. */
  static LlamaLibrary load(String named) {
    try {
      NativeLibrary library = named.isEmpty() ? loadBundled() : loadNamed(Path.of(named));
      return new LlamaLibrary(library, named.isEmpty(), null);
    } catch (TrcEngineException e) {
      return new LlamaLibrary(null, false, e);
    } catch (IOException e) {
      return new LlamaLibrary(
          null,
          false,
          new TrcEngineException(
              "cannot extract llama.cpp to "
                  + UserFolders.cache()
                  + " or "
                  + System.getProperty("java.io.tmpdir")
                  + " ("
                  + e
                  + "); set java.io.tmpdir to a directory that can be written",
              e));
    } catch (LinkageError | RuntimeException e) {
      return new LlamaLibrary(null, false, new TrcEngineException(explain(e), e));
    }
  }

  private static NativeLibrary loadNamed(Path file) throws TrcEngineException {
    if (!Files.isRegularFile(file)) {
      throw new TrcEngineException(
          "the library that " + PROPERTY + " or " + VARIABLE + " names is no file: " + file);
    }
    NativeLibrary library = open(file);
    try {
      library.getFunction("llama_decode");
    } catch (UnsatisfiedLinkError e) {
      throw new TrcEngineException(
          file + " is no llama.cpp library: it exports no llama_decode", e);
    }
    try {
      return register(library);
    } catch (UnsatisfiedLinkError e) {
      throw new TrcEngineException(
          file + " is a llama.cpp library, but not of build " + BUILD + ": " + e.getMessage(), e);
    }
  }

  private static NativeLibrary loadBundled() throws IOException {
    String resource = resource();
    checkProcessor();
    URL url = LlamaLibrary.class.getClassLoader().getResource(resource);
    if (url == null) {
      throw new TrcEngineException(
          resource
              + " is not on the class path: add de.kherud:llama:4.2.0, or name a llama.cpp "
              + BUILD
              + " library with -D"
              + PROPERTY
              + "=FILE");
    }
    String name = resource.substring(resource.lastIndexOf('/') + 1);
    try (Extracted.TemporaryFile file = new Extracted().lasting(url, name)) {
      return register(open(file.path()));
    }
  }

  private static String resource() throws TrcEngineException {
    String processor = isX64() ? "x86_64" : Platform.isARM() && Platform.is64Bit() ? "aarch64" : "";
    if (!processor.isEmpty() && Platform.isLinux()) {
      return "de/kherud/llama/Linux/" + processor + "/libjllama.so";
    }
    if (!processor.isEmpty() && Platform.isMac()) {
      return "de/kherud/llama/Mac/" + processor + "/libjllama.dylib";
    }
    throw new TrcEngineException(
        "no llama.cpp library is bundled for "
            + System.getProperty("os.name")
            + " on "
            + System.getProperty("os.arch")
            + "; name the "
            + (Platform.isWindows() ? "llama.dll" : "library")
            + " of llama.cpp "
            + BUILD
            + " with -D"
            + PROPERTY
            + "=FILE");
  }

  private static boolean isX64() {
    return Platform.isIntel() && Platform.is64Bit();
  }

  /** The bundled code uses AVX2 without asking: the process would die of an illegal instruction. */
  private static void checkProcessor() throws IOException {
    Path description = Path.of("/proc/cpuinfo");
    if (!Platform.isLinux() || !isX64() || !Files.isReadable(description)) {
      return;
    }
    List<String> missing =
        missingFeatures(Files.readAllLines(description, StandardCharsets.ISO_8859_1));
    if (!missing.isEmpty()) {
      throw new TrcEngineException(
          "this processor lacks "
              + String.join(", ", missing).toUpperCase(Locale.ROOT)
              + ", which the bundled llama.cpp needs; name another build with -D"
              + PROPERTY
              + "=FILE");
    }
  }

  /** The features that the bundled library needs and {@code /proc/cpuinfo} does not list. */
  static List<String> missingFeatures(List<String> cpuinfo) {
    Set<String> present = new HashSet<>();
    for (String line : cpuinfo) {
      if (line.startsWith("flags")) {
        present.addAll(Arrays.asList(line.substring(line.indexOf(':') + 1).strip().split(" ", -1)));
        break;
      }
    }
    List<String> missing = new ArrayList<>(List.of("avx2", "fma", "f16c", "bmi2"));
    missing.removeAll(present);
    return missing;
  }

  private static NativeLibrary open(Path file) {
    // RTLD_LAZY, and RTLD_LOCAL (which is 0 on Linux): its symbols must not mix with another
    // copy's.
    int flags = Platform.isMac() ? 1 | 4 : 1;
    return NativeLibrary.getInstance(
        file.toAbsolutePath().toString(),
        Platform.isWindows() ? Map.of() : Map.of(Library.OPTION_OPEN_FLAGS, flags));
  }

  private static NativeLibrary register(NativeLibrary library) throws TrcEngineException {
    Native.register(LlamaApi.class, library);
    LlamaLayout.check(library);
    // GGML_NO_BACKTRACE stays as it is: changing the environment of a running JVM is not safe, and
    // what would abort the process is refused before it is called.
    LlamaApi.llama_log_set(LlamaLog.INSTANCE, null);
    LlamaApi.llama_backend_init();
    return library;
  }

  private static String explain(Throwable e) {
    String message = String.valueOf(e.getMessage());
    String advice =
        message.contains("libgomp")
            ? "; install libgomp1 (Debian, Ubuntu) or libgomp (Fedora, Alpine with gcompat)"
            : message.contains("failed to map") || message.contains("not permitted")
                ? "; the temporary directory may be mounted noexec: set java.io.tmpdir to another"
                : "";
    return "llama.cpp cannot be loaded: " + message + advice;
  }
}
