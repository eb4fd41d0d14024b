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
  private long plain;
  private long coded = -1;
  private long reached;

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
   * Takes note of the plain bytes done, and of the compressed ones, or -1 if they do not matter.
   */
  void at(long plain, long coded) {
    at(plain, coded, System.nanoTime() - start);
  }

  /** Takes note at a time after the start. */
  synchronized void at(long plain, long coded, long nanos) {
    if (plain != this.plain) {
      this.plain = plain;
      reached = nanos;
    }
    this.coded = coded;
  }

  /** The line at a time after the start. Bytes come in blocks; speed is what it was at the last. */
  synchronized String line(long nanos) {
    StringBuilder facts = new StringBuilder();
    if (total > 0) {
      facts.append(String.format(Locale.ROOT, "  %3d %%", Math.min(100, 100 * plain / total)));
    }
    facts.append("  ").append(ByteSize.format(plain));
    if (coded >= 0 && plain > 0) {
      facts.append("  ratio ").append(Run.percent(coded, plain));
    }
    double speed = plain / Math.max(1e-3, reached / 1e9);
    if (plain > 0) {
      facts.append("  ").append(ByteSize.format((long) speed)).append("/s");
    }
    if (total > plain && plain > 0) {
      double left = (total - plain) / speed - (nanos - reached) / 1e9;
      facts.append("  ").append(clock((long) Math.max(0, left))).append(" left");
    } else {
      facts.append("  ").append(clock(nanos / 1_000_000_000));
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
