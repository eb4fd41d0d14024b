package io.trc.predict.kernels;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.trc.TrcEngineException;
import io.trc.files.Extracted;
import io.trc.kernels.KernelsBinary;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The native library of the kernels, loaded once per process by the first call of any method. Safe
 * for use by several threads.
 */
public final class KernelsLibrary {
  /** RTLD_LAZY and RTLD_LOCAL. */
  private static final int OPEN_FLAGS = 1;

  private static final KernelsLibrary INSTANCE = load();

  /** Keeps the library mapped; null if it could not be loaded. */
  @SuppressWarnings("UnusedVariable")
  private final @Nullable NativeLibrary library;

  private final @Nullable TrcEngineException failure;

  private KernelsLibrary(@Nullable NativeLibrary library, @Nullable TrcEngineException failure) {
    this.library = library;
    this.failure = failure;
  }

  /** Whether the library is there; {@link KernelsPath#available} says what the processor can do. */
  public static boolean isAvailable() {
    return INSTANCE.failure == null;
  }

  /** Why models cannot be evaluated by kernels here; null if they can. */
  public static @Nullable String unavailability() {
    if (INSTANCE.failure != null) {
      return INSTANCE.failure.getMessage();
    }
    if (KernelsPath.best() != null) {
      return null;
    }
    String named = System.getProperty(KernelsPath.PROPERTY, "");
    return named.isEmpty()
        ? "this processor lacks AVX2, FMA or F16C (on arm64: dot products of bytes)"
        : "this machine has no kernels " + named + " (" + KernelsPath.PROPERTY + ")";
  }

  private static KernelsLibrary load() {
    KernelsBinary binary = KernelsBinary.ofThisSystem();
    if (binary == null) {
      return failed(
          "there are no kernels for "
              + System.getProperty("os.name")
              + " on "
              + System.getProperty("os.arch"),
          null);
    }
    try (Extracted.TemporaryFile file = new Extracted().lasting(binary.resource(), binary.name())) {
      NativeLibrary library =
          NativeLibrary.getInstance(
              file.path().toAbsolutePath().toString(),
              Map.of(Library.OPTION_OPEN_FLAGS, OPEN_FLAGS));
      Native.register(KernelsApi.class, library);
      int version = KernelsApi.trc_version();
      return version == KernelsApi.VERSION
          ? new KernelsLibrary(library, null)
          : failed("the kernels are of version " + version + ", not " + KernelsApi.VERSION, null);
    } catch (IOException | LinkageError | RuntimeException e) {
      return failed("the kernels cannot be loaded: " + e.getMessage(), e);
    }
  }

  private static KernelsLibrary failed(String message, @Nullable Throwable cause) {
    return new KernelsLibrary(
        null,
        cause == null ? new TrcEngineException(message) : new TrcEngineException(message, cause));
  }
}
