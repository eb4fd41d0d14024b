package io.trc.nio;

import io.trc.TrcOptions;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How new files are stored.
 *
 * @param options how they are compressed
 * @param glob which are compressed, by their absolute plain path; null means all
 * @param none true if none is compressed
 * @param minSize files with fewer bytes are not compressed
 * @param readOnly true if nothing may be written
 */
record Storing(
    TrcOptions options, @Nullable Pattern glob, boolean none, int minSize, boolean readOnly) {
  private static final int MIN_SIZE_MAX = 1 << 26;

  static Storing of(Map<String, ?> env) {
    env.keySet().forEach(Storing::checkKey);
    Object compress = env.get(TrcFileSystems.COMPRESS);
    Pattern glob = null;
    boolean none = false;
    if (compress instanceof String text && text.startsWith("glob:")) {
      glob = Globs.pattern(text.substring("glob:".length()));
    } else if ("none".equals(compress)) {
      none = true;
    } else if (compress != null && !"all".equals(compress)) {
      throw new IllegalArgumentException(
          TrcFileSystems.COMPRESS + " must be all, none or glob:PATTERN: " + compress);
    }
    long minSize = number(env, TrcFileSystems.MIN_SIZE, 0, 0, MIN_SIZE_MAX);
    return new Storing(
        options(env), glob, none, (int) minSize, flag(env, TrcFileSystems.READ_ONLY));
  }

  private static void checkKey(String key) {
    if (key.startsWith("trc.") && !TrcFileSystems.KEYS.contains(key)) {
      throw new IllegalArgumentException(
          "unknown key " + key + "; there are " + String.join(", ", TrcFileSystems.KEYS));
    }
  }

  static TrcOptions options(Map<String, ?> env) {
    Object given = env.get(TrcFileSystems.OPTIONS);
    TrcOptions options = TrcOptions.DEFAULT;
    if (given instanceof TrcOptions typed) {
      options = typed;
    } else if (given != null) {
      throw new IllegalArgumentException(TrcFileSystems.OPTIONS + " must be TrcOptions: " + given);
    }
    TrcOptions.Builder builder = options.toBuilder();
    if (env.get(TrcFileSystems.LEVEL) != null) {
      builder = TrcOptions.builder().threads(options.threads()).memoryLimit(options.memoryLimit());
      if (given != null) {
        builder.model(options.model());
      }
      builder.level(
          (int)
              number(
                  env,
                  TrcFileSystems.LEVEL,
                  TrcOptions.LEVEL_DEFAULT,
                  TrcOptions.LEVEL_MIN,
                  TrcOptions.LEVEL_MAX));
    }
    if (env.get(TrcFileSystems.THREADS) != null) {
      builder.threads((int) number(env, TrcFileSystems.THREADS, 1, 0, TrcOptions.THREADS_MAX));
    }
    return builder.build();
  }

  private static long number(Map<String, ?> env, String key, long usual, long least, long most) {
    Object value = env.get(key);
    if (value == null) {
      return usual;
    }
    try {
      long number = value instanceof Number n ? n.longValue() : Long.parseLong(value.toString());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + " must be a number: " + value, e);
    }
    throw new IllegalArgumentException(key + " must be " + least + " to " + most + ": " + value);
  }

  private static boolean flag(Map<String, ?> env, String key) {
    Object value = env.get(key);
    if (value == null || "false".equals(value) || Boolean.FALSE.equals(value)) {
      return false;
    }
    if ("true".equals(value) || Boolean.TRUE.equals(value)) {
      return true;
    }
    throw new IllegalArgumentException(key + " must be true or false: " + value);
  }

  /** True if a file of this plain path is compressed once it is large enough. */
  boolean compresses(TrcPath plain) {
    if (none) {
      return false;
    }
    return glob == null || glob.matcher(plain.path()).matches();
  }
}
