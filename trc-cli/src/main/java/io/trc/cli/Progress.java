package io.trc.cli;

import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The line that shows how far a file has come, renewed several times a second for as long as it is
 * open. Where no progress is to be shown, it costs nothing.
 */
final class Progress implements AutoCloseable {
  private static final int WIDTH = 79;
  private static final long RENEWAL_MILLIS = 250;

  private final Messages messages;
  private final String name;
  private final long total;
  private final long start = System.nanoTime();
  private final @Nullable ScheduledExecutorService clock;
  private final @Nullable ScheduledFuture<?> ticking;
  private volatile long plain;
  private volatile long coded = -1;

  /**
   * Begins to show progress.
   *
   * @param total the plain bytes in all, or -1 where that is unknown
   */
  Progress(Messages messages, String name, long total) {
    this.messages = messages;
    this.name = Cause.line(name);
    this.total = total;
    if (!messages.showsProgress()) {
      clock = null;
      ticking = null;
      return;
    }
    clock =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "trc-progress");
              thread.setDaemon(true);
              return thread;
            });
    ticking =
        clock.scheduleAtFixedRate(
            () -> messages.pass(line(System.nanoTime() - start)),
            RENEWAL_MILLIS,
            RENEWAL_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /**
   * Takes note of the plain bytes done, and of the compressed ones, or -1 where they do not matter.
   */
  void at(long plain, long coded) {
    this.plain = plain;
    this.coded = coded;
  }

  /** The line after so much time. */
  String line(long nanos) {
    long plain = this.plain;
    long coded = this.coded;
    double seconds = Math.max(1e-3, nanos / 1e9);
    StringBuilder facts = new StringBuilder();
    if (total > 0) {
      facts.append(String.format(Locale.ROOT, "  %3d %%", Math.min(100, 100 * plain / total)));
    }
    facts.append("  ").append(ByteSize.format(plain));
    if (coded >= 0 && plain > 0) {
      facts.append("  ratio ").append(Run.percent(coded, plain));
    }
    double speed = plain / seconds;
    facts.append("  ").append(ByteSize.format((long) speed)).append("/s");
    if (total > plain && plain > 0) {
      facts.append("  ").append(clock((long) ((total - plain) / speed))).append(" left");
    } else {
      facts.append("  ").append(clock((long) seconds));
    }
    return shortened(WIDTH - facts.length()) + facts;
  }

  private String shortened(int most) {
    return name.length() <= most
        ? name
        : "..." + name.substring(name.length() - Math.max(0, most - 3));
  }

  private static String clock(long seconds) {
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  /** Takes the line away. */
  @Override
  public void close() {
    if (clock != null && ticking != null) {
      ticking.cancel(false);
      clock.shutdown();
      boolean interrupted = false;
      boolean ended = false;
      while (!ended) {
        try {
          ended = clock.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      messages.erase();
    }
  }
}
