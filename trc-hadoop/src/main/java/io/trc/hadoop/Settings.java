package io.trc.hadoop;

import io.trc.TrcEngine;
import io.trc.TrcModel;
import io.trc.TrcModelMissingException;
import io.trc.TrcOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** What a configuration says, as options. */
final class Settings {
  /**
   * The models that were loaded from files. They stay as long as the process, since the streams of
   * all its tasks share them and no last one is known.
   */
  private static final Map<Path, TrcModel> LOADED = new HashMap<>();

  private Settings() {}

  /**
   * The options that a configuration asks for.
   *
   * @throws IllegalArgumentException if a value is impossible; the message names the key
   * @throws IOException if a model is named that cannot be loaded
   */
  static TrcOptions options(@Nullable Configuration conf) throws IOException {
    if (conf == null) {
      return TrcOptions.DEFAULT;
    }
    TrcOptions.Builder builder = TrcOptions.builder();
    set(conf, TrcCodec.LEVEL, value -> builder.level(Integer.parseInt(value)));
    set(conf, TrcCodec.ENGINE, value -> builder.engine(TrcEngine.of(value)));
    set(
        conf,
        TrcCodec.CODER,
        value -> builder.coder(TrcOptions.Coder.valueOf(value.toUpperCase(Locale.ROOT))));
    set(conf, TrcCodec.THREADS, value -> builder.threads(Integer.parseInt(value)));
    set(
        conf,
        TrcCodec.BLOCK_SIZE,
        value -> builder.blockSize(Math.toIntExact(bytes(conf, TrcCodec.BLOCK_SIZE))));
    set(
        conf,
        TrcCodec.MEMORY_LIMIT,
        value -> builder.memoryLimit(bytes(conf, TrcCodec.MEMORY_LIMIT)));
    set(conf, TrcCodec.INDEPENDENT_BLOCKS, value -> builder.independentBlocks(truth(value)));
    set(conf, TrcCodec.VERIFY, value -> builder.verify(truth(value)));
    String model = conf.getTrimmed(TrcCodec.MODEL, "");
    if (!model.isEmpty()) {
      builder.model(model(model, builder.build().engine()));
    }
    return builder.build();
  }

  private static void set(Configuration conf, String key, Consumer<String> setter) {
    String value = conf.getTrimmed(key, "");
    if (value.isEmpty()) {
      return;
    }
    try {
      setter.accept(value);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IllegalArgumentException(key + "=" + value + ": " + e.getMessage(), e);
    }
  }

  private static long bytes(Configuration conf, String key) {
    return conf.getLongBytes(key, 0);
  }

  /** What Configuration.getBoolean does, but for values that are neither. */
  private static boolean truth(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  private static TrcModel model(String name, TrcEngine engine) throws IOException {
    return switch (name) {
      case "embedded" -> TrcModel.embedded();
      case "base" ->
          TrcModel.base()
              .orElseThrow(
                  () ->
                      new TrcModelMissingException(
                          TrcCodec.MODEL
                              + "=base: io.trc:trc-model-base is not on the class path of this"
                              + " task"));
      default -> loaded(name, engine);
    };
  }

  private static TrcModel loaded(String name, TrcEngine engine) throws IOException {
    Path file = Path.of(name).toAbsolutePath();
    synchronized (LOADED) {
      TrcModel known = LOADED.get(file);
      if (known == null) {
        try {
          known = TrcModel.load(file, engine);
        } catch (IOException e) {
          throw new IOException(
              TrcCodec.MODEL
                  + "="
                  + name
                  + " cannot be loaded on this machine; a task has files of its own if they are"
                  + " handed to it, as by -files: "
                  + e.getMessage(),
              e);
        }
        LOADED.put(file, known);
      }
      return known;
    }
  }
}
