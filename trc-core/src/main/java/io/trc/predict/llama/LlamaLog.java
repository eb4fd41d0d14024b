package io.trc.predict.llama;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Hears what the native library warns of, which it says nowhere else, so that a failure can explain
 * itself. Messages outside a thread's {@link #listen} and {@link #heard} are dropped.
 */
final class LlamaLog implements LlamaApi.LogCallback {
  /** The one listener; the library keeps its address for good, so it must stay reachable. */
  static final LlamaLog INSTANCE = new LlamaLog();

  private static final int WARNING = 3;
  private static final int ERROR = 4;
  private static final int CONTINUATION = 5;
  private static final int LIMIT = 1000;

  private static final class Ear {
    final StringBuilder text = new StringBuilder();
    boolean taken;
  }

  private static final ThreadLocal<@Nullable Ear> EAR = new ThreadLocal<>();

  private LlamaLog() {}

  /** Begins to listen to what the calling thread's native calls say. */
  void listen() {
    EAR.set(new Ear());
  }

  /** Ends listening: the warnings and errors heard, in one line, with ": " in front if any. */
  String heard() {
    Ear ended = EAR.get();
    EAR.remove();
    String text =
        ended == null ? "" : ended.text.toString().strip().replaceAll("\\s*\\R\\s*", "; ");
    return text.isEmpty() ? "" : ": " + text;
  }

  @Override
  public void invoke(int level, Pointer text, @Nullable Pointer userData) {
    Ear listening = EAR.get();
    if (listening == null) {
      return;
    }
    if (level != CONTINUATION) {
      listening.taken = level == WARNING || level == ERROR;
    }
    int room = LIMIT - listening.text.length();
    if (listening.taken && room > 0) {
      String message = text.getString(0, "UTF-8");
      listening.text.append(message, 0, Math.min(room, message.length()));
    }
  }
}
