package io.trc.files;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where the platform wants a user's files: XDG on Unix, Library on macOS, AppData on Windows. */
public final class UserFolders {
  private UserFolders() {}

  /** The folder of models that readers look into. */
  public static Path models() {
    return of("XDG_DATA_HOME", ".local/share", "Library/Application Support").resolve("models");
  }

  /** The folder of what can be computed again. */
  public static Path cache() {
    return of("XDG_CACHE_HOME", ".cache", "Library/Caches");
  }

  private static Path of(String xdg, String unix, String mac) {
    Path home = Path.of(System.getProperty("user.home", "."));
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.contains("win")) {
      String data = environment("LOCALAPPDATA");
      return (data == null ? home.resolve("AppData").resolve("Local") : Path.of(data))
          .resolve("trc");
    }
    if (system.contains("mac")) {
      return home.resolve(mac).resolve("trc");
    }
    String base = environment(xdg);
    return (base == null ? home.resolve(unix) : Path.of(base)).resolve("trc");
  }

  private static @Nullable String environment(String name) {
    String value = System.getenv(name);
    return value == null || value.isBlank() ? null : value;
  }
}
